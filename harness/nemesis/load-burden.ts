/** What clients beside those of the workload do to a cluster. */
export const loadBurdens = [
  "burst",
  "hot-key",
  "slow-clients",
  "corrupt-context",
  "swapped-context",
] as const;
export type LoadBurden = (typeof loadBurdens)[number];
