/** The notation's lines about requests: who asked what of which key, built on what, and how it ended. */
import type { Completion, Invocation, Micros, RunStarted, Written } from "./event.ts";
import { type CartChange, NotatedCarts } from "./notation-cart.ts";
import {
  acknowledgedOf,
  cartLineOf,
  digestOf,
  listOf,
  microsOf,
  NotationMistake,
  observedOf,
  parentsOf,
  spanOf,
  tombstonesOf,
} from "./notation-line.ts";

/** Final reads come from processes of their own, one a node. */
const finalProcess = 900;
const lineMicros = 1000;
const requestMicros = 500;
const keywords = ["merge", "blind", "one-shot"] as const;

type Asked = {
  readonly process: number;
  readonly session: string;
  readonly entry: string;
  readonly isFinal: boolean;
  readonly kind: Invocation["kind"];
  readonly words: readonly string[];
};
type Times = { readonly intended: Micros; readonly from: Micros; readonly until: Micros };

export class RequestNotation {
  readonly #run: RunStarted;
  readonly #carts: NotatedCarts;
  #now: Micros = 0;

  constructor(run: RunStarted) {
    this.#run = run;
    this.#carts = new NotatedCarts(run.promises.codec);
  }

  get now(): Micros {
    return this.#now;
  }

  /** "100x/2 p1 get …" is the line a hundred times, 2 ms apart; "%" in it is the number of the time, from 1. */
  line(words: readonly string[], index: number): (Invocation | Completion)[] {
    const times = /^(\d+)x\/([\d.]+)$/.exec(words[0] ?? "");
    if (times === null) return this.#once(words, index);
    return Array.from({ length: Number(times[1]) }, (_, time) => {
      const shifted = words
        .slice(1)
        .map((word) => shiftedBy(word.replaceAll("%", `${time + 1}`), time * Number(times[2])));
      return this.#once(shifted, index + (time + 1) * 1e6);
    }).flat();
  }

  /** Ids are only unique here: made from the line's number, and the copy where one line stands for several. */
  #once(words: readonly string[], index: number): (Invocation | Completion)[] {
    const arrow = words.indexOf("->");
    const before = arrow < 0 ? words : words.slice(0, arrow);
    const after = arrow < 0 ? undefined : words.slice(arrow + 1);
    return this.#asked(before).flatMap((asked, copy) => {
      const key = asked.words[0];
      if (key === undefined) throw new NotationMistake("expected a key");
      const times = this.#times(asked.words);
      const id = (index + 1) * 100 + copy;
      const written = asked.kind === "get" ? undefined : this.#written(asked.kind, asked.words.slice(1));
      const invocation: Invocation = {
        type: "invoke",
        id,
        process: asked.process,
        session: asked.session,
        operation: written?.write ?? `${asked.process}.${id}`,
        kind: asked.kind,
        key,
        intended: times.intended,
        at: times.from,
        entry: asked.entry,
        ...(written === undefined ? {} : { written }),
        ...(asked.isFinal ? { final: true } : {}),
      };
      return after === undefined ? [invocation] : [invocation, completionOf(asked, id, times, after)];
    });
  }

  #asked(words: readonly string[]): Asked[] {
    const [who = "", second = "", ...rest] = words;
    if (who === "final") {
      return (second === "all" ? this.#run.nodes : listOf(second)).map((entry) => ({
        process: finalProcess + this.#run.nodes.indexOf(entry),
        session: `final-${entry}`,
        entry,
        isFinal: true,
        kind: "get",
        words: rest,
      }));
    }
    const name = /^p(\d+)(?:\/(.+))?$/.exec(who);
    const kind = second === "get" || second === "put" || second === "delete" ? second : undefined;
    if (name === null || kind === undefined) throw new NotationMistake(`"${who} ${second}" begins no line`);
    const entryWord = rest.find((word) => word.startsWith("via="));
    return [
      {
        process: Number(name[1]),
        session: name[2] ?? `s${name[1]}`,
        entry: entryWord?.slice("via=".length) ?? this.#run.nodes[0] ?? "n1",
        isFinal: false,
        kind,
        words: rest.filter((word) => word !== entryWord),
      },
    ];
  }

  #times(words: readonly string[]): Times {
    const word = words.find((one) => one.startsWith("@"));
    if (word === undefined) {
      const from = this.#now + lineMicros;
      this.#now = from + requestMicros;
      return { intended: from, from, until: this.#now };
    }
    const slash = word.indexOf("/");
    const { from, until = from + requestMicros } = spanOf(word.slice(Math.max(slash, 0) + 1));
    this.#now = Math.max(this.#now, until);
    return { intended: slash < 0 ? from : microsOf(word.slice(1, slash)), from, until };
  }

  #written(kind: "put" | "delete", words: readonly string[]): Written {
    const [write, parentsWord, ...rest] = words;
    if (write === undefined) throw new NotationMistake("expected the id of the write");
    const parents = parentsOf(parentsWord);
    const change = changeOf(write, parents, rest);
    const sold = rest.filter((word) => word.startsWith("$")).flatMap((word) => listOf(word.slice(1)));
    const base = { write, parents, digest: kind === "delete" ? "" : digestOf(write), bytes: 100 };
    const order = sold.length > 0 ? { sold } : {};
    if (kind === "delete") {
      const { effect } = this.#carts.write({ ...change, action: "delete", order: "" });
      return { ...base, effect };
    }
    const isCart = change.action !== undefined || change.holds !== undefined || change.order !== undefined;
    if (!isCart && change.adds.length + change.removes.length === 0) return { ...base, ...order };
    return { ...base, ...order, ...this.#carts.write(change) };
  }
}

/** "@5..7" ten milliseconds later: "@15..17". Other words stay. */
const shiftedBy = (word: string, milliseconds: number): string =>
  word.startsWith("@")
    ? word.replace(/\d+(\.\d+)?(?!\d)/g, (time) => `${Number(time) + milliseconds}`)
    : word;

const changeOf = (write: string, parents: readonly string[], words: readonly string[]): CartChange => {
  const marked = (mark: string): string[] => words.filter((word) => word.startsWith(mark));
  const holds = marked("=")[0];
  return {
    write,
    parents,
    action: keywords.find((keyword) => words.includes(keyword)),
    adds: marked("+").map(cartLineOf),
    removes: marked("-").map((word) => word.slice(1)),
    order: marked("!")[0]?.slice(1),
    holds:
      holds === undefined
        ? undefined
        : listOf(holds.slice(1)).map((one) => {
            const [item = "", by = ""] = one.split("~");
            return { item, write: by };
          }),
  };
};

const completionOf = (
  { kind, entry }: Asked,
  id: number,
  { from, until }: Times,
  words: readonly string[],
): Completion => {
  const [first = "", second] = words;
  const attempt = { node: entry, from, until };
  if (first === "fail" || first === "info") {
    const outcome = first === "fail" ? "none" : "unknown";
    return { type: first, id, at: until, attempts: [{ ...attempt, outcome }], error: second ?? "timeout" };
  }
  const attempts = [{ ...attempt, outcome: "ok" as const }];
  if (kind !== "get") {
    if (first !== "ok") throw new NotationMistake(`"${first}" is no end of a write: ok, fail or info`);
    return { type: "ok", id, at: until, attempts, acknowledged: acknowledgedOf(listOf(second ?? "")) };
  }
  const seen = listOf(words.join(","));
  return { type: "ok", id, at: until, attempts, observed: observedOf(seen), tombstones: tombstonesOf(seen) };
};
