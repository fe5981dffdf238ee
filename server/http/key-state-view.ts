/** The raw state of a key as JSON, for the harness and for a person who wonders why a sibling is still there. */
import { hash } from "node:crypto";
import type { Dot, KeyState } from "../core/versions.ts";

/** Write ids and the SHA-1 of each value's bytes, apart from the deletes. */
export function digestsOf(state: KeyState): {
  readonly siblings: readonly { readonly writeId: string; readonly digest: string }[];
  readonly tombstones: readonly string[];
} {
  const siblings: { writeId: string; digest: string }[] = [];
  const tombstones: string[] = [];
  for (const { writeId, value } of state.siblings) {
    if (value === null) tombstones.push(writeId);
    else siblings.push({ writeId, digest: hash("sha1", value) });
  }
  return { siblings, tombstones };
}

/** Everything a state holds; values as base64, null for a tombstone. */
export function keyStateView(state: KeyState) {
  return {
    clock: [...state.clock].map(([actor, counter]) => ({ actor, counter })),
    cloud: state.cloud.map(dotText),
    siblings: state.siblings.map(({ dots, writeId, value, wallMs }) => ({
      writeId,
      dots: dots.map(dotText),
      wallMs,
      value: value === null ? null : Buffer.from(value).toString("base64"),
    })),
    recent: state.recent.latest().map(({ writeId, dots }) => ({ writeId, dots: dots.map(dotText) })),
  };
}

function dotText({ actor, counter }: Dot): string {
  return `${actor}:${counter}`;
}
