/** Wall clocks bent inside Node: `--import` a module that shifts `Date`. Needs nothing installed; bends only Node. */
import { pathToFileURL } from "node:url";
import { bundlePath } from "../bundle/project-root.ts";
import { type NodeClocks, replaceFile } from "./node-clocks.ts";

export function preloadClock(module: string = bundlePath("clock-preload")): NodeClocks {
  return {
    backend: "node preload",
    launch: (offsetFile) => ({
      environment: { TIPCART_CLOCK_FILE: offsetFile },
      nodeOptions: ["--import", pathToFileURL(module).href],
    }),
    removeLeftovers: () => {},
    write: (offsetFile, offsetMs) => replaceFile(offsetFile, `${offsetMs}\n`),
    freeze: (offsetFile, atMs) => replaceFile(offsetFile, `=${atMs}\n`),
  };
}
