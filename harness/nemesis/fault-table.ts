/**
 * Every fault, every way in which it is carried out, who may do it, and the test that does; what no test does says
 * what is missing. The table in README.md is made from this: a kind, shape or motion without a row does not compile,
 * and a row whose test is gone fails.
 */
import type { DiskDamage } from "../cluster/disk-damage.ts";
import type { DiskTrouble } from "../cluster/disk-trouble.ts";
import type { LinkTrouble } from "../cluster/link-shape.ts";
import type { PowerLoss } from "../cluster/undo-journal.ts";
import { aimedRows } from "./aimed-rows.ts";
import { anyone, type Exercise, type FaultRow, inContract, untied, type Way } from "./fault-ways.ts";
import { linkRows } from "./link-rows.ts";
import type { LoadBurden } from "./load-burden.ts";
import { loadRows } from "./load-rows.ts";
import type { ClockMotion, FaultKind } from "./nemesis.ts";
import type { PartitionShape } from "./partition.ts";

type OfKind<Kind extends FaultKind, Detail extends string> = `${Kind}:${Detail}`;

export type FaultName =
  | Exclude<FaultKind, "partition" | "link" | "clock" | "disk" | "power-cut" | "load">
  | OfKind<"partition", PartitionShape>
  | OfKind<"link", LinkTrouble>
  | OfKind<"clock", ClockMotion>
  | OfKind<"disk", DiskTrouble | DiskDamage>
  | OfKind<"power-cut", PowerLoss>
  | OfKind<"load", LoadBurden>;

const withCompiler = (exercise: Exercise): Way => ({
  backend: "shim in LD_PRELOAD",
  user: "with `cc`",
  root: "with `cc`",
  exercise,
});

const clockWays = (title: string): readonly Way[] => [
  {
    backend: "libfaketime",
    user: "where it is installed",
    root: "where it is installed",
    exercise: inContract(title),
  },
  anyone("node preload", inContract(title)),
];

const clock = (act: string, ways: readonly Way[]): FaultRow => ({
  act: `${act}; the true time again`,
  proof: "the clock that the node reports",
  ways,
});

const inTurns: Exercise = { file: "nemesis/clock-skew.test.ts", title: "keeps its beat in a $motion" };

const clockInTurns: readonly Way[] = [
  {
    backend: "libfaketime, which looks once a second: turns last as long",
    user: "where it is installed",
    root: "where it is installed",
    exercise: inTurns,
  },
  anyone("node preload", inTurns),
];

const powerCut: FaultRow = {
  act: "SIGKILL to all its nodes at once, and what no sync had covered is taken back; started again",
  proof:
    "the state in /proc; writes and syncs that the shim counted, or an image that was in use, and what was lost",
  ways: [
    withCompiler(inContract("cuts the power of all nodes at once")),
    {
      backend: "mounted image",
      user: "no: mounting needs root",
      root: "in the private namespace; loses what the kernel had not written, whichever of them",
      exercise: {
        file: "cluster/image-disk.contract.test.ts",
        title: "keep what they acknowledged when the power of all goes at once",
      },
    },
  ],
};

const disk = (act: string, exercise: Exercise): FaultRow => ({
  act: `${act}; sound again, and started if the node ended of it`,
  proof: "calls that met it, as the shim counted them",
  ways: [withCompiler(exercise)],
});

const failingCalls: Exercise = {
  file: "cluster/undo-journal.test.ts",
  title: "fails calls with what it is told",
};

const damaged = (act: string, title: string): FaultRow => ({
  act: `SIGKILL, ${act}, started on that; an empty disk and its place again where it refuses to run on it`,
  proof: "the state in /proc; digests of all files before and after",
  ways: [anyone("files of a killed node", inContract(title))],
});
/** One row for all that are done to files in place. */
const damagedInPlace = damaged(
  "bits of the largest file flipped, its tail cut off, a block of it zeroed, or it is exchanged with another file",
  "damages the files of a node",
);

const membership = (act: string): FaultRow => ({
  act: `${act}, ordered at any member that answers; nothing is undone`,
  proof: "what the members say of the node; how much is left to move at the end",
  ways: [anyone("admin port", untied("is not effective, and one that acts is"))],
});

export const faultTable: Readonly<Record<FaultName, FaultRow>> = {
  kill: {
    act: "SIGKILL; started again on its data",
    proof: "the state in /proc; the line that says it serves",
    ways: [anyone("signals", inContract("kills a node, which then answers nothing"))],
  },
  stop: {
    act: "SIGTERM; started again",
    proof: "exit code 0 and the state in /proc",
    ways: [anyone("signals", inContract("stops a node in good order"))],
  },
  restart: {
    act: "SIGTERM and a start at once",
    proof: "exit code, and the new process serves",
    ways: [anyone("signals", untied("is not effective, and one that acts is"))],
  },
  pause: {
    act: "SIGSTOP; SIGCONT",
    proof: "state `T` in /proc",
    ways: [anyone("signals", inContract("pauses a node, which then answers nothing"))],
  },
  starve: {
    act: "held back after 5 of every 100 ms of a processor, or stopped for 80 of every 100 ms; its own again",
    proof:
      "the group in /proc, and the periods in which the kernel held it back; or state `T` in /proc, in every turn",
    ways: [
      anyone("SIGSTOP in turns", {
        file: "nemesis/pause.test.ts",
        title: "is stopped in every turn, and says how often that was seen",
      }),
      {
        backend: "cgroup (v1 or v2)",
        user: "no: making groups needs root",
        root: "where they are mounted and writable",
        exercise: inContract("leaves one node a little of a processor"),
      },
    ],
  },
  files: {
    act: "no room for another open file: accept and open fail with EMFILE; room again, and started if it ended of it",
    proof: "the limit in /proc; a new connection that is hung up on",
    ways: [anyone("prlimit", inContract("leaves a node no room for another open file"))],
  },
  memory: {
    act: "restarted with a small heap, and again with its own",
    proof: "the environment of the process in /proc",
    ways: [anyone("limit of Node's heap", inContract("starts a node with little memory"))],
  },
  ...linkRows,
  "clock:jump": clock("a jump of a given or drawn size", clockWays("shifts the clock of one node")),
  "clock:strobe": clock("jumps to and fro, every tenth of a second", clockInTurns),
  "clock:freeze": clock("it stands still", clockWays("lets the clock of one node stand still")),
  "clock:drift": clock("further off with each second", clockInTurns),
  "power-cut:whole": powerCut,
  "power-cut:part": powerCut,
  "power-cut:torn": powerCut,
  "power-cut:flipped": {
    ...powerCut,
    act: "as above, and a bit in every 32 KiB of the middle of each file; only on request",
    ways: [
      withCompiler({
        file: "cluster/undo-journal.test.ts",
        title: "gives back large files with single bits changed",
      }),
    ],
  },
  "disk:full": disk("half a write, then ENOSPC", {
    file: "cluster/undo-journal.test.ts",
    title: "writes half before it is full",
  }),
  "disk:io-error": disk("writes fail with EIO", failingCalls),
  "disk:sync-error": disk("syncs fail with EIO", failingCalls),
  "disk:read-error": disk(
    "started anew, and reads fail with EIO",
    inContract("starts a node on a disk that cannot be read"),
  ),
  "disk:read-only": disk("writes fail with EROFS", failingCalls),
  "disk:file-too-large": disk("writes fail with EFBIG", failingCalls),
  "disk:slow": disk("writes and syncs come 20 ms late", inContract("slows the disk of one node")),
  "disk:wiped": damaged("its files removed", "wipes the disk of a node"),
  "disk:backup": damaged(
    "its files copied; it goes on, is killed, gets the copy",
    "puts an old copy in place of the files of a node",
  ),
  "disk:flip": damagedInPlace,
  "disk:truncate": damagedInPlace,
  "disk:zeroed": damagedInPlace,
  "disk:swapped": damagedInPlace,
  join: membership("a node is let in"),
  leave: membership("a node goes"),
  ...loadRows,
};

const cell = (exercise: Exercise): string =>
  "missing" in exercise ? `missing: ${exercise.missing}` : `\`${exercise.file}\`: ${exercise.title}`;

/** Rows for README.md; faults that are the same but for their detail share one. */
export function faultTableText(): string {
  const grouped = new Map<FaultRow, string[]>();
  for (const [name, row] of [...Object.entries(faultTable), ...Object.entries(aimedRows)]) {
    grouped.set(row, [...(grouped.get(row) ?? []), `\`${name}\``]);
  }
  const rows = [...grouped].flatMap(([{ act, proof, ways }, names]) =>
    ways.map(({ backend, user, root, exercise }, index) =>
      [
        ...(index === 0 ? [names.join(", "), act, proof] : ["", "", ""]),
        backend,
        user,
        root,
        cell(exercise),
      ].join(" | "),
    ),
  );
  return [
    "| Fault | What is done and undone | Proof from outside | Backend | Ordinary user | Root | Exercised by |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

export const faultTableMarks = {
  start: "<!-- faults: generated from nemesis/fault-table.ts -->",
  end: "<!-- end of faults -->",
} as const;

/** `readme` with the table between its marks as it is now; undefined when there is no such place. */
export function withFaultTable(readme: string): string | undefined {
  const [start, end] = [readme.indexOf(faultTableMarks.start), readme.indexOf(faultTableMarks.end)];
  if (start < 0 || end < start) return undefined;
  const before = readme.slice(0, start + faultTableMarks.start.length);
  return `${before}\n${faultTableText()}\n${readme.slice(end)}`;
}
