/** Chooses how a bucket tells versions apart; the only file that knows all ways. */
import { dottedVersions } from "./dotted-versions.ts";
import { plainVersions } from "./plain-versions.ts";
import { stampedVersions } from "./stamped-versions.ts";
import type { Versions, VersionsMode } from "./versions.ts";

/** The implementation of a bucket's mode. */
export function versionsOf(mode: VersionsMode): Versions {
  switch (mode) {
    case "dvv":
      return dottedVersions;
    case "vv-max":
      return plainVersions;
    case "lww":
      return stampedVersions;
  }
}
