/**
 * A node in the real world: its disk, its sockets and its HTTP ports put together, and taken apart again.
 *
 * Everything here is introduction; nothing decides. What cannot be had (a port, a directory) is a value with one
 * sentence, and whatever was already opened is given back.
 */

import { openDurableStorage } from "./adapters/durable-storage.ts";
import { EventLog, traceToAll } from "./adapters/event-log.ts";
import { EventTrigger } from "./adapters/event-trigger.ts";
import { Log } from "./adapters/log.ts";
import { LoopLag } from "./adapters/loop-lag.ts";
import { measuredPorts, type StageQueues } from "./adapters/measured-ports.ts";
import { MemoryStorage } from "./adapters/memory-storage.ts";
import { type Gauges, Metrics } from "./adapters/metrics.ts";
import { SystemClock } from "./adapters/system-clock.ts";
import { SystemRandom } from "./adapters/system-random.ts";
import { openTcpNetwork } from "./adapters/tcp-network.ts";
import type { NodeConfig } from "./config.ts";
import type { ProcessConfig } from "./config-file.ts";
import { type Length, QueueLength } from "./core/queue-length.ts";
import { adminRoutes } from "./http/admin.ts";
import { clientRoutes } from "./http/api.ts";
import { type Listener, listen, type Route } from "./http/listener.ts";
import { triggerRoutes } from "./http/trigger.ts";
import { verificationRoutes } from "./http/verification.ts";
import { isLoopbackAddress } from "./loopback.ts";
import { Node } from "./node.ts";
import type { Network } from "./ports/network.ts";
import type { Storage } from "./ports/storage.ts";
import type { Trace } from "./ports/trace.ts";
import { nonceBytes } from "./rpc/handshake.ts";

/** What a serving process prints as its first line. */
export type Announcement = {
  readonly type: "serving";
  readonly nodeId: string;
  readonly httpPort: number;
  readonly rpcPort: number;
  readonly verificationPort?: number;
  readonly adminPort?: number;
  readonly incarnation: string;
  readonly boot: number;
};

export type Server = {
  readonly announcement: Announcement;
  /** Resolves, with one sentence, when the node can no longer keep its promises. The process must end. */
  readonly failed: Promise<string>;
  /** Answers what is under way, refuses the rest, gives ports and disk back. Idempotent. */
  readonly stop: () => Promise<void>;
};

export type ServeOutcome =
  | { readonly type: "serving"; readonly server: Server }
  | { readonly type: "refused"; readonly detail: string };

/** A refusal on the way up; caught in `serve`, which gives back what was opened. */
class Refusal extends Error {}

/** What has been opened so far. */
type Opened = {
  log?: EventLog;
  storage?: Storage;
  network?: Network;
  node?: Node;
  loopLag?: LoopLag;
  readonly listeners: Listener[];
};

/** Starts a node and resolves when it serves. `onFault` is called with what ought never to be thrown. */
export async function serve(
  config: ProcessConfig,
  onFault: (thrown: unknown) => void,
): Promise<ServeOutcome> {
  const opened: Opened = { listeners: [] };
  let closing: Promise<void> | undefined;
  const stop = () => {
    closing ??= giveBack(opened);
    return closing;
  };
  try {
    return { type: "serving", server: { ...(await start(config, onFault, opened)), stop } };
  } catch (thrown) {
    await stop();
    if (thrown instanceof Refusal) return { type: "refused", detail: thrown.message };
    throw thrown;
  }
}

async function start(
  config: ProcessConfig,
  onFault: (thrown: unknown) => void,
  opened: Opened,
): Promise<Omit<Server, "stop">> {
  const clock = new SystemClock();
  const metrics = new Metrics();
  if (config.eventLog !== null) opened.log = openEventLog(config.eventLog, clock);
  const storage = await openStorage(config, metrics);
  opened.storage = storage;
  const trigger = new EventTrigger(config.node.nodeId, () => stopOneself(opened.log));
  const log = new Log(config.logLevel ?? "warn", config.node.nodeId, clock);
  const trace = traceToAll([metrics, log, ...(opened.log === undefined ? [] : [opened.log]), trigger]);
  const network = await openNetwork(config, { clock, trace, node: () => opened.node }, onFault);
  opened.network = network;

  const queues = { commits: new QueueLength(), peers: new QueueLength(), answers: new QueueLength() };
  const node = new Node(introduced(config, network.port), {
    clock,
    ...measuredPorts({ network, storage }, clock, metrics.stageEnded.bind(metrics), queues),
    random: new SystemRandom(),
    trace,
  });
  opened.node = node;
  const loopLag = new LoopLag();
  opened.loopLag = loopLag;
  const started = await node.start();
  if (started.type === "failed") throw new Refusal(started.reason);

  const openPort = async (port: number, routes: readonly Route[], host = config.listen.host) => {
    const onAnswered = metrics.requestAnswered.bind(metrics);
    const outcome = await listen({ host, port, routes, clock, onAnswered, onFault });
    if (outcome.type === "refused") throw new Refusal(outcome.detail);
    opened.listeners.push(outcome.listener);
    return outcome.listener.port;
  };
  const { httpPort, verificationPort, adminPort } = config.listen;
  const openVerification = (port: number) => {
    const routes = verificationRoutes(node, clock, () => metrics.counters());
    return openPort(port, [...routes, ...triggerRoutes(trigger)], privateHost(config.listen.host));
  };
  const announcement: Announcement = {
    type: "serving",
    nodeId: config.node.nodeId,
    httpPort: await openPort(
      httpPort,
      clientRoutes(node, config.node, () => metrics.text(gaugesOf(node, loopLag, queues))),
    ),
    rpcPort: network.port,
    ...(verificationPort === undefined ? {} : { verificationPort: await openVerification(verificationPort) }),
    ...(adminPort !== undefined && {
      adminPort: await openPort(adminPort, adminRoutes(node), privateHost(config.listen.host)),
    }),
    incarnation: started.incarnation,
    boot: started.boot,
  };
  return { announcement, failed: node.failed() };
}

/**
 * The last sink of the trace: all others have seen the event. Returns when another process has continued this one;
 * the log is written first, since it may be killed meanwhile.
 */
function stopOneself(log: EventLog | undefined): void {
  log?.flush();
  process.kill(process.pid, "SIGSTOP");
}

/** With what the node says of itself to those who do not know it: where it really listens. */
function introduced({ node, listen: at }: ProcessConfig, rpcPort: number): NodeConfig {
  const own = [...node.members, ...(node.addresses ?? [])].find(({ nodeId }) => nodeId === node.nodeId);
  const { capacity = 1, dc = "", rack = "" } = own ?? {};
  const address = { host: at.host, rpcPort, httpPort: at.httpPort };
  return { ...node, introduction: { address, capacity, dc, rack } };
}

/** What is so at this moment, for the metrics. */
function gaugesOf(node: Node, loopLag: LoopLag, { commits, peers: asked, answers }: StageQueues): Gauges {
  const { requestsInFlight, hintCount, hintBytes, peers } = node.health();
  const { p50Ms, p99Ms, maxMs } = loopLag.take();
  return {
    requests_in_flight: requestsInFlight,
    ...queueGauges("lock_queue", node.lockQueue?.take()),
    ...queueGauges("commit_queue", commits.take()),
    ...queueGauges("peer_queue", asked.take()),
    ...queueGauges("answer_queue", answers.take()),
    hints: hintCount,
    hint_bytes: hintBytes,
    unreachable_peers: peers.filter(({ isReachable }) => !isReachable).length,
    loop_lag_p50_ms: p50Ms,
    loop_lag_p99_ms: p99Ms,
    loop_lag_max_ms: maxMs,
  };
}

/** `_max` since the metrics were read last. */
function queueGauges(name: string, { now, most }: Length = { now: 0, most: 0 }): Gauges {
  return { [name]: now, [`${name}_max`]: most };
}

/** Where only this machine can reach: what is asked there is not for clients. */
function privateHost(host: string): string {
  return isLoopbackAddress(host) ? host : "127.0.0.1";
}

/** Calls under way are still answered while the node stops; connections are cut after it. */
async function giveBack({ log, storage, network, node, loopLag, listeners }: Opened): Promise<void> {
  for (const listener of listeners) listener.drain();
  await node?.stop();
  await network?.close();
  await storage?.close();
  for (const listener of listeners) listener.close();
  loopLag?.stop();
  log?.close();
}

function openEventLog(path: string, clock: SystemClock): EventLog {
  try {
    return new EventLog(path, clock);
  } catch (thrown) {
    throw new Refusal(
      `The event log ${path} cannot be written: ${thrown instanceof Error ? thrown.message : "?"}.`,
    );
  }
}

async function openStorage({ dataDir, engine }: ProcessConfig, metrics: Metrics): Promise<Storage> {
  if (dataDir === null || engine === "memory") return new MemoryStorage();
  const opening = await openDurableStorage(engine, dataDir, (commit) => metrics.committed(commit));
  if (opening.type === "refused") throw new Refusal(opening.detail);
  return opening.storage;
}

function nonce(): Uint8Array {
  return new SystemRandom().bytes(nonceBytes);
}

async function openNetwork(
  config: ProcessConfig,
  {
    clock,
    trace,
    node,
  }: {
    readonly clock: SystemClock;
    readonly trace: Trace;
    readonly node: () => Node | undefined;
  },
  onFault: (thrown: unknown) => void,
): Promise<Network & { readonly port: number }> {
  const { clusterSecret: secret } = config;
  const { clusterId, limits } = config.node;
  const opening = await openTcpNetwork({
    clusterId,
    clock,
    listen: { host: config.listen.host, port: config.listen.rpcPort },
    addressOf: (peer) => {
      const address = node()?.addressOf(peer);
      return address && { host: address.host, port: address.rpcPort };
    },
    requestsInFlightMax: limits.requestsInFlightMax,
    ...(secret !== undefined && { credentials: { secret, nonce } }),
    onRefused: ({ peer, fault }) =>
      trace.emit({ type: "peer-refused", ...(peer !== undefined && { peer }), reason: fault }),
    onFault,
  });
  if (opening.type === "refused") throw new Refusal(opening.detail);
  return opening.network;
}
