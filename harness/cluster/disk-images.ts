/**
 * Images for all nodes of a run, where they can be had: by root, in a mount namespace that is the run's own. There the
 * kernel takes every mount back when the last process of the run has ended, and with it the loop device, which is
 * bound to its mount, and the image, which has no name any more. On the host nobody would.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { NodeName } from "../../checkers/history/event.ts";
import { hasOwnMounts } from "../namespace/enclosure.ts";
import { findProgram } from "../shell.ts";
import { ImageDisk } from "./image-disk.ts";

export type Images =
  | { readonly type: "mounted"; readonly images: ReadonlyMap<NodeName, ImageDisk> }
  /** One sentence, with what would make it possible. */
  | { readonly type: "unavailable"; readonly reason: string };

const programs = ["mkfs.ext4", "mount", "umount", "cp"] as const;

export async function mountImages(directory: string, nodes: readonly NodeName[]): Promise<Images> {
  const missing = whyNot();
  if (missing !== undefined) return { type: "unavailable", reason: missing };
  const images = new Map<NodeName, ImageDisk>();
  for (const node of nodes) {
    mkdirSync(join(directory, node), { recursive: true });
    const image = new ImageDisk(node, join(directory, node));
    const made = await image.make();
    if (made.type === "failed") {
      for (const earlier of images.values()) await earlier.close();
      return { type: "unavailable", reason: `A disk image cannot be mounted here: ${made.reason}` };
    }
    images.set(node, image);
  }
  return { type: "mounted", images };
}

/** What is missing before anything is tried; that a mount is allowed shows when it is done. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "Disk images need root, who alone may mount them.";
  if (!hasOwnMounts())
    return "Disk images need the private namespace of a run (--net kernel, or auto), so that no mount stays behind.";
  const absent = programs.filter((name) => findProgram(name) === undefined);
  return absent.length === 0 ? undefined : `Disk images need ${absent.join(", ")}, which is not installed.`;
}
