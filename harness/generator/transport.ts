/**
 * How a generator's requests travel. A transport sends what it is given at once and never holds anything back: what
 * has to wait for a connection is counted as the generator's lag, because `onSent` is called when it really leaves.
 */
import type { SampleKind } from "./sample-log.ts";

export type LoadRequest = {
  /** Its row in the schedule, by which its end is told. */
  readonly row: number;
  readonly kind: SampleKind;
  readonly key: string;
  /** Of a put. */
  readonly value: Uint8Array;
  /** Index of the entrance. */
  readonly entry: number;
};

/** `ok` it happened, `fail` it did not, `info` nobody can tell. */
export type LoadOutcome = "ok" | "fail" | "info";

export type TransportEvents = {
  readonly onSent: (row: number) => void;
  readonly onEnded: (row: number, outcome: LoadOutcome) => void;
};

export interface Transport {
  /** Resolves when it can send. Rejects with a sentence when nobody answers. */
  open(events: TransportEvents): Promise<void>;
  send(request: LoadRequest): void;
  /** The generator waits no longer for this row; its connection may be reused or not, as the transport likes. */
  abandon(row: number): void;
  close(): Promise<void>;
}
