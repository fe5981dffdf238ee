/**
 * What a node has done, counted from its trace: one counter for each type of event and of its small closed fields,
 * histograms for sizes, and the latency of client requests as the HTTP layer measured it.
 *
 * No field of a request becomes a label, so the number of series is bounded by the code, never by what clients
 * send. The text format is a dozen lines; a library would add its own registry, collectors and 14 ms to every start.
 */
import type { Trace, TraceEvent } from "../ports/trace.ts";
import { Histogram, latencyBoundsMs } from "./histogram.ts";
import type { Stage } from "./measured-ports.ts";
import { WordPairs } from "./word-pairs.ts";

/** What is so now and not counted: name -> value. Names are fixed in the code. */
export type Gauges = Readonly<Record<string, number>>;

const siblingBounds = [0, 1, 2, 3, 4, 8, 16, 32, 100];
const differingKeyBounds = [0, 1, 10, 100, 1000];
const contextBounds = [64, 128, 256, 512, 1024, 2048, 4096];
const commitBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export class Metrics implements Trace {
  readonly #counters = new Map<string, number>();
  readonly #refinedNames = new WordPairs((type, refined) => `${type}-${refined}`);
  readonly #requestMs = new Map<string, Histogram>();
  #isReadOnly = false;
  /** Labels -> times. */
  readonly #stageMs = new Map<string, Histogram>();
  /** The same, found by stage, then operation and ending; a stage has one role. */
  readonly #stages = new Map<Stage["stage"], WordPairs<Histogram>>();
  readonly #contextBytes = new Histogram(contextBounds);
  readonly #siblings = new Histogram(siblingBounds);
  readonly #differingKeys = new Histogram(differingKeyBounds);
  readonly #commitWrites = new Histogram(commitBounds);
  readonly #syncMs = new Histogram(latencyBoundsMs);

  emit(event: TraceEvent): void {
    if (event.type === "storage-failed") this.#isReadOnly = true;
    if (event.type === "storage-recovered") this.#isReadOnly = false;
    this.#count(event.type);
    for (const refined of refinementsOf(event)) {
      this.#count(this.#refinedNames.of(event.type, refined));
    }
    if (event.type === "read-answered") this.#siblings.observe(event.siblingCount);
    if (event.type === "tree-compared") this.#differingKeys.observe(event.differingKeyCount);
  }

  /** One answered client request. `route` and `status` come from the code, never from the request. */
  requestAnswered(request: {
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
    /** Length of the context answered, if there was one. */
    readonly contextBytes?: number | undefined;
  }): void {
    if (request.contextBytes !== undefined) this.#contextBytes.observe(request.contextBytes);
    const labels = `route="${request.route}",status="${request.status}"`;
    observeIn(this.#requestMs, labels, request.durationMs);
  }

  /** One call over a port. */
  stageEnded({ op, stage, role, ending }: Stage, durationMs: number): void {
    let histograms = this.#stages.get(stage);
    if (histograms === undefined) {
      histograms = new WordPairs((named, ended) => {
        const histogram = new Histogram(latencyBoundsMs);
        this.#stageMs.set(`op="${named}",stage="${stage}",role="${role}",ending="${ended}"`, histogram);
        return histogram;
      });
      this.#stages.set(stage, histograms);
    }
    histograms.of(op, ending).observe(durationMs);
  }

  /** One finished commit of the storage, with the number of records it carried. */
  committed(commit: {
    readonly writeCount: number;
    readonly isSynced: boolean;
    readonly durationMs: number;
  }): void {
    this.#count(commit.isSynced ? "storage-sync" : "storage-buffered-commit");
    this.#commitWrites.observe(commit.writeCount);
    if (commit.isSynced) this.#syncMs.observe(commit.durationMs);
  }

  /** Event type, or event type and its refinement (`write-answered-info`) -> how often since the start. */
  counters(): ReadonlyMap<string, number> {
    return this.#counters;
  }

  /** All of it in Prometheus' text format, version 0.0.4. */
  text(gauges: Gauges = {}): string {
    const lines = ["# TYPE tipcart_events_total counter"];
    for (const [name, count] of [...this.#counters].toSorted()) {
      lines.push(`tipcart_events_total{event="${name}"} ${count}`);
    }
    lines.push("# TYPE tipcart_request_ms histogram");
    for (const [labels, histogram] of [...this.#requestMs].toSorted()) {
      lines.push(...histogram.lines("tipcart_request_ms", labels));
    }
    lines.push("# TYPE tipcart_stage_ms histogram");
    for (const [labels, histogram] of [...this.#stageMs].toSorted()) {
      lines.push(...histogram.lines("tipcart_stage_ms", labels));
    }
    for (const [name, value] of Object.entries(gauges)) {
      lines.push(`# TYPE tipcart_${name} gauge`, `tipcart_${name} ${value}`);
    }
    lines.push("# TYPE tipcart_context_bytes histogram");
    lines.push(...this.#contextBytes.lines("tipcart_context_bytes", ""));
    lines.push(
      "# TYPE tipcart_read_siblings histogram",
      ...this.#siblings.lines("tipcart_read_siblings", ""),
    );
    lines.push("# TYPE tipcart_tree_differing_keys histogram");
    lines.push(...this.#differingKeys.lines("tipcart_tree_differing_keys", ""));
    lines.push("# TYPE tipcart_commit_writes histogram");
    lines.push(...this.#commitWrites.lines("tipcart_commit_writes", ""));
    lines.push("# TYPE tipcart_read_only gauge", `tipcart_read_only ${this.#isReadOnly ? 1 : 0}`);
    lines.push(
      "# TYPE tipcart_storage_sync_ms histogram",
      ...this.#syncMs.lines("tipcart_storage_sync_ms", ""),
    );
    return `${lines.join("\n")}\n`;
  }

  #count(name: string): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + 1);
  }
}

function observeIn(histograms: Map<string, Histogram>, labels: string, durationMs: number): void {
  let histogram = histograms.get(labels);
  if (histogram === undefined) {
    histogram = new Histogram(latencyBoundsMs);
    histograms.set(labels, histogram);
  }
  histogram.observe(durationMs);
}

const none: readonly string[] = [];

/** The fields of an event that are worth a counter of their own: always a few words fixed in the code. */
function refinementsOf(event: TraceEvent): readonly string[] {
  switch (event.type) {
    case "write-answered":
      return [event.outcome === "ok" && event.degraded ? "degraded" : event.outcome];
    case "read-answered":
      return [event.outcome];
    case "replica-acked":
      return [event.role, `${event.role}-${event.durability}`];
    case "state-appended":
      return [event.durability];
    case "store-scrubbed":
      return [event.isClean ? "clean" : "damaged"];
    case "write-minted":
      return event.isRetry ? ["retry"] : none;
    case "epoch-minted":
    case "peer-refused":
      return [event.reason];
    default:
      return none;
  }
}
