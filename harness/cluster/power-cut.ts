/**
 * A power cut of one node or of many at once, without privilege: every process is killed, and then what no sync had
 * covered is taken back from the files. A kill alone leaves the page cache, and says nothing about durability.
 *
 * Proof: /proc says that the processes are dead, and the shim counted their writes, so that what it holds to be
 * synced was seen and not assumed.
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
  readonly disk: NodeDisk;
};

/** Failed when a process lives on, or the shim saw none of its writes; the disks are then as they were left. */
export async function cutPower(victims: readonly Victim[], loss: PowerLoss, seed: number): Promise<Done> {
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

export type VictimOnImage = Omit<Victim, "disk"> & { readonly image: ImageDisk };

/**
 * What is lost is what the kernel had not written, whatever the plan would lose of it; only bits are flipped where that
 * is asked for. Failed: a process lives on, or an image could not be copied and mounted.
 */
export async function cutPowerOfImages(
  victims: readonly VictimOnImage[],
  loss: PowerLoss,
  seed: number,
): Promise<Done> {
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
