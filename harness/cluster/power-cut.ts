/**
 * A power cut of one node or of many at once. Every process is killed. Behind the shim, which needs no privilege, what
 * no sync had covered is then taken back from the files; on an image, the disk as it then is takes the place of what
 * was mounted. A kill alone leaves the page cache, and says nothing about durability.
 *
 * Proof: /proc says that the processes are dead; and the shim counted their writes, so that what it holds to be synced
 * was seen and not assumed, or the image was in use.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import type { Done } from "./cluster.ts";
import type { NodeDisk } from "./disk-shim.ts";
import type { ImageDisk } from "./image-disk.ts";
import type { NodeProcess } from "./node-process.ts";
import type { PowerLoss } from "./undo-journal.ts";
import { flipBits, takeBack } from "./undo-playback.ts";

export type Victim = {
  readonly node: NodeName;
  readonly process: Pick<NodeProcess, "kill">;
  /** Behind the shim, or else on an image. */
  readonly disk: NodeDisk | undefined;
  readonly image: ImageDisk | undefined;
};

type Shimmed = Omit<Victim, "image"> & { readonly disk: NodeDisk };
type Imaged = Omit<Victim, "disk"> & { readonly image: ImageDisk };

/** Failed, and nothing was done, when one of their disks is neither. */
export async function cutPower(victims: readonly Victim[], loss: PowerLoss, seed: number): Promise<Done> {
  const shimmed = victims.flatMap(({ disk, ...one }) => (disk === undefined ? [] : [{ ...one, disk }]));
  const imaged = victims.flatMap(({ image, ...one }) => (image === undefined ? [] : [{ ...one, image }]));
  if (shimmed.length === victims.length) return cutBehindShim(shimmed, loss, seed);
  if (imaged.length === victims.length) return cutImages(imaged, loss, seed);
  const named = victims.map(({ node }) => node).join(", ");
  return { type: "failed", reason: `The disk of one of ${named} cannot lose what was not synced.` };
}

/** Failed when a process lives on, or the shim saw none of its writes; the disks are then as they were left. */
async function cutBehindShim(victims: readonly Shimmed[], loss: PowerLoss, seed: number): Promise<Done> {
  const kills = await Promise.all(victims.map(({ process }) => process.kill()));
  const alive = kills.find((outcome) => outcome.type === "failed");
  if (alive !== undefined) return alive;
  const unseen = victims.find(({ disk }) => disk.counts().writes === 0);
  if (unseen !== undefined) {
    const reason = `The shim saw no write of ${unseen.node}, so that nothing can be said of its disk.`;
    return { type: "failed", reason };
  }
  const told = victims.map(({ node, disk }) => {
    const { writes, syncs } = disk.counts();
    const undone = takeBack(disk, loss, streamOf(seed, `power cut ${node}`));
    const { pendingCount, lostCount, lostBytes, flippedBytes } = undone;
    const flipped = flippedBytes === 0 ? "" : `, ${flippedBytes} synced bytes changed`;
    return `${node}: ${lostCount} of ${pendingCount} unsynced changes lost (${lostBytes} bytes)${flipped}, after ${writes} writes and ${syncs} syncs`;
  });
  return { type: "done", evidence: told.join("; ") };
}

/**
 * What is lost is what the kernel had not written, whatever the plan would lose of it; only bits are flipped where that
 * is asked for. Failed: a process lives on, or an image could not be copied and mounted.
 */
async function cutImages(victims: readonly Imaged[], loss: PowerLoss, seed: number): Promise<Done> {
  const kills = await Promise.all(victims.map(({ process }) => process.kill()));
  const alive = kills.find((outcome) => outcome.type === "failed");
  if (alive !== undefined) return alive;
  const cuts = await Promise.all(
    victims.map(async ({ node, image }) => ({ node, image, cut: await image.cut() })),
  );
  const told: string[] = [];
  for (const { node, image, cut } of cuts) {
    if (cut.type === "failed") return cut;
    const { fileCount, changedCount, lostBytes, returnedCount } = cut.loss;
    const stream = streamOf(seed, `power cut ${node}`);
    const flippedBytes = loss === "flipped" ? flipBits(image.dataDirectory, stream) : 0;
    const flipped = flippedBytes === 0 ? "" : `, ${flippedBytes} synced bytes changed`;
    told.push(
      `${node}: ${changedCount} of ${fileCount} files lost unsynced bytes (${lostBytes} bytes), ${returnedCount} came back${flipped}; its journal was replayed`,
    );
  }
  return { type: "done", evidence: told.join("; ") };
}
