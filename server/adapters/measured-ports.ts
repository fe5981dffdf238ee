/**
 * The ports of a node with a stopwatch on each call: how long its disk takes, how long its peers take to answer it,
 * and how long it takes to answer them; and how many calls are under way at each. Protocols know nothing of it.
 *
 * Together with the HTTP layer's times these are the stages of a request (Dynamo §5): what a client waited, less the
 * slowest of its replicas and disks, is what was spent or queued here.
 */
import type { QueueLength } from "../core/queue-length.ts";
import type { Clock } from "../ports/clock.ts";
import type { Network, PeerHandler } from "../ports/network.ts";
import type { Storage } from "../ports/storage.ts";

/** All three are words of the code: of a message's type, of a port, of a part in a request. */
export type Stage = {
  readonly op: string;
  readonly stage: "storage" | "network" | "answer";
  /** `coordinator` asks, `replica` is asked; a disk serves both. */
  readonly role: "coordinator" | "replica" | "any";
  readonly ending: string;
};

export type StageObserver = (stage: Stage, durationMs: number) => void;

/** Writes the disk has not finished, requests peers have not answered, and requests of peers not answered here. */
export type StageQueues = {
  readonly commits: QueueLength;
  readonly peers: QueueLength;
  readonly answers: QueueLength;
};

/** Both ports on one stopwatch. */
export function measuredPorts(
  { network, storage }: { readonly network: Network; readonly storage: Storage },
  clock: Clock,
  observe: StageObserver,
  queues: StageQueues,
): { readonly network: Network; readonly storage: Storage } {
  return {
    network: measuredNetwork(network, clock, observe, queues),
    storage: measuredStorage(storage, clock, observe, queues),
  };
}

/** `commits`: writes that wait for the disk. */
export function measuredStorage(
  storage: Storage,
  clock: Clock,
  observe: StageObserver,
  { commits }: Pick<StageQueues, "commits">,
): Storage {
  const timed = async <Outcome>(
    op: string,
    ending: (outcome: Outcome) => string,
    call: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    const startMs = clock.monotonicMs();
    const outcome = await call();
    observe({ op, stage: "storage", role: "any", ending: ending(outcome) }, clock.monotonicMs() - startMs);
    return outcome;
  };
  return {
    read: (space, key) =>
      timed(
        "read",
        ({ type }) => type,
        () => storage.read(space, key),
      ),
    write: (batch, durability) =>
      timed(
        `write-${durability}`,
        ({ type }) => type,
        () => counted(commits, () => storage.write(batch, durability)),
      ),
    scan: (space, range) =>
      timed(
        "scan",
        () => "listed",
        () => storage.scan(space, range),
      ),
    recover: () =>
      timed(
        "recover",
        ({ type }) => type,
        () => storage.recover(),
      ),
    close: () => storage.close(),
  };
}

export function measuredNetwork(
  network: Network,
  clock: Clock,
  observe: StageObserver,
  { peers, answers }: Pick<StageQueues, "peers" | "answers">,
): Network {
  return {
    request: async (to, request, timeoutMs) => {
      const startMs = clock.monotonicMs();
      const exchange = await counted(peers, () => network.request(to, request, timeoutMs));
      const ending = exchange.type === "reply" ? exchange.reply.type : exchange.reason;
      const stage = { op: request.type, stage: "network", role: "coordinator", ending } as const;
      observe(stage, clock.monotonicMs() - startMs);
      return exchange;
    },
    serve: (self, handler, ringHash) => {
      const measured: PeerHandler = async (from, request, ...rest) => {
        const startMs = clock.monotonicMs();
        const reply = await counted(answers, () => handler(from, request, ...rest));
        const stage = { op: request.type, stage: "answer", role: "replica", ending: reply.type } as const;
        observe(stage, clock.monotonicMs() - startMs);
        return reply;
      };
      return network.serve(self, measured, ringHash);
    },
    close: () => network.close(),
  };
}

async function counted<Outcome>(queue: QueueLength, call: () => Promise<Outcome>): Promise<Outcome> {
  queue.enter();
  try {
    return await call();
  } finally {
    queue.leave();
  }
}
