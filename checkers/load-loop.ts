/**
 * When the load loop itself was late. A generator that stalls sends late and notices answers late, so what its
 * requests saw then says nothing of the store. Its own events tell, second by second, how long it stalled and how
 * late it sent; such a second is no evidence against anybody.
 */
import type { Micros } from "./history/event.ts";
import type { History } from "./history/history.ts";

/** A pause or a lag of the load loop longer than this is seen by the requests it holds up. */
export const loopStallMicrosMax = 50_000;

export type LateWindow = { readonly from: Micros; readonly until: Micros };

/** One look lasts until the next, and a second at most. */
const lookMicros = 1_000_000;

/** The windows in which the loop was late, in order of time and apart from each other. */
export const lateWindows = ({ load }: Pick<History, "load">): readonly LateWindow[] => {
  const windows: LateWindow[] = [];
  for (const { at, lagUsMax, loopStallUsMax } of load) {
    const late = Math.max(lagUsMax, loopStallUsMax);
    if (late <= loopStallMicrosMax) continue;
    // A pause may have begun before the second in which it was noticed.
    const from = Math.max(0, at - Math.max(lookMicros, loopStallUsMax));
    const last = windows.at(-1);
    if (last === undefined || from > last.until) windows.push({ from, until: at });
    else windows[windows.length - 1] = { from: Math.min(last.from, from), until: Math.max(last.until, at) };
  }
  return windows;
};

/** How much of `from` to `until` lies within the windows. */
export const lateMicros = (windows: readonly LateWindow[], from: Micros, until: Micros): Micros =>
  windows.reduce(
    (sum, window) => sum + Math.max(0, Math.min(until, window.until) - Math.max(from, window.from)),
    0,
  );
