/**
 * Bugs of the field that this server has no place for: what would be wrong cannot be written as one change of it, or
 * the change breaks nothing that is promised.
 */

export type Inapplicable = {
  readonly id: string;
  /** What the wrong code would do, in a few words. */
  readonly name: string;
  /** Why it has no place here. */
  readonly reason: string;
};

export const inapplicable: readonly Inapplicable[] = [
  {
    id: "M11",
    name: "a vector is cut where its entry has the oldest wall clock",
    reason: "Vectors are never cut and their entries carry no wall clock; M10 cuts them all the same.",
  },
  {
    id: "M17",
    name: "events in a damaged or forged context are taken unchecked",
    reason:
      "Two things hold it: a checksum refuses what is damaged, and a coordinator that is shown events it does not remember takes another name. Without the checksum nothing was broken in 25 runs in which half of all contexts came back damaged.",
  },
  {
    id: "M30",
    name: "server and client disagree on which side of a boundary a key lies",
    reason:
      "A client that drives itself only chooses whom to ask: any node serves any key, so a wrong choice costs a hop. Both use one function, held by golden vectors.",
  },
  {
    id: "M37",
    name: "a forwarded write is forwarded again",
    reason:
      "Whoever is forwarded to coordinates; and a request from a node with another ring is refused before it is looked at, so two views cannot send it in circles.",
  },
  {
    id: "M38",
    name: "the coordinator that a context names is followed after it has left",
    reason:
      "The name is only a first choice among the homes; one that is late is doubled after a tenth of a second, which breaks no promise.",
  },
  {
    id: "M39",
    name: "equal digests of clocks are taken for equal values",
    reason: "Reads carry whole states from every replica; there are no digest reads.",
  },
  {
    id: "M51",
    name: "hints are invisible to sloppy reads",
    reason: "A sloppy quorum promises no freshness; what it shows meanwhile is a metric of every run.",
  },
  {
    id: "M55",
    name: "a leaf of the hash tree covers the clock alone",
    reason:
      "States with equal known events have equal versions unless bits rot, and a record with rotten bits fails its checksum and is out of the tree. It takes M02 beside it to show.",
  },
  {
    id: "M59",
    name: "ranges of different rings are compared, and what is too much is deleted",
    reason:
      "Two gates hold it: every request between nodes of different rings is refused, and so is the comparison; and no comparison ever deletes.",
  },
  {
    id: "M64",
    name: "a delete is not forwarded while its partition moves",
    reason: "A delete is a version like any other, written by the one path that all writes take.",
  },
  {
    id: "M63",
    name: "a merge of files drops a tombstone that an older file still needs",
    reason:
      "Files are merged by LevelDB and LMDB, not here. To them a deleted key is a record like any other, until every home has agreed to drop it.",
  },
  {
    id: "M74",
    name: "an operator is answered before the change is synced",
    reason:
      "A node's records share one log: the change is synced with the next write that anybody waits for, milliseconds later. Only a power cut of all nodes within those would show it.",
  },
  {
    id: "M87",
    name: "repair in the background asks nobody",
    reason:
      "What it costs is latency while very much is repaired. A run of 20 s has a few thousand keys, repaired before anybody waits, and simulated nodes have no latency to lose.",
  },
];
