/**
 * Short text for histories, for tests and golden files: one line a request, a fault, a dump.
 *
 *     run r=2 w=2 n=3 strict codec=tagged nodes=n1,n2,n3 expect=P1
 *     phase calm steady 0..100                       name, kind, from..until, fault=f1
 *     objective put 0.999 300 steady hard            operation, quantile, limit in ms, kind of phase
 *     p1 put cart/a 1.1 [] +apple*2 -> ok n1,n2      process 1 writes version 1.1 built on nothing
 *     p2/phone get cart/a -> 1.1,1.2                 session "phone"; "none" is nothing, "?" garbage
 *     p1 put cart/a 1.2 [1.1] -apple -> info timeout the writer removes each apple it had observed
 *     p1 put cart/a 1.3 [1.2] =apple~1.1 -> ok n1    states the contents, whatever a codec would do
 *     p1 put cart/a 1.4 [1.3] !order/1.4             a checkout, never completed: no arrow
 *     p1 put order/1.4 1.5 [] $1.1/apple -> ok n1    an order record that sells a tag
 *     p1 delete cart/a 1.6 [1.3] -> ok n1,n4+hint    n4 acknowledged as a fallback
 *     p2 get cart/a @30..45 -> none,deleted:1.6      times in ms; @29/30..45 says when it was intended
 *     900x/2 p3 get cart/b @5..6 -> none             the same 900 times, 2 ms apart; % is the number of the time
 *     final all cart/a -> none,deleted:1.6           final reads, through every node
 *     fault f1 kill n1 active 10..20                 or: fault f1 kill n1 ineffective 10
 *     dump homes cart/a deleted:1.6 homes=n1,n2,n3   or of one node; state=x for a digest of its own
 *     calm all                                       or: calm n1 late hints=2 roots=p0:aa,p1:bb
 *     ended n2 1500 exit=70 [the last log line]     a node that ended by itself; or signal=SIGSEGV
 *     sla put:p99.9<300ms@steady                     a service level that decides the run
 *     load 1000 lag=0.2 stall=1 dropped=0
 *     machine 1000 foreign=0.4 steal=0 wait=0.5      shares of the processors, in the second before; cpu=800: ms of our own
 *     end
 *
 * Without `@`, a line's request is sent one millisecond after the line before and takes half of one. Text behind
 * `#` is for people. Events come out in the order of their times, requests numbered from 1 in that order; dumps and
 * calm come after all requests.
 */
import type { HistoryEvent, RunStarted } from "./event.ts";
import {
  calmEvents,
  dumpEvents,
  endedEvent,
  faultEvents,
  loadEvent,
  machineEvent,
} from "./notation-cluster.ts";
import { NotationMistake, wordsOf } from "./notation-line.ts";
import { RequestNotation } from "./notation-request.ts";
import { objectiveOf, phaseOf, runOf } from "./notation-run.ts";

export type Notated =
  | { readonly type: "ok"; readonly events: readonly HistoryEvent[] }
  | { readonly type: "fail"; readonly error: string };

/** The events that `text` describes, or one sentence with the number of the first line that is none of the above. */
export const parseNotation = (text: string): Notated => {
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  const runLine = lines.find((line) => line.startsWith("run")) ?? "run";
  let lineNumber = lines.indexOf(runLine) + 1;
  try {
    const parser = new Parser(runOf(wordsOf(runLine)));
    for (const [index, line] of lines.entries()) {
      lineNumber = index + 1;
      if (line !== "" && line !== runLine) parser.line(wordsOf(line), index);
    }
    return { type: "ok", events: parser.events() };
  } catch (mistake) {
    if (!(mistake instanceof NotationMistake)) throw mistake;
    return { type: "fail", error: `Line ${lineNumber}: ${mistake.message}.` };
  }
};

class Parser {
  #run: RunStarted;
  readonly #requests: RequestNotation;
  readonly #timed: (HistoryEvent & { readonly at: number })[] = [];
  readonly #afterwards: HistoryEvent[] = [];

  constructor(run: RunStarted) {
    this.#run = run;
    this.#requests = new RequestNotation(run);
  }

  line(words: readonly string[], index: number): void {
    const [first = ""] = words;
    switch (first) {
      case "phase":
        this.#run = { ...this.#run, phases: [...this.#run.phases, phaseOf(words)] };
        return;
      case "objective":
        this.#run = { ...this.#run, objectives: [...this.#run.objectives, objectiveOf(words)] };
        return;
      case "sla":
        this.#run = { ...this.#run, sla: [...(this.#run.sla ?? []), ...words.slice(1)] };
        return;
      case "machine":
        this.#timed.push(machineEvent(words));
        return;
      case "fault":
        this.#timed.push(...faultEvents(words));
        return;
      case "ended":
        this.#timed.push(endedEvent(words));
        return;
      case "load":
        this.#timed.push(loadEvent(words));
        return;
      case "dump":
        this.#afterwards.push(...dumpEvents(words, this.#run));
        return;
      case "calm":
        this.#afterwards.push(...calmEvents(words, this.#run, this.#requests.now));
        return;
      case "end":
        this.#afterwards.push({ type: "end", at: this.#requests.now, reason: "completed" });
        return;
      default:
        this.#timed.push(...this.#requests.line(words, index));
    }
  }

  events(): readonly HistoryEvent[] {
    return [this.#run, ...renumbered(this.#timed.toSorted((a, b) => a.at - b.at)), ...this.#afterwards];
  }
}

/** Request ids in order of invocation, from 1, wherever the lines stood. */
const renumbered = (events: readonly HistoryEvent[]): HistoryEvent[] => {
  const ids = new Map<number, number>();
  return events.map((event) => {
    if (event.type !== "invoke" && event.type !== "ok" && event.type !== "fail" && event.type !== "info")
      return event;
    const id = ids.get(event.id) ?? ids.size + 1;
    ids.set(event.id, id);
    return { ...event, id };
  });
};
