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
  /** Position of the first end of an operation on each version, from -1; `Infinity` when none ever ended. */
  readonly end: Float64Array;
  /** Position of the last start; `-Infinity` when there was none. */
  readonly start: Float64Array;
  /** Starts (twice the version) and ends (and 1 more) in order of position. */
  readonly events: Float64Array;
};

/** Two versions each of which must be older than the other. */
export type ZoneConflict = { readonly first: number; readonly second: number };

/**
 * Sorts the zones' events. Position and event are packed into one double each, since a typed array of doubles sorts
 * several times faster than objects do; exact up to 2^30 positions and 2^21 versions of one register.
 */
export const zonesBetween = (end: Float64Array, start: Float64Array): Zones => {
  const span = 2 * end.length;
  const packed = new Float64Array(span);
  let count = 0;
  for (let version = 0; version < end.length; version++) {
    const from = start[version] as number;
    const until = end[version] as number;
    if (from > Number.NEGATIVE_INFINITY) packed[count++] = (from + 2) * span + 2 * version;
    if (until < Number.POSITIVE_INFINITY) packed[count++] = (until + 2) * span + 2 * version + 1;
  }
  const events = packed.subarray(0, count).toSorted();
  for (let place = 0; place < count; place++) events[place] = (events[place] as number) % span;
  return { end, start, events };
};

const isForward = ({ end, start }: Zones, version: number): boolean =>
  (end[version] as number) < (start[version] as number);

/** At most `limit` conflicts, in order of time; none when the zones fit. */
export const zoneConflicts = (zones: Zones, limit: number): readonly ZoneConflict[] => {
  const conflicts: ZoneConflict[] = [];
  /** The forward zone that reaches furthest of those that have begun, while it lasts. */
  let current = -1;
  const beganInside = new Int32Array(zones.end.length).fill(-1);
  for (const event of zones.events) {
    if (conflicts.length >= limit) break;
    const version = event >> 1;
    const isEnd = (event & 1) === 1;
    if (!isForward(zones, version)) {
      if (!isEnd) beganInside[version] = current;
      else if (current >= 0 && beganInside[version] === current)
        conflicts.push({ first: current, second: version });
    } else if (isEnd) {
      if (current >= 0) conflicts.push({ first: current, second: version });
      if (current < 0 || (zones.start[version] as number) > (zones.start[current] as number))
        current = version;
    } else if (version === current) current = -1;
  }
  return conflicts;
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
  const endedBefore = new Int32Array(zones.end.length);
  let head = 0;
  let visited = 0;
  const begin = (version: number): void => {
    endedBefore[version] = frontier.length;
    for (let place = head; place < frontier.length; place++)
      if (visited++ < limit) visit(frontier[place] as number, version);
  };
  const finish = (version: number): void => {
    head = Math.max(head, endedBefore[version] as number);
    frontier.push(version);
  };
  sweep(zones, begin, finish);
  return Math.max(0, visited - limit);
};

/** Starts and ends in the order in which `visitZoneOrder` wants them. */
const sweep = (zones: Zones, begin: (version: number) => void, finish: (version: number) => void): void => {
  let isInside = false;
  let waiting: number[] = [];
  for (const event of zones.events) {
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
