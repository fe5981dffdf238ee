/**
 * The trees on disk, between a clean stop and the next start, which then need not read the whole store.
 *
 * They are written last of all, when nothing is under way any more, and before the record that calls the stop clean;
 * a start that finds no such record does not look at them. A tree that survived a crash its data did not would hide
 * for ever what was lost. Should the store have changed meanwhile all the same, the scrub finds that they disagree.
 */
import * as z from "zod";
import type { Write } from "../ports/storage.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import { keyNameOf } from "./storage-key.ts";

const treeSchema = z.object({
  /** Counts up when hashes or shapes change, so that trees of another version are grown anew. */
  format: z.literal(1),
  tree: z.object({ partition: z.number(), copies: z.number() }),
  hashes: z.array(z.tuple([z.string(), z.string()])),
});

type SavedTree = z.infer<typeof treeSchema>;

/** Read between two turns of the event loop: requests are answered meanwhile. */
const treesAtOnce = 4;

/** Replaces what was saved before. False when the disk refused. */
export async function saveTrees(disk: Disk, forest: Forest): Promise<boolean> {
  const stale = await disk.scan("trees", { prefix: "", limit: 100_000 });
  if (stale.type === "failed") return false;
  const trees = forest.planted();
  const current = new Set(trees.map(({ id }) => id));
  const deletions: readonly Write[] = stale.entries
    .filter(({ key }) => !current.has(key))
    .map(({ key }) => ({ type: "delete", space: "trees", key }));
  const puts = trees.map(({ id, tree, hashes }): Write => {
    const saved: SavedTree = { format: 1, tree: { ...tree }, hashes: [...hashes] };
    return { type: "put", space: "trees", key: id, bytes: new TextEncoder().encode(JSON.stringify(saved)) };
  });
  return (await disk.write([...deletions, ...puts], "synced")).type === "written";
}

/** Adds what was saved to the forest, where nothing newer is known. False when some tree cannot be read. */
export async function loadTrees(disk: Disk, forest: Forest): Promise<boolean> {
  let after: string | undefined;
  for (;;) {
    const range = after === undefined ? { prefix: "" } : { prefix: "", after };
    const scanned = await disk.scan("trees", { ...range, limit: treesAtOnce });
    if (scanned.type === "failed") return false;
    for (const { read } of scanned.entries) {
      const saved = read.type === "found" ? parsed(read.bytes) : undefined;
      if (saved === undefined) return false;
      const { tree, hashes } = saved;
      for (const [storageKey, hash] of hashes) {
        forest.setIfUnknown({ tree, storageKey }, keyNameOf(storageKey), hash);
      }
    }
    after = scanned.entries.at(-1)?.key;
    if (after === undefined) return true;
  }
}

function parsed(bytes: Uint8Array): SavedTree | undefined {
  try {
    return treeSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}
