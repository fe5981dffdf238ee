/**
 * Faults as a user writes them, one window after another, separated by commas:
 *
 *   kill   pause@n2   partition:one-way   partition:halves@n1/n2+kill@n1   clock:+1d   power-cut:torn@all
 *   partition@n1>n2/n3>n1   clock:drift   link:delay   link:30%   memory:64mb   disk:full@n2   join@n6+kill   leave@n6
 *   pause@coordinator   kill@homes(cart/s1/0)   pause@hint-holder   kill@n2!hint-stored
 *   load:burst   load:hot-key
 *
 * Behind a colon stands what kind of the fault it is, behind @ whom it hits; what is left out is drawn from the seed.
 * `kill@n2!hint-stored` strikes when n2 comes to that moment of a protocol; without names, whoever comes to it first.
 * `+` puts several faults into one window; each begins its share of the window after the one before, and all end
 * together. `n1>n2` is a grudge: what n1 sends to n2 is lost.
 */
import { type Moment, momentNamed, moments } from "../server/adapters/moments.ts";
import { type DiskDamage, diskDamages } from "./cluster/disk-damage.ts";
import { type DiskTrouble, diskTroubles } from "./cluster/disk-trouble.ts";
import { type LinkTrouble, linkTroubles, lossPercents } from "./cluster/link-shape.ts";
import { type PowerLoss, powerLosses } from "./cluster/undo-journal.ts";
import { type LoadBurden, loadBurdens } from "./nemesis/load-burden.ts";
import { type ClockMotion, type FaultKind, faultKinds, roles } from "./nemesis/nemesis.ts";
import { type DrawnShape, drawnShapes } from "./nemesis/partition.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { crowds, parseVictims, type Victims, victimNotation } from "./victim-notation.ts";

/** A fault as a user asks for it. What is left open is drawn. */
export type FaultRequest = {
  readonly kind: FaultKind;
  readonly shape?: DrawnShape;
  readonly link?: LinkTrouble;
  /** Of packets that a link loses. */
  readonly percent?: number;
  readonly offsetMs?: number;
  /** Without an offset, a `jump` is a bump: of any size from 11 ms to 288 s. */
  readonly motion?: ClockMotion;
  readonly loss?: PowerLoss;
  readonly trouble?: DiskTrouble;
  /** In place of a trouble. */
  readonly damage?: DiskDamage;
  readonly heapMb?: number;
  readonly burden?: LoadBurden;
  /** At which moment of a protocol it strikes; by default as soon as it begins. */
  readonly on?: Moment;
} & Victims;

/** The faults of one window, at least one. */
export type FaultWindow = readonly FaultRequest[];

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "+1d", "-288s", "250ms" in ms; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const parts = /^([+-]?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = parts?.[2] === undefined ? undefined : unitMs[parts[2]];
  return parts?.[1] === undefined || unit === undefined ? undefined : Math.round(Number(parts[1]) * unit);
}

type Detail = {
  /** What may stand behind the colon, for a sentence. */
  readonly takes: string;
  readonly read: (text: string) => Omit<FaultRequest, "kind"> | undefined;
};

const oneOf = <T extends string>(
  words: readonly T[],
  request: (word: T) => Omit<FaultRequest, "kind">,
): Detail => ({
  takes: `one of ${words.join(", ")}`,
  read: (text) => {
    const word = words.find((known) => known === text);
    return word === undefined ? undefined : request(word);
  },
});

const nothing: Detail = { takes: "nothing", read: () => undefined };

const clockWords: ReadonlyMap<string, ClockMotion> = new Map([
  ["bump", "jump"],
  ["strobe", "strobe"],
  ["freeze", "freeze"],
  ["drift", "drift"],
]);

const clockDetail: Detail = {
  takes: `an offset such as +1d or -288s, or one of ${[...clockWords.keys()].join(", ")}`,
  read: (text) => {
    const [motion, offsetMs] = [clockWords.get(text), parseDuration(text)];
    if (motion !== undefined) return { motion };
    return offsetMs === undefined ? undefined : { offsetMs };
  },
};

const memoryDetail: Detail = {
  takes: "MiB of heap, from 32mb to 4096mb",
  read: (text) => {
    const heapMb = Number(/^(\d{1,4})mb$/.exec(text)?.[1]);
    return heapMb >= 32 && heapMb <= 4096 ? { heapMb } : undefined;
  },
};

const linkDetail: Detail = {
  takes: `one of ${linkTroubles.join(", ")}, or a share of packets that are lost, such as 30%`,
  read: (text) => {
    const percent = Number(/^(\d{1,2})%$/.exec(text)?.[1]);
    if (percent >= lossPercents.least && percent <= lossPercents.most) return { link: "loss", percent };
    const link = linkTroubles.find((known) => known === text);
    return link === undefined ? undefined : { link };
  },
};

const diskDetail: Detail = {
  takes: `one of ${[...diskTroubles, ...diskDamages].join(", ")}`,
  read: (text) => {
    const trouble = diskTroubles.find((known) => known === text);
    const damage = diskDamages.find((known) => known === text);
    if (trouble !== undefined) return { trouble };
    return damage === undefined ? undefined : { damage };
  },
};

const details: Readonly<Record<FaultKind, Detail>> = {
  kill: nothing,
  stop: nothing,
  restart: nothing,
  pause: nothing,
  starve: nothing,
  files: nothing,
  memory: memoryDetail,
  partition: oneOf(drawnShapes, (shape) => ({ shape })),
  link: linkDetail,
  clock: clockDetail,
  "power-cut": oneOf(powerLosses, (loss) => ({ loss })),
  disk: diskDetail,
  join: nothing,
  leave: nothing,
  load: oneOf(loadBurdens, (burden) => ({ burden })),
};

/** Faults that can be done to a node while it stands still. */
export const striking: ReadonlySet<FaultKind> = new Set(["kill", "pause", "partition", "clock", "power-cut"]);

/** The same fault, striking at the moment called `word`; otherwise what is wrong with that, as a part of a sentence. */
export function withMoment(request: FaultRequest, word: string): FaultRequest | string {
  const on = momentNamed(word);
  if (on === undefined) return `"${word}" is no moment; known are ${[...moments.keys()].join(", ")}`;
  if (!striking.has(request.kind)) {
    return `${request.kind} waits for no moment; ${[...striking].join(", ")} can`;
  }
  return request.on === undefined ? { ...request, on } : "it waits for a moment already";
}

/** What may stand behind the @ in place of nodes, as a part of a sentence. */
function othersThan(kind: FaultKind): string {
  if (kind === "join" || kind === "leave") return "or all";
  const pairs = kind === "partition" ? ", or pairs such as n1>n2/n2>n3 in place of a shape" : "";
  return `or ${[...crowds, ...roles].join(", ")}${pairs}`;
}

/** One fault. Refused with a sentence that begins with `where`, such as "--faults". */
export function parseFault(word: string, where = "--faults"): FaultRequest | Refusal {
  const parts = /^([^:@!]*)(?::([^@!]*))?(?:@([^!]*))?(?:!(.*))?$/.exec(word);
  const [, kindText, detailText, nodeText, momentText] = parts ?? [];
  const kind = faultKinds.find((known) => known === kindText);
  if (kind === undefined) {
    return refuse("usage", `${where}: "${word}" is no fault; known are ${faultKinds.join(", ")}, or none.`);
  }
  const detail = detailText === undefined ? {} : details[kind].read(detailText);
  if (detail === undefined) {
    return refuse("usage", `${where}: "${word}"; behind the colon ${kind} takes ${details[kind].takes}.`);
  }
  const victims = nodeText === undefined ? {} : parseVictims(kind, nodeText);
  if (victims === undefined || (victims.grudge !== undefined && detailText !== undefined)) {
    return refuse(
      "usage",
      `${where}: "${word}"; behind the @ stand nodes such as n1/n2, ${othersThan(kind)}.`,
    );
  }
  const request = { kind, ...detail, ...victims };
  const struck = momentText === undefined ? request : withMoment(request, momentText);
  return typeof struck === "string" ? refuse("usage", `${where}: "${word}"; ${struck}.`) : struck;
}

/** The windows that `text` asks for; "none" or "" for no fault at all. */
export function parseFaults(text: string): readonly FaultWindow[] | Refusal {
  if (text === "" || text === "none") return [];
  const windows: FaultWindow[] = [];
  for (const windowText of text.split(",")) {
    const window: FaultRequest[] = [];
    // A `+` before a digit is the sign of an offset.
    for (const word of windowText.split(/\+(?=[a-z])/)) {
      const fault = parseFault(word.trim());
      if ("type" in fault) return fault;
      window.push(fault);
    }
    windows.push(window);
  }
  return windows;
}

/** `windows` as `parseFaults` reads them. */
export function faultNotation(windows: readonly FaultWindow[]): string {
  if (windows.length === 0) return "none";
  return windows.map((window) => window.map(notationOf).join("+")).join(",");
}

/** One fault as `parseFault` reads it. */
export function notationOf(request: FaultRequest): string {
  const detail = detailOf(request);
  const victims = victimNotation(request);
  return [
    request.kind,
    detail === undefined ? "" : `:${detail}`,
    victims === undefined ? "" : `@${victims}`,
    request.on === undefined ? "" : `!${request.on}`,
  ].join("");
}

function detailOf({
  shape,
  link,
  loss,
  trouble,
  damage,
  motion,
  offsetMs,
  heapMb,
  percent,
  burden,
}: FaultRequest): string | undefined {
  if (offsetMs !== undefined) return `${offsetMs}ms`;
  if (heapMb !== undefined) return `${heapMb}mb`;
  if (percent !== undefined) return `${percent}%`;
  return shape ?? burden ?? link ?? loss ?? trouble ?? damage ?? (motion === "jump" ? "bump" : motion);
}
