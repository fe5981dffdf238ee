/**
 * Whom a fault hits, as it is written behind the @:
 *
 *   n1/n2   all   one   minority   majority   homes   homes(cart/s1/0)   coordinator   hint-holder   n1>n2/n3>n1
 *
 * Names stand in the plan. One, a minority (at least one) or a majority is drawn from the seed. A role, of a key or of
 * the busiest one, is asked of the cluster when the fault begins; in a key stands %2C for a comma, and so on.
 */
import type { NodeName } from "../checkers/history/event.ts";
import type { Grudge } from "./cluster/cluster.ts";
import type { FaultKind, Role } from "./nemesis/nemesis.ts";

/** In place of a list of nodes. */
export const crowds = ["all", "one", "minority", "majority"] as const;

/** A role, and of those that go with a key which one; the busiest unless it is said. */
export type AimRequest = { readonly role: Role; readonly key?: string };

export type Victims = {
  /** Names, or one of `crowds`; of a partition the nodes that come first in its order of sides. */
  readonly nodes?: readonly NodeName[];
  /** In place of a shape. */
  readonly grudge?: Grudge;
  readonly aim?: AimRequest;
};

/** Undefined for what is none of these, and for what a fault of this kind cannot hit. */
export function parseVictims(kind: FaultKind, text: string): Victims | undefined {
  const aim = parseAim(text);
  if (aim !== undefined) return kind === "join" || kind === "leave" ? undefined : { aim };
  const words = text.split("/");
  if (words.some((word) => !/^[a-z0-9]+(>[a-z0-9]+)?$/i.test(word))) return undefined;
  if (!text.includes(">")) return { nodes: words };
  const grudge = words.map((word) => {
    const [from = "", to = ""] = word.split(">");
    return { from, to };
  });
  const isSound = grudge.every(({ from, to }) => to !== "" && from !== to);
  return kind === "partition" && isSound ? { grudge } : undefined;
}

function parseAim(text: string): AimRequest | undefined {
  if (text === "hint-holder") return { role: text };
  const parts = /^(homes|coordinator)(?:\((.+)\))?$/.exec(text);
  const role = (["homes", "coordinator"] as const).find((known) => known === parts?.[1]);
  if (role === undefined) return undefined;
  if (parts?.[2] === undefined) return { role };
  try {
    return { role, key: decodeURIComponent(parts[2]) };
  } catch {
    return undefined;
  }
}

/** As `parseVictims` reads it; undefined where nobody is named. */
export function victimNotation({ nodes, grudge, aim }: Victims): string | undefined {
  if (grudge !== undefined) return grudge.map(({ from, to }) => `${from}>${to}`).join("/");
  if (aim === undefined) return nodes?.join("/");
  return aim.key === undefined ? aim.role : `${aim.role}(${encodedKey(aim.key)})`;
}

/** Slashes are left as they are, for people. */
const encodedKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replaceAll(/[!()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Who that is. `drawn`: all members in an order that chance has decided. */
export function namedNodes(
  words: readonly NodeName[],
  members: readonly NodeName[],
  drawn: readonly NodeName[],
): readonly NodeName[] {
  const crowd = crowds.find((known) => words.includes(known));
  switch (crowd) {
    case undefined:
      return words;
    case "all":
      return members;
    case "one":
      return drawn.slice(0, 1);
    case "minority":
      return drawn.slice(0, Math.max(1, Math.floor((members.length - 1) / 2)));
    case "majority":
      return drawn.slice(0, Math.floor(members.length / 2) + 1);
  }
}
