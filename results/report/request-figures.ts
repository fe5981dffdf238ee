/** Requests one by one, as tables show them: those that anomalies name, or any. */
import type { WriteId } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import type { RunRecord } from "../run-record.ts";
import { listedRequests, type RequestFigures } from "./figures.ts";

/** By id; at most `listedRequests` of each anomaly. An id that the history does not know is left out. */
export const requestsOf = (history: History, record: RunRecord): ReadonlyMap<number, RequestFigures> => {
  const ids = record.verdicts.flatMap(({ anomalies }) =>
    anomalies.flatMap((anomaly) => [
      ...anomaly.requests.slice(0, listedRequests),
      ...anomaly.writes.slice(0, listedRequests).flatMap((write) => writerOf(history, write)),
    ]),
  );
  return new Map(
    [...new Set(ids)].flatMap((id) => {
      const row = history.requests.rowOf(id);
      return row < 0 ? [] : [[id, requestOf(history, row)] as const];
    }),
  );
};

/** The id of the request that made a write; nothing when nobody asked for it. */
const writerOf = (history: History, write: WriteId): readonly number[] => {
  const row = history.written.row(history.versions.find(write));
  return row < 0 ? [] : [history.requests.id(row)];
};

export const requestOf = (history: History, row: number): RequestFigures => {
  const request = history.requests.request(row);
  const version = history.requests.version(row);
  const action = history.written.action(version);
  return {
    id: request.id,
    kind: request.kind,
    process: request.process,
    session: request.session,
    key: request.key,
    at: request.sent,
    until: Number.isFinite(request.done) ? request.done : null,
    via: request.attempts.length === 0 ? [request.entry] : request.attempts.map((attempt) => attempt.node),
    attempts: request.attempts,
    outcome: request.outcome,
    ...(request.outcome === "ok" ? {} : { failure: request.error }),
    ...(request.write === undefined ? {} : { write: request.write }),
    parents: [...history.written.parents(version)].map((parent) => history.written.name(parent)),
    ...(action === "none" ? {} : { action }),
    isFinal: request.isFinal,
    observed: [...history.requests.observed(row)].map((seen) =>
      seen < 0 ? null : history.versions.name(seen),
    ),
    tombstones: request.tombstones,
    ...(request.coordinator === undefined ? {} : { coordinator: request.coordinator }),
    acknowledged: request.acknowledged,
  };
};
