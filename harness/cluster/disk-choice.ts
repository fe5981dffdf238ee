/**
 * How disks lose what was not synced: behind the shim, or as images that are mounted. `auto` is the shim. It needs no
 * root and no namespace, it counts the calls that it saw, it can lose a part or tear a write, and it also fails calls.
 * What the image has over it is that nothing of ours decides what a sync covers: the kernel does.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability } from "./cluster.ts";
import { mountImages } from "./disk-images.ts";
import { buildDiskShim } from "./disk-shim.ts";
import type { ImageDisk } from "./image-disk.ts";

export const diskChoices = ["auto", "image", "shim"] as const;
export type DiskChoice = (typeof diskChoices)[number];

/** What stands between the nodes and their files; `unneeded` and `none` cost nothing and can do nothing. */
export type Disks =
  | { readonly type: "shim"; readonly library: string }
  | { readonly type: "image"; readonly images: ReadonlyMap<NodeName, ImageDisk> }
  | { readonly type: "unneeded" }
  | { readonly type: "none"; readonly reason: string };

/** `directory`: of the run's data. Images are mounted when this resolves. */
export async function chooseDisks(
  choice: DiskChoice,
  { directory, nodes }: { readonly directory: string; readonly nodes: readonly NodeName[] },
): Promise<Disks> {
  if (choice === "image") {
    const mounted = await mountImages(directory, nodes);
    return mounted.type === "mounted"
      ? { type: "image", images: mounted.images }
      : { ...mounted, type: "none" };
  }
  const shim = await buildDiskShim();
  return shim.type === "built" ? { type: "shim", library: shim.library } : { ...shim, type: "none" };
}

/** For the report. */
export const diskBackend = (disks: Disks): Readonly<Record<string, string>> => {
  switch (disks.type) {
    case "shim":
      return { disk: "shim in LD_PRELOAD" };
    case "image":
      return { disk: "mounted image" };
    case "none":
      return { disk: `none: ${disks.reason}` };
    case "unneeded":
      return {};
  }
};

export const diskAbilities = ({ type }: Disks): readonly Ability[] => {
  switch (type) {
    case "shim":
      return ["power-cut", "disk-trouble"];
    case "image":
      return ["power-cut"];
    case "none":
    case "unneeded":
      return [];
  }
};
