/**
 * P1, P2 and P4 once more, by definition and by brute force: ancestors by naive recursion over names, no index, no
 * interval, nothing shared with the checkers. Too slow for anything but histories of a few requests, which is where
 * it must agree with them.
 */
import type { Completion, HistoryEvent, Invocation, Written } from "./history/event.ts";

type Done = { readonly invocation: Invocation; readonly completion: Completion | undefined };

export type Broken = {
  readonly lostWrites: readonly string[];
  readonly lostAdds: readonly string[];
  /** "key tag" */
  readonly resurfaced: readonly string[];
};

export const referenceOf = (events: readonly HistoryEvent[]): Broken => {
  const requests = requestsIn(events);
  const written = new Map<string, Done>();
  for (const one of requests) {
    if (one.invocation.written !== undefined) written.set(one.invocation.written.write, one);
  }
  const ancestors = (write: string, key: string): string[] => {
    const one = written.get(write);
    if (one === undefined || one.invocation.key !== key) return [];
    return [write, ...(one.invocation.written?.parents ?? []).flatMap((parent) => ancestors(parent, key))];
  };
  const lostWrites: string[] = [];
  const lostAdds: string[] = [];
  for (const { invocation, completion } of written.values()) {
    const { key } = invocation;
    const finals = requests.filter((one) => one.invocation.key === key && one.invocation.final === true);
    const answered = finals.filter((one) => one.completion?.type === "ok");
    if (completion?.type !== "ok" || invocation.written === undefined || answered.length === 0) continue;
    const seen = answered.flatMap((one) => seenBy(one));
    const kept = new Set(seen.flatMap((write) => ancestors(write, key)));
    const deletes = [...written.values()].filter(
      (one) =>
        one.invocation.key === key && one.invocation.kind === "delete" && one.completion?.type !== "fail",
    );
    const isDone = (one: Done): boolean =>
      !ancestors(nameOf(one), key).some((write) => write !== nameOf(one) && seen.includes(write));
    const deleted = new Set(deletes.filter(isDone).flatMap((one) => ancestors(nameOf(one), key)));
    const { write } = invocation.written;
    if (!kept.has(write) && !deleted.has(write)) lostWrites.push(write);
    const shown = cartOf(seen.map((one) => written.get(one)?.invocation.written));
    for (const { tag } of invocation.written.effect?.adds ?? []) {
      const isTaken = [...written.values()].some(
        (one) =>
          one.completion?.type !== "fail" &&
          (kept.has(nameOf(one)) || deleted.has(nameOf(one))) &&
          (one.invocation.written?.effect?.removes ?? []).some(({ observed }) => observed.includes(tag)),
      );
      if (!shown.has(tag) && !isTaken && !deleted.has(write)) lostAdds.push(tag);
    }
  }
  const resurfaced = new Set<string>();
  for (const read of requests) {
    if (read.invocation.kind !== "get" || read.completion?.type !== "ok") continue;
    const { key } = read.invocation;
    const observed = (read.completion.observed ?? []).flatMap(({ write }) => write ?? []);
    const cover = new Set(observed.flatMap((write) => ancestors(write, key)));
    for (const tag of cartOf(observed.map((one) => written.get(one)?.invocation.written))) {
      for (const write of cover) {
        const removes = written.get(write)?.invocation.written?.effect?.removes ?? [];
        if (removes.some((remove) => remove.observed.includes(tag))) resurfaced.add(`${key} ${tag}`);
      }
    }
  }
  return { lostWrites, lostAdds, resurfaced: [...resurfaced] };
};

const requestsIn = (events: readonly HistoryEvent[]): Done[] =>
  events.flatMap((invocation) => {
    if (invocation.type !== "invoke") return [];
    const completion = events.find(
      (event): event is Completion =>
        (event.type === "ok" || event.type === "fail" || event.type === "info") && event.id === invocation.id,
    );
    return [{ invocation, completion }];
  });

const nameOf = ({ invocation }: Done): string => invocation.written?.write ?? "";

const seenBy = ({ completion }: Done): string[] =>
  completion?.type === "ok"
    ? [...(completion.observed ?? []).flatMap(({ write }) => write ?? []), ...(completion.tombstones ?? [])]
    : [];

const cartOf = (values: readonly (Written | undefined)[]): ReadonlySet<string> => {
  const live = new Set<string>();
  for (const value of values) {
    if (value?.contents?.codec === "tagged") for (const { tag } of value.contents.live) live.add(tag);
  }
  for (const value of values) {
    if (value?.contents?.codec === "tagged") for (const tag of value.contents.removed) live.delete(tag);
  }
  return live;
};
