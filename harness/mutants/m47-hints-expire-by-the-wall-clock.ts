import type { Mutant } from "./mutant.ts";

export const m47: Mutant = {
  id: "M47",
  name: "a hint older than three hours of wall-clock time is dropped undelivered",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: '    if (loaded.type !== "found") {',
    replacement:
      '    const isExpired = loaded.type === "found" && loaded.record.state.siblings.every(({ wallMs }) => this.#parts.clock.wallMs() - wallMs > 3 * 3_600_000);\n    if (loaded.type !== "found" || isExpired) {',
  },
  story:
    "The clocks of those who hold hints jump ahead by a day while the home is down. The hints look old and are dropped. With W = 1 and the homes beyond a cut they were the only copies.",
  plan: {
    rate: 100,
    windowMs: 8000,
    bucket: { n: 2, r: 1, w: 1 },
    windows: [
      [
        { kind: "partition", shape: "halves" },
        { kind: "clock", nodes: 2, offsetMs: 86_400_000 },
      ],
    ],
  },
  flags: ["--n", "2", "--r", "1", "--w", "1", "--faults", "partition:halves@n1/n2+clock:+1d@n1/n2"],
  caughtBy: ["P1", "P2"],
  seenIn: "Cassandra stops hinting after a fixed time",
};
