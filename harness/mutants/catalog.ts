/** Every mutant, in the order of its number. A new one is a new file and a new row here. */
import { m01 } from "./m01-plain-version-vectors.ts";
import { m02 } from "./m02-counter-from-context.ts";
import { m03 } from "./m03-ships-only-the-new-version.ts";
import { m12 } from "./m12-missing-entry-counts-as-known.ts";
import { m15 } from "./m15-blind-put-overwrites.ts";
import { m31 } from "./m31-partial-write-called-failed.ts";
import { m35 } from "./m35-read-repair-chooses-a-winner.ts";
import { m44 } from "./m44-hints-in-memory.ts";
import { m47 } from "./m47-hints-expire-by-the-wall-clock.ts";
import { m56 } from "./m56-order-dependent-tree.ts";
import { m58 } from "./m58-tombstones-left-out-of-trees.ts";
import { m77 } from "./m77-no-sync.ts";
import { m85 } from "./m85-heartbeats-age-by-the-wall-clock.ts";
import type { Mutant } from "./mutant.ts";

export const mutants: readonly Mutant[] = [m01, m02, m03, m12, m15, m31, m35, m44, m47, m56, m58, m77, m85];
