/**
 * The private namespace that a whole run can be inside: a network of its own in which nothing but the run exists,
 * and, where the machine allows it, process numbers of its own, so that the kernel ends every process of the run
 * when its first one ends.
 */
import { readlinkSync } from "node:fs";
import * as z from "zod";

/** `nft` drops packets on input; `policy-routing` sends them into a black hole, with iproute2 alone. */
export type CutTool = "nft" | "policy-routing";

export type Enclosure = {
  /** For unshare, in order. */
  readonly flags: readonly string[];
  readonly cuts: CutTool;
  /** Process numbers are private and the kernel is the guardian. Otherwise a guardian of our own is needed. */
  readonly isPidPrivate: boolean;
};

const enclosureSchema = z.object({
  flags: z.array(z.string()),
  cuts: z.enum(["nft", "policy-routing"]),
  isPidPrivate: z.boolean(),
});

/** Told from the outer process to the inner one: the enclosure, and the network that the outer one lives in. */
export const enclosureVariable = "TIPCART_ENCLOSURE";

const noteSchema = z.object({
  enclosure: enclosureSchema,
  outerNetwork: z.string(),
  outerMounts: z.string().optional(),
});

/** Names the network namespace of this process; two processes share one exactly when these texts are equal. */
export const networkHere = (): string => readlinkSync("/proc/self/ns/net");

const mountsLink = "/proc/self/ns/mnt";

export function enclosureNote(enclosure: Enclosure): string {
  const outerMounts = readlinkSync(mountsLink);
  return JSON.stringify({ enclosure, outerNetwork: networkHere(), outerMounts });
}

/**
 * The enclosure this process is inside, undefined outside of one. A note alone proves nothing, it may have been
 * inherited: the network here must be another one than that of the process which wrote it. Rules are thus never
 * set on the host.
 */
export function enclosureHere(
  note: string | undefined = process.env[enclosureVariable],
  here: () => string = networkHere,
): Enclosure | undefined {
  if (note === undefined) return undefined;
  try {
    const parsed = noteSchema.safeParse(JSON.parse(note));
    return parsed.success && parsed.data.outerNetwork !== here() ? parsed.data.enclosure : undefined;
  } catch {
    return undefined;
  }
}

/** Whether what is mounted here is seen by nobody outside, and goes with the last process inside. */
export function hasOwnMounts(
  here: () => string = () => readlinkSync(mountsLink),
  note: string | undefined = process.env[enclosureVariable],
): boolean {
  if (enclosureHere(note) === undefined || note === undefined) return false;
  const { outerMounts } = noteSchema.parse(JSON.parse(note));
  return outerMounts !== undefined && outerMounts !== here();
}
