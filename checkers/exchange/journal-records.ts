/**
 * A run of ours as records that other checkers can read: the events of the journal in, operations of Jepsen's
 * shape out, one at a time. Values are `[key, value]`, as Jepsen's independent keys are.
 *
 *   as a register   a write writes its id, a delete nil; a read returns nil, an id, or a set of ids: the siblings
 *   as a set-full   a write or delete adds its id; a read returns all ids that what it saw was built on
 *
 * A store with siblings is no register, which a set for a value makes plain; as a set, a lost write is an element
 * that was added and is missing. The set of a read is the ancestry that the values themselves name, so it grows with
 * the history of a key. Faults become records of the process "nemesis".
 */

import type { Completion, FaultEvent, HistoryEvent, Invocation, WriteId } from "../history/event.ts";
import { type Datum, keyword } from "./datum.ts";
import type { HistoryRecord, RecordType } from "./history-record.ts";

export const journalShapes = ["register", "set-full"] as const;
export type JournalShape = (typeof journalShapes)[number];

type Asked = Pick<Invocation, "process" | "key" | "kind"> & { readonly write: WriteId | undefined };

export class JournalRecords {
  readonly #shape: JournalShape;
  readonly #open = new Map<number, Asked>();
  /** What each write was built on. */
  readonly #parents = new Map<WriteId, readonly WriteId[]>();
  #index = 0;

  constructor(shape: JournalShape) {
    this.#shape = shape;
  }

  /** Records made so far. */
  get count(): number {
    return this.#index;
  }

  /** The event as a record; undefined for what is none: dumps, calm, load, late copies. */
  record(event: HistoryEvent): HistoryRecord | undefined {
    switch (event.type) {
      case "invoke":
        return this.#invoked(event);
      case "ok":
      case "fail":
      case "info":
        return this.#completed(event);
      case "fault":
        return this.#made("info", "nemesis", { f: event.kind, value: toldFault(event), at: event.at });
      case "run":
      case "dump":
      case "calm":
      case "load":
      case "machine":
      case "late-copy":
      case "node-ended":
      case "end":
        return undefined;
      default:
        return event satisfies never;
    }
  }

  #invoked({ id, process, key, kind, written, at }: Invocation): HistoryRecord {
    const asked = { process, key, kind, write: written?.write };
    this.#open.set(id, asked);
    if (written !== undefined && this.#shape === "set-full")
      this.#parents.set(written.write, written.parents);
    return this.#operation("invoke", asked, { value: this.#asks(asked), at });
  }

  #completed(event: Completion): HistoryRecord | undefined {
    const asked = this.#open.get(event.id);
    if (asked === undefined) return undefined;
    this.#open.delete(event.id);
    const isRead = event.type === "ok" && asked.kind === "get";
    const value = isRead ? this.#answers(event) : this.#asks(asked);
    return this.#operation(event.type, asked, { value, at: event.at });
  }

  /** A delete of a register writes nil. */
  #asks({ kind, write }: Asked): Datum {
    return write === undefined || (kind === "delete" && this.#shape === "register") ? null : write;
  }

  #answers({ observed = [], tombstones = [] }: Extract<Completion, { type: "ok" }>): Datum {
    const seen = observed.map(({ write }) => write ?? "(unreadable)");
    if (this.#shape === "set-full") return { kind: "set", items: this.#cover([...seen, ...tombstones]) };
    const [first, ...others] = seen;
    if (first === undefined) return null;
    return others.length === 0 ? first : { kind: "set", items: seen };
  }

  #cover(seen: readonly WriteId[]): readonly WriteId[] {
    const covered = new Set(seen);
    // What is added while the walk goes on is walked too.
    for (const write of covered) for (const parent of this.#parents.get(write) ?? []) covered.add(parent);
    return [...covered];
  }

  #operation(
    type: RecordType,
    { process, key, kind }: Asked,
    { value, at }: { readonly value: Datum; readonly at: number },
  ): HistoryRecord {
    const write = this.#shape === "register" ? "write" : "add";
    return this.#made(type, process, { f: kind === "get" ? "read" : write, value: [key, value], at });
  }

  #made(
    type: RecordType,
    process: number | string,
    { f, value, at }: { readonly f: string; readonly value: Datum; readonly at: number },
  ): HistoryRecord {
    const index = this.#index++;
    return { type, process, f, value, time: at * 1000, index, line: index + 1 };
  }
}

const toldFault = ({ stage, nodes, evidence }: FaultEvent): Datum => [keyword(stage), nodes, evidence];
