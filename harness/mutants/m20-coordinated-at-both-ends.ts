import type { Mutant } from "./mutant.ts";

export const m20: Mutant = {
  id: "M20",
  name: "a forwarded write is coordinated by who forwarded it as well, as a write of its own",
  change: {
    file: "server/protocols/write-routing.ts",
    find: '    trace.emit({ type: "write-forwarded", ...keyOf(write.name), to: node });\n',
    replacement:
      '    trace.emit({ type: "write-forwarded", ...keyOf(write.name), to: node });\n    const twin = { ...write, writeId: `${write.writeId}+` };\n    coordination.coordinate(twin, deadlineMs).catch(() => undefined);\n',
  },
  story:
    "A client that waits for each of its writes finds two versions of one of them, and never gets rid of the second one's name.",
  plan: { rate: 100, windows: [[]] },
  caughtBy: ["P6", "P7", "P4", "P14"],
  seenIn: "riak_kv#1046",
};
