/**
 * Shards of one night put together. Every cell of the plan is in the result once and in the plan's order, so that the
 * same runs give the same record however they were divided; a cell that no shard brought is inconclusive.
 */
import { type CellResult, type NightlyRecord, nightlySchema } from "./nightly-record.ts";

/** The whole night, or one sentence why the shards do not belong together. */
export const mergeShards = (shards: readonly NightlyRecord[]): NightlyRecord | string => {
  const [first] = shards;
  if (first === undefined) return "There is no shard to merge.";
  const stranger = shards.find(({ planHash }) => planHash !== first.planHash);
  if (stranger !== undefined)
    return `Shards of two plans cannot be merged: "${first.name}" (${first.planHash}) and "${stranger.name}" (${stranger.planHash}).`;
  const byId = new Map<string, CellResult>();
  for (const cell of shards.flatMap(({ cells }) => cells)) {
    if (byId.has(cell.id)) return `The cell "${cell.id}" is in two shards.`;
    byId.set(cell.id, cell);
  }
  const stray = [...byId.keys()].find((id) => !first.cellIds.includes(id));
  if (stray !== undefined) return `The cell "${stray}" is not in the plan.`;
  return {
    schema: nightlySchema,
    name: first.name,
    planHash: first.planHash,
    startedWallMs: Math.min(...shards.map(({ startedWallMs }) => startedWallMs)),
    seconds: shards.reduce((sum, { seconds }) => sum + seconds, 0),
    shard: { index: 1, count: 1 },
    cellIds: first.cellIds,
    cells: first.cellIds.map((id) => byId.get(id) ?? missing(id)),
  };
};

const missing = (id: string): CellResult => ({
  id,
  workload: "",
  seed: 0,
  state: "not-run",
  verdict: "inconclusive",
  sentence: "No shard that was merged holds this cell.",
  seconds: 0,
  replay: "",
  figures: {},
});
