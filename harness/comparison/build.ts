/**
 * A build to compare: the path of a server's bundle, or a git revision whose server is bundled from its own sources
 * and kept under its hash, so that it is built once.
 */
import { mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { bundleServer } from "../bundle/bundle.ts";
import { projectRoot } from "../bundle/project-root.ts";
import type { Replacement } from "../bundle/replacement.ts";
import { type Refusal, refuse } from "../outcome.ts";

/** `label` is what a person called it; `bundle` an absolute path. */
/** One text of one source, replaced; `name` tells the build apart. */
export type Change = { readonly name: string; readonly replace: Replacement };

export type Build = { readonly label: string; readonly bundle: string };

/** With `changed`, the sources of a revision with one text replaced; a bundle has no sources any more. */
export async function buildOf(wish: string, changed?: Change): Promise<Build | Refusal> {
  if (await isFile(wish))
    return changed === undefined
      ? { label: wish, bundle: resolve(wish) }
      : refuse("usage", `${wish} is a bundle; only the sources of a revision can be changed.`);
  const root = projectRoot();
  const commit = await git(root, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${wish}^{commit}`,
  ]);
  if (commit === undefined)
    return refuse("usage", `"${wish}" is neither the file of a bundle nor a git revision.`);
  const folder = join(root, ".build", "revisions", commit);
  const bundle = changed === undefined ? `${folder}.js` : `${folder}.${changed.name}.js`;
  const label = `${wish} (${[commit.slice(0, 10), ...(changed === undefined ? [] : [changed.name])].join(", ")})`;
  if (changed === undefined && (await isFile(bundle))) return { label, bundle };
  const taken = await takeSources(root, commit, folder);
  if (!taken) return refuse("internal", `The sources of ${wish} could not be taken out of git.`);
  const bundled = await bundleServer({
    outfile: bundle,
    root: folder,
    ...(changed === undefined ? {} : { replace: changed.replace }),
  });
  await rm(folder, { recursive: true, force: true });
  return bundled.type === "refused" ? refuse("internal", `${wish}: ${bundled.reason}`) : { label, bundle };
}

/** Below the project, where esbuild and Node find its packages. */
async function takeSources(root: string, commit: string, folder: string): Promise<boolean> {
  const archive = `${folder}.tar`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const packed = await git(root, ["archive", `--output=${archive}`, commit, "server", "package.json"]);
  const unpacked =
    packed === undefined ? undefined : await execa("tar", ["-xf", archive, "-C", folder], { reject: false });
  await rm(archive, { force: true });
  return unpacked !== undefined && !unpacked.failed;
}

/** What git printed, trimmed; undefined when it refused or is not there. */
async function git(root: string, words: readonly string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa("git", [...words], { cwd: root, reject: false, stdin: "ignore" });
  return failed ? undefined : stdout.trim();
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
