/**
 * A client's attempts in a simulated world: calls that travel over the same links as everything else, to a node that
 * may be paused, cut off or dead. What a node answers means here what it means over HTTP.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { ReadEnding, WriteEnding } from "../../server/client/entry.ts";
import { deferred } from "../../server/protocols/deferred.ts";
import type { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";
import { SimulatedEntry } from "../../server/simulation/simulated-entry.ts";
import type { Judged, ReadAnswer, WriteAnswer } from "../client/answer.ts";
import type { Trial } from "../client/pursuit.ts";
import type { Transport, TriedWrite } from "../client/recorded-store.ts";

export class SimulatedTransport implements Transport {
  readonly #entry: SimulatedEntry;
  readonly #bucket: string;
  readonly #timeoutMs: number;

  constructor(cluster: SimulatedCluster, bucket: string, timeoutMs: number) {
    this.#entry = new SimulatedEntry(cluster, "client");
    this.#bucket = bucket;
    this.#timeoutMs = timeoutMs;
  }

  get(node: NodeName, key: string, r: number | undefined): Trial<ReadAnswer> {
    const request = { bucket: this.#bucket, key, ...(r === undefined ? {} : { r }) };
    return trialOf(this.#entry.get(node, request, this.#timeoutMs).then(readIn), "none");
  }

  write(node: NodeName, { key, write, context, value }: TriedWrite): Trial<WriteAnswer> {
    const request = {
      bucket: this.#bucket,
      key,
      value: value ?? null,
      writeId: write,
      ...(context === undefined ? {} : { context }),
    };
    const ending = this.#entry.write(node, request, this.#timeoutMs);
    return trialOf(
      ending.then((outcome) => writeIn(outcome, write)),
      "unknown",
    );
  }
}

/** What is abandoned has been sent, since a call leaves at once. */
function trialOf<T>(answer: Promise<Judged<T>>, ifAbandoned: "none" | "unknown"): Trial<T> {
  const abandoned = deferred<Judged<T>>();
  return {
    ended: Promise.race([answer, abandoned.promise]),
    abandon: (error) => abandoned.resolve({ outcome: ifAbandoned, error }),
  };
}

function readIn(ending: ReadEnding): Judged<ReadAnswer> {
  if (ending.type === "fail") return { outcome: "none", error: ending.error };
  const { siblings, tombstones, context } = ending;
  return { outcome: "ok", answer: { siblings: siblings.map(({ value }) => value), tombstones, context } };
}

function writeIn(ending: WriteEnding, write: string): Judged<WriteAnswer> {
  switch (ending.type) {
    case "fail":
      return { outcome: "none", error: ending.error };
    case "info":
      return { outcome: "unknown", error: ending.error };
    case "ok": {
      const { context, acknowledgements, writeId, coordinator } = ending;
      if (writeId !== write) return { outcome: "unknown", error: `answer to another write, ${writeId}` };
      const acknowledged = acknowledgements.map(({ node, role, durability }) => ({ node, role, durability }));
      return { outcome: "ok", answer: { context, acknowledged, coordinator } };
    }
  }
}
