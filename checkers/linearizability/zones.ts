/**
 * Zones of the versions of one register (Gibbons and Korach, Testing Shared Memories, 1997, §4.2). When every write
 * is unique, the operations on one value form a cluster: its write and the reads of it. Let `end` be the first end
 * of any operation of the cluster and `start` the last start. If end < start the zone is forward: the register must
 * hold the value all that time. Otherwise it is backward: at some moment between the two it must hold it.
 *
 * The register is linearizable exactly when no two forward zones overlap and no backward zone lies inside of a
 * forward one: a sort and a sweep, instead of a search over orders.
 */

export type Zones = {
  /** Position of the first end of an operation on each version; `Infinity` when none ever ended. */
  readonly end: Float64Array;
  /** Position of the last start. */
  readonly start: Float64Array;
};

/** Two versions each of which must be older than the other. */
export type ZoneConflict = { readonly first: number; readonly second: number };

export const isForward = ({ end, start }: Zones, version: number): boolean =>
  (end[version] ?? 0) < (start[version] ?? 0);

/** At most `limit` conflicts, in order of time; none when the zones fit. */
export const zoneConflicts = (zones: Zones, limit: number): readonly ZoneConflict[] => {
  const { end, start } = zones;
  const conflicts: ZoneConflict[] = [];
  const all = Array.from(end, (_, version) => version);
  const forward = byPosition(
    all.filter((version) => isForward(zones, version)),
    (version) => end[version] ?? 0,
  );
  const backward = byPosition(
    all.filter((version) => !isForward(zones, version)),
    (version) => start[version] ?? 0,
  );
  let longest = -1;
  let next = 0;
  const reach = (version: number): number => (version < 0 ? Number.NEGATIVE_INFINITY : (start[version] ?? 0));
  for (const version of backward) {
    const begin = start[version] ?? 0;
    for (
      let other = forward[next];
      other !== undefined && (end[other] ?? 0) < begin;
      other = forward[++next]
    ) {
      if ((end[other] ?? 0) < reach(longest)) conflicts.push({ first: longest, second: other });
      if (reach(other) > reach(longest)) longest = other;
    }
    if ((end[version] ?? 0) < reach(longest)) conflicts.push({ first: longest, second: version });
    if (conflicts.length >= limit) return conflicts.slice(0, limit);
  }
  for (let other = forward[next]; other !== undefined; other = forward[++next]) {
    if ((end[other] ?? 0) < reach(longest)) conflicts.push({ first: longest, second: other });
    if (reach(other) > reach(longest)) longest = other;
  }
  return conflicts.slice(0, limit);
};

/**
 * The order of the versions of zones without conflict, reduced: calls `visit` for pairs (older, newer) from which all
 * others follow. `end[older] < start[newer]` for all of them, or it follows from two that are. A forward zone shrinks
 * to one moment; what ends inside of it comes before, what starts inside of it comes after. Returns the number of
 * pairs not visited once `limit` was reached, 0 for all.
 */
export const visitZoneOrder = (
  zones: Zones,
  limit: number,
  visit: (older: number, newer: number) => void,
): number => {
  const frontier: number[] = [];
  const ended: number[] = [];
  const endedBefore = new Int32Array(zones.end.length);
  let head = 0;
  let endedCount = 0;
  let visited = 0;
  const begin = (version: number): void => {
    endedBefore[version] = endedCount;
    for (let place = head; place < frontier.length; place++) {
      if (visited++ < limit) visit(frontier[place] ?? -1, version);
    }
  };
  const finish = (version: number): void => {
    while (head < frontier.length && (ended[head] ?? 0) < (endedBefore[version] ?? 0)) head++;
    ended[frontier.length] = endedCount++;
    frontier.push(version);
  };
  sweep(zones, begin, finish);
  return Math.max(0, visited - limit);
};

/** Starts and ends in the order in which `visitZoneOrder` wants them. */
const sweep = (zones: Zones, begin: (version: number) => void, finish: (version: number) => void): void => {
  const { end, start } = zones;
  const events: number[] = [];
  for (let version = 0; version < end.length; version++) {
    if (Number.isFinite(start[version] ?? 0)) events.push(2 * version);
    if (Number.isFinite(end[version] ?? 0)) events.push(2 * version + 1);
  }
  const positionOf = (event: number): number => ((event & 1) === 1 ? end : start)[event >> 1] ?? 0;
  let isInside = false;
  let waiting: number[] = [];
  for (const event of byPosition(events, positionOf)) {
    const version = event >> 1;
    const isEnd = (event & 1) === 1;
    if (isForward(zones, version)) {
      isInside = isEnd;
      if (isEnd) continue;
      begin(version);
      finish(version);
      for (const later of waiting) begin(later);
      waiting = [];
    } else if (isEnd) finish(version);
    else if (isInside) waiting.push(version);
    else begin(version);
  }
};

/**
 * The items in ascending order of position, ties by item. Position and item are packed into one double each, since
 * a typed array of doubles sorts several times faster than objects do: positions below 2^30, items below 2^22.
 */
const byPosition = (items: readonly number[], positionOf: (item: number) => number): readonly number[] => {
  const span = items.reduce((most, item) => Math.max(most, item), 0) + 1;
  const packed = Float64Array.from(items, (item) => (positionOf(item) + 2) * span + item).toSorted();
  return Array.from(packed, (key) => key % span);
};
