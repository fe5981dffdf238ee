/**
 * Sources to the programs that a run starts, by esbuild.
 *
 * Files are written beside their place and renamed into it, so that a node started meanwhile reads the old bundle
 * or the new one, never half of one. The hash over what was written names the build in a run's record.
 */
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { buildHash, contentHash } from "./build-hash.ts";
import { type Entry, entries } from "./entry.ts";
import { bundlePath, projectRoot } from "./project-root.ts";
import { type Replacement, replacing } from "./replacement.ts";

export type Bundled =
  | { readonly type: "bundled"; readonly hash: string; readonly files: readonly string[] }
  | { readonly type: "refused"; readonly reason: string };

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const requireBanner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

const nodeTarget = { platform: "node", format: "esm", target: "node20" } as const;
/** Browsers that can inflate a stream, which the report's data needs. */
const browserTarget = { platform: "browser", format: "iife", target: "es2022" } as const;

function optionsOf(root: string, entry: Entry): BuildOptions {
  const isSingle = entry.packages === "single";
  return {
    absWorkingDir: root,
    entryPoints: [entry.source],
    bundle: true,
    write: false,
    ...(entry.isForBrowser === true ? browserTarget : nodeTarget),
    minify: isSingle,
    sourcemap: false,
    legalComments: "none",
    logLevel: "silent",
    loader: { ".css": "text" },
    banner: {
      js: [entry.isCommand ? "#!/usr/bin/env node" : "", isSingle && !entry.isForBrowser ? requireBanner : ""]
        .join("\n")
        .trim(),
    },
    ...(isSingle ? { external: ["classic-level", "lmdb"] } : { packages: "external" as const }),
  };
}

/** Throws what esbuild throws. */
async function compile(root: string, entry: Entry, plugins: Plugin[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({ ...optionsOf(root, entry), plugins, write: false });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** Resolves with the SHA-256 of the content in hex. */
async function install(content: Uint8Array, outfile: string, isCommand = false): Promise<string> {
  await mkdir(dirname(outfile), { recursive: true });
  const beside = join(dirname(outfile), `.${basename(outfile)}.${process.pid}`);
  await writeFile(beside, content);
  if (isCommand) await chmod(beside, 0o755);
  await rename(beside, outfile);
  return contentHash(content);
}

function sentence(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem);
  return `The sources cannot be bundled: ${text.trim()}`;
}

/** Builds every program of the project into `.build/`. */
export async function bundle(wanted: readonly Entry[] = entries): Promise<Bundled> {
  const root = projectRoot();
  try {
    const hashes = await Promise.all(
      wanted.map(async (entry) => {
        const content = await compile(root, entry);
        return `${entry.name} ${await install(content, bundlePath(entry.name), entry.isCommand)}`;
      }),
    );
    return { type: "bundled", hash: buildHash(hashes), files: wanted.map((entry) => bundlePath(entry.name)) };
  } catch (problem) {
    return { type: "refused", reason: sentence(problem) };
  }
}

export type ServerBundle = {
  /** Absolute; below the project root, where Node finds the native packages that stay outside the bundle. */
  readonly outfile: string;
  /** Where the sources lie; those of this project when it is left out. */
  readonly root?: string;
  readonly replace?: Replacement;
  /** The program the server is built into (default: the server itself). */
  readonly program?: "server" | "simulation";
};

/** Builds one program with the server in it, with at most one text replaced. Refused, nothing is written. */
export async function bundleServer({
  outfile,
  root = projectRoot(),
  replace,
  program = "server",
}: ServerBundle): Promise<Bundled> {
  const server = entries.find((entry) => entry.name === program);
  if (server === undefined) return { type: "refused", reason: `No entry is called ${program}.` };
  const result = replace === undefined ? undefined : replacing(root, replace);
  try {
    const content = await compile(root, server, result === undefined ? [] : [result.plugin]);
    const reason = result?.refusal();
    if (reason !== undefined) return { type: "refused", reason };
    return { type: "bundled", hash: buildHash([await install(content, outfile)]), files: [outfile] };
  } catch (problem) {
    return { type: "refused", reason: result?.refusal() ?? sentence(problem) };
  }
}
