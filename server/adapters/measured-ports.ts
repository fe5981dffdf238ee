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
  const ended = (op: string, ending: string, startMs: number): void =>
    observe({ op, stage: "storage", role: "any", ending }, clock.monotonicMs() - startMs);
  return {
    read: async (space, key) => {
      const startMs = clock.monotonicMs();
      const outcome = await storage.read(space, key);
      ended("read", outcome.type, startMs);
      return outcome;
    },
    write: async (batch, durability) => {
      const startMs = clock.monotonicMs();
      commits.enter();
      try {
        const outcome = await storage.write(batch, durability);
        ended(`write-${durability}`, outcome.type, startMs);
        return outcome;
      } finally {
        commits.leave();
      }
    },
    scan: async (space, range) => {
      const startMs = clock.monotonicMs();
      const entries = await storage.scan(space, range);
      ended("scan", "listed", startMs);
      return entries;
    },
    recover: async () => {
      const startMs = clock.monotonicMs();
      const recovery = await storage.recover();
      ended("recover", recovery.type, startMs);
      return recovery;
    },
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
      peers.enter();
      try {
        const exchange = await network.request(to, request, timeoutMs);
        const ending = exchange.type === "reply" ? exchange.reply.type : exchange.reason;
        const stage = { op: request.type, stage: "network", role: "coordinator", ending } as const;
        observe(stage, clock.monotonicMs() - startMs);
        return exchange;
      } finally {
        peers.leave();
      }
    },
    serve: (self, handler, ringHash) => {
      const measured: PeerHandler = async (from, request, ...rest) => {
        const startMs = clock.monotonicMs();
        answers.enter();
        try {
          const reply = await handler(from, request, ...rest);
          const stage = { op: request.type, stage: "answer", role: "replica", ending: reply.type } as const;
          observe(stage, clock.monotonicMs() - startMs);
          return reply;
        } finally {
          answers.leave();
        }
      };
      return network.serve(self, measured, ringHash);
    },
    close: () => network.close(),
  };
}
