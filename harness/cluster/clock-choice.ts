/** `--clock`: which way the nodes' clocks are bent on this machine. */
import { findLibfaketime, libfaketimeClock } from "./libfaketime-clock.ts";
import type { NodeClocks } from "./node-clocks.ts";
import { preloadClock } from "./preload-clock.ts";

export type ClockChoice = "auto" | "libfaketime" | "preload";

/** `auto` takes libfaketime where it is installed. Refused: libfaketime was asked for by name and is missing. */
export function chooseClocks(
  choice: ClockChoice,
):
  | { readonly type: "chosen"; readonly clocks: NodeClocks }
  | { readonly type: "unavailable"; readonly reason: string } {
  const library = choice === "preload" ? undefined : findLibfaketime();
  if (library !== undefined) return { type: "chosen", clocks: libfaketimeClock(library) };
  if (choice !== "libfaketime") return { type: "chosen", clocks: preloadClock() };
  return {
    type: "unavailable",
    reason:
      "libfaketime is not installed (on Debian: apt-get install libfaketime); --clock preload needs nothing.",
  };
}
