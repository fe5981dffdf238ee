/**
 * The sizes of a store's files, remembered beside them when it was closed, to be compared when it is opened again.
 *
 * No engine notices at once that a file has become shorter or was taken from elsewhere: LevelDB finds out when it next
 * reads that part, or takes the end of its log for all there ever was. After a kill there is nothing to compare.
 */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const fileName = "sizes-when-closed.json";
const sizesSchema = z.record(z.string(), z.number());

/** Of a store that nobody has open. */
export async function rememberSizes(directory: string): Promise<void> {
  await writeFile(join(directory, fileName), JSON.stringify(Object.fromEntries(await sizesIn(directory))));
}

/** To be called once the store is open: its files change from now on. */
export async function forgetSizes(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}

/** What has changed since the store was closed, as a sentence; undefined when nothing has or nothing is remembered. */
export async function changeOfSizes(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, fileName), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const remembered = parsed(text);
  if (remembered === undefined) return `its file ${fileName} cannot be read`;
  const found = await sizesIn(directory);
  for (const [name, size] of Object.entries(remembered)) {
    const now = found.get(name);
    if (now !== size) return `its file ${name} had ${size} bytes and has ${now ?? "vanished"}`;
  }
  return undefined;
}

async function sizesIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const names = (await readdir(directory)).filter((name) =>
    /^(CURRENT|MANIFEST-.*|data\.mdb|\d+\.(log|ldb))$/.test(name),
  );
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await stat(join(directory, name))).size] as const)),
  );
}

function parsed(text: string): z.infer<typeof sizesSchema> | undefined {
  try {
    return sizesSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
