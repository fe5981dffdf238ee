/**
 * Where the paper and the lectures contradict themselves or are silent, and what was decided here (X1 to X19); and
 * where this server goes beyond the paper. Shown in `server/README.md`.
 */

export type Decision = { readonly id: string; readonly gap: string; readonly decision: string };

const gaps: readonly (readonly [gap: string, decision: string])[] = [
  [
    "§4.5 forwards every request to the list, §6.4 lets any node coordinate reads",
    "reads anywhere, writes in the list",
  ],
  [
    "§4.5 has the first of the list coordinate, §5 the one that answered the last read first",
    "the context's hint, then the order of the list",
  ],
  [
    "§1 and Table 1 have failures gossiped, §4.8.3 dropped that",
    "each node believes its own traffic; belief never changes membership",
  ],
  ["§4.2 says “larger than”, its figure closes ranges on the right", "closed on the right"],
  [
    "§4.5 writes a reconciled version back, yet merging is the client's",
    "only the set of siblings is written back, never a winner",
  ],
  ["§6.4 says the mean falls by 3 to 4 ms, Table 2 by 2.35 and 2.12", "the table is quoted"],
  ["the shares of §6.3 add up to 99.94113 %", "the rest is printed as unreported, nothing is normalised"],
  ["§6.2 says three orders of magnitude less metadata, Figure 8 shows 16 to 32 times", "both are quoted"],
  ["§6.1 says 5 times by buffering, Figure 5 shows 2.5 to 3", "the threshold is 2"],
  ["§6 has a couple of hundred nodes, Figure 6 moves in ninths", "the model has nine"],
  [
    "§4.6 asks for a durable write at W = 1, §6.1 buffers it",
    "`dw` is apart from `w`, and acknowledgements say how durable they are",
  ],
  [
    "§4.6 refuses only when all nodes are down, §6.4 wants a coordinator of the list",
    "the list, extended, is all nodes",
  ],
  [
    "deletes and their collection: silent",
    "a delete is a version; what is gone is proved gone before it is collected",
  ],
  ["a hint whose target is removed: silent", "it is addressed anew, never dropped"],
  [
    "two puts at one coordinator; a lost disk under an old name: silent",
    "dotted version vectors, and epochs",
  ],
  ["writes while a range moves: silent", "written to old and new homes, a quorum in each"],
  ["a failed put may still take effect: silent", "every refusal says `none` or `unknown`"],
  [
    "R + W > N “sees all updates without failures”; a sloppy quorum not even then",
    "staleness is hard for strict buckets on a stable ring only",
  ],
  [
    "Riak's manual gives 86,400 for `old_vclock` as milliseconds and as a day",
    "every duration here has its unit in its name",
  ],
];

export const decisions: readonly Decision[] = gaps.map(([gap, decision], index) => {
  return { id: `X${index + 1}`, gap, decision };
});

export function decisionTable(): string {
  const rows = decisions.map(({ id, gap, decision }) => `| ${id} | ${gap} | ${decision} |`);
  return ["| | conflict or gap | decision |", "|---|---|---|", ...rows].join("\n");
}
