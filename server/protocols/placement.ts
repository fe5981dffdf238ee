/**
 * Where a key belongs: its bucket's settings, its partition, its N homes and the fallbacks after them, whom to write it
 * to and whom to read it from now, and the name under which a disk keeps it.
 *
 * All of it follows from the table of members and holders (core/cluster-table.ts) and from nothing else. This is the
 * one place that learns of a new table; everything else asks here for every key.
 */
import { type BucketConfig, defaultBucket, type NodeConfig } from "../config.ts";
import { type ClusterTable, emptyTable } from "../core/cluster-table.ts";
import { positionOf } from "../core/hash.ts";
import { heldTree, holderOf } from "../core/holdings.ts";
import {
  type Change,
  type History,
  historyOf,
  type Member,
  membersOf,
  placedOf,
} from "../core/membership.ts";
import { type Occupancy, occupancyOf, type Roster } from "../core/occupancy.ts";
import { type PreferenceList, preferenceLists } from "../core/preference-list.ts";
import { emptyRing, partitionAt, type Ring } from "../core/ring.ts";
import { ringFor } from "../core/strategy.ts";
import type { NodeId } from "../ports/network.ts";
import type { KeyName, TreeName } from "../rpc/messages.ts";
import { firstMembers } from "./first-members.ts";
import { storageKeyOf, treeId } from "./storage-key.ts";

/** `homes` and `fallbacks` are those of the present ring, whatever is still on its way there. */
export type Placement = PreferenceList & {
  readonly bucket: BucketConfig;
  readonly tree: TreeName;
  /** `partition/bucket/key`: a partition is a range of the store. */
  readonly storageKey: string;
  readonly writing: Roster;
  readonly reading: Roster;
};

type PlacedMember = Pick<Change, "nodeId" | "capacity" | "dc" | "rack" | "seat">;

const knownCountMax = 10_000;

export class Placements {
  readonly self: NodeId;
  readonly #config: NodeConfig;
  readonly #lists = new Map<number, readonly PreferenceList[]>();
  readonly #occupancies = new Map<string, Occupancy>();
  /** Placements lately asked for: every protocol a request passes through asks again. */
  readonly #known = new Map<string, Placement>();
  #table: ClusterTable = emptyTable;
  #members: ReadonlyMap<NodeId, Member> = new Map();
  #ring: Ring;
  /** `origin|tree` -> the members that hold it, ascending. */
  #holders: ReadonlyMap<string, readonly NodeId[]> = new Map();
  #origins: readonly string[] = [];
  #trees: readonly TreeName[] = [];

  /** Until it is told otherwise, with the members of the configuration alone. */
  constructor(config: NodeConfig) {
    this.self = config.nodeId;
    this.#config = config;
    this.#ring = this.#ringOf([]);
    this.learn({ ...emptyTable, history: historyOf(firstMembers(config)) });
  }

  get ring(): Ring {
    return this.#ring;
  }

  /** Whether the ranges themselves depend on who is a member (strategy 1), and not only who has them. */
  get isCutAtTokens(): boolean {
    return this.#config.placement?.strategy === 1;
  }

  get table(): ClusterTable {
    return this.#table;
  }

  /** All members, those that are leaving too, ascending. */
  get members(): ReadonlyMap<NodeId, Member> {
    return this.#members;
  }

  /** The beginnings that the members' groups had; ascending, usually one. */
  get origins(): readonly string[] {
    return this.#origins;
  }

  /** From now on everything is placed by this table. */
  learn(table: ClusterTable): void {
    if (table === this.#table) return;
    const isHistoryNew = table.history !== this.#table.history;
    this.#table = table;
    // A transfer changes many tables in holdings alone.
    if (isHistoryNew) this.#learnMembers(table.history);
    this.#holders = this.#holdersOf([...table.history.values()]);
    this.#occupancies.clear();
    this.#known.clear();
  }

  #learnMembers(history: History): void {
    this.#members = membersOf(history);
    const origins = [...history.values()].map(({ origin }) => origin);
    this.#origins = [...new Set(origins)].filter((one) => one !== "").toSorted();
    const placed = placedOf(this.#members);
    const ring = this.#ringOf(placed.length > 0 ? placed : [...this.#members.values()]);
    if (ring.hash !== this.#ring.hash) this.#lists.clear();
    this.#ring = ring;
    this.#trees = this.#copyCounts().flatMap((copies) =>
      Array.from({ length: ring.partitionCount }, (_, partition) => ({ partition, copies })),
    );
  }

  bucket(name: string): BucketConfig {
    const { buckets } = this.#config;
    return buckets.get(name) ?? buckets.get("default") ?? defaultBucket;
  }

  of(name: KeyName): Placement {
    const id = `${name.bucket}\0${name.key}`;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const placement = this.#place(name);
    if (this.#known.size >= knownCountMax) this.#known.clear();
    this.#known.set(id, placement);
    return placement;
  }

  /** Homes and fallbacks of all keys of one tree, under the present ring. */
  listOf({ partition, copies }: TreeName): PreferenceList {
    const lists = this.#lists.get(copies) ?? preferenceLists(this.#ring, copies);
    this.#lists.set(copies, lists);
    return lists[partition] ?? { homes: [], fallbacks: [] };
  }

  /** Who should hold a tree and who does. */
  occupancyOf(tree: TreeName): Occupancy {
    const id = treeId(tree);
    const known = this.#occupancies.get(id);
    if (known !== undefined) return known;
    const holders = this.#origins.map(
      (origin) => [origin, this.#holders.get(heldTree(origin, id)) ?? []] as const,
    );
    const occupancy = occupancyOf(this.listOf(tree), tree.copies, new Map(holders));
    this.#occupancies.set(id, occupancy);
    return occupancy;
  }

  /** Every tree there is: each partition once for each number of copies that some bucket keeps; in order. */
  trees(): readonly TreeName[] {
    return this.#trees;
  }

  /** The trees that both nodes are read from; in order. */
  sharedTrees(a: NodeId, b: NodeId): readonly TreeName[] {
    return this.trees().filter((tree) => {
      const { homes } = this.occupancyOf(tree).reading;
      return homes.includes(a) && homes.includes(b);
    });
  }

  /** Acknowledgements that some bucket is content with when it keeps this many copies. */
  leastW(copies: number): number {
    const ws = this.#buckets().flatMap((bucket) => (bucket.n === copies ? [bucket.w] : []));
    return Math.min(...ws, copies);
  }

  /** `origin|tree` of all that a member of the first list of `origin` holds before anything has moved. */
  firstTreesOf(nodeId: NodeId, origin: string): readonly string[] {
    const first = [...this.#table.history.values()].filter((change) => change.origin === origin);
    return this.#treesIn(first, origin).flatMap(([held, homes]) => (homes.includes(nodeId) ? [held] : []));
  }

  #place({ bucket: name, key }: KeyName): Placement {
    const bucket = this.bucket(name);
    const partition = partitionAt(this.#ring, positionOf(name, key));
    const tree = { partition, copies: bucket.n };
    const { writing, reading } = this.occupancyOf(tree);
    const storageKey = storageKeyOf(partition, { bucket: name, key });
    return { ...this.listOf(tree), bucket, tree, storageKey, writing, reading };
  }

  #buckets(): readonly BucketConfig[] {
    return [this.bucket("default"), ...this.#config.buckets.values()];
  }

  #copyCounts(): readonly number[] {
    return [...new Set(this.#buckets().map(({ n }) => n))].toSorted((a, b) => a - b);
  }

  #ringOf(members: readonly PlacedMember[]): Ring {
    const { partitionCount, placement = { strategy: 3, partitions: partitionCount } } = this.#config;
    return members.length === 0 ? emptyRing(partitionCount) : ringFor(members, placement, defaultBucket.n);
  }

  #treesIn(
    members: readonly PlacedMember[],
    origin: string,
  ): readonly (readonly [held: string, homes: readonly NodeId[]])[] {
    const ring = this.#ringOf(members);
    return this.#copyCounts().flatMap((copies) =>
      preferenceLists(ring, copies).map(
        ({ homes }, partition) => [heldTree(origin, treeId({ partition, copies })), homes] as const,
      ),
    );
  }

  /** What holders say of themselves; a first member that has said nothing yet holds what it was born with. */
  #holdersOf(changes: readonly Change[]): ReadonlyMap<string, readonly NodeId[]> {
    const holders = new Map<string, NodeId[]>();
    const enter = (held: string, nodeId: NodeId) => {
      const known = holders.get(held);
      if (known === undefined) holders.set(held, [nodeId]);
      else known.push(nodeId);
    };
    const silent: NodeId[] = [];
    for (const member of this.#members.values()) {
      const holding = this.#table.holdings.get(holderOf(member));
      if (holding !== undefined) for (const held of holding.trees) enter(held, member.nodeId);
      else if (member.incarnation === "") silent.push(member.nodeId);
    }
    for (const origin of silent.length > 0 ? this.#origins : []) {
      const first = changes.filter((change) => change.origin === origin);
      for (const [held, homes] of this.#treesIn(first, origin)) {
        for (const node of homes) if (silent.includes(node)) enter(held, node);
      }
    }
    for (const nodes of holders.values()) nodes.sort();
    return holders;
  }
}
