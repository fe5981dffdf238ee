/** Every mutant, in the order of its number, and the benign controls. A new one is a new file and a new row here. */
import { c01 } from "./c01-siblings-in-another-order.ts";
import { c02 } from "./c02-patient-read-repair.ts";
import { c03 } from "./c03-hasty-read-repair.ts";
import { c04 } from "./c04-slow-anti-entropy.ts";
import { c05 } from "./c05-hints-in-another-order.ts";
import { c06 } from "./c06-late-acknowledgements.ts";
import { c07 } from "./c07-always-forwarded.ts";
import { c08 } from "./c08-coordinator-drawn.ts";
import { c09 } from "./c09-flatter-trees.ts";
import { c10 } from "./c10-everything-twice.ts";
import { c11 } from "./c11-three-replies.ts";
import { m01 } from "./m01-plain-version-vectors.ts";
import { m02 } from "./m02-counter-from-context.ts";
import { m03 } from "./m03-ships-only-the-new-version.ts";
import { m04 } from "./m04-actor-kept-after-a-wipe.ts";
import { m05 } from "./m05-counts-on-after-a-restored-backup.ts";
import { m06 } from "./m06-shared-actor.ts";
import { m08 } from "./m08-unreadable-counts-as-absent.ts";
import { m09 } from "./m09-wall-clock-as-counter.ts";
import { m10 } from "./m10-truncated-vector.ts";
import { m12 } from "./m12-missing-entry-counts-as-known.ts";
import { m14 } from "./m14-context-of-one-sibling.ts";
import { m15 } from "./m15-blind-put-overwrites.ts";
import { m18 } from "./m18-epoch-kept-on-replica-puts.ts";
import { m19 } from "./m19-retry-is-another-write.ts";
import { m20 } from "./m20-coordinated-at-both-ends.ts";
import { m22 } from "./m22-clients-name-events.ts";
import { m23 } from "./m23-ties-by-arrival.ts";
import { m24 } from "./m24-stamps-go-back.ts";
import { m25 } from "./m25-stamps-of-tomorrow.ts";
import { m26 } from "./m26-own-copy-counts-twice.ts";
import { m28 } from "./m28-stand-ins-count-as-homes.ts";
import { m31 } from "./m31-partial-write-called-failed.ts";
import { m33 } from "./m33-first-reply-answers.ts";
import { m35 } from "./m35-read-repair-chooses-a-winner.ts";
import { m41 } from "./m41-values-as-text.ts";
import { m43 } from "./m43-hint-deleted-on-send.ts";
import { m44 } from "./m44-hints-in-memory.ts";
import { m46 } from "./m46-hint-dropped-with-its-target.ts";
import { m47 } from "./m47-hints-expire-by-the-wall-clock.ts";
import { m49 } from "./m49-hint-for-who-has-left.ts";
import { m52 } from "./m52-hints-given-up.ts";
import { m54 } from "./m54-trees-trusted-after-a-crash.ts";
import { m56 } from "./m56-order-dependent-tree.ts";
import { m58 } from "./m58-tombstones-left-out-of-trees.ts";
import { m60 } from "./m60-reaped-without-asking-everybody.ts";
import { m61 } from "./m61-counted-from-one-again.ts";
import { m65 } from "./m65-joiner-is-read-at-once.ts";
import { m66 } from "./m66-source-drops-what-it-has-sent.ts";
import { m68 } from "./m68-quorum-of-the-union.ts";
import { m70 } from "./m70-members-by-the-wall-clock.ts";
import { m72 } from "./m72-seeds-ignored.ts";
import { m73 } from "./m73-detector-removes-members.ts";
import { m76 } from "./m76-empty-node-answers.ts";
import { m77 } from "./m77-no-sync.ts";
import { m78 } from "./m78-no-checksum.ts";
import { m79 } from "./m79-log-ends-at-a-bad-record.ts";
import { m81 } from "./m81-failed-write-ignored.ts";
import { m82 } from "./m82-buffered-counts-as-synced.ts";
import { m84 } from "./m84-waits-by-the-wall-clock.ts";
import { m85 } from "./m85-heartbeats-age-by-the-wall-clock.ts";
import { m88 } from "./m88-repair-starved.ts";
import { m93 } from "./m93-http-calls-unknown-failed.ts";
import { m94 } from "./m94-data-directory-ignored.ts";
import type { Mutant } from "./mutant.ts";

export const mutants: readonly Mutant[] = [
  m01,
  m02,
  m03,
  m04,
  m05,
  m06,
  m08,
  m09,
  m10,
  m12,
  m14,
  m15,
  m18,
  m19,
  m20,
  m22,
  m23,
  m24,
  m25,
  m26,
  m28,
  m31,
  m33,
  m35,
  m41,
  m43,
  m44,
  m46,
  m47,
  m49,
  m52,
  m54,
  m56,
  m58,
  m60,
  m61,
  m65,
  m66,
  m68,
  m70,
  m72,
  m73,
  m76,
  m77,
  m78,
  m79,
  m81,
  m82,
  m84,
  m85,
  m88,
  m93,
  m94,
];

/** Changes that break no promise: they must stay green. */
export const controls: readonly Mutant[] = [c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11];
