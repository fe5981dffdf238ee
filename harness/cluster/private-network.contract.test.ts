/** The kernel's cuts need a namespace, so this file runs itself again inside one, once for each way of cutting. */
import { describe, expect, it } from "vitest";
import { bundlePath } from "../bundle/project-root.ts";
import { detectEnclosure } from "../namespace/detect.ts";
import { runTestFileEnclosed } from "../namespace/enclosed-vitest.fixture.ts";
import { type CutTool, type Enclosure, enclosureHere } from "../namespace/enclosure.ts";
import { clusterContract } from "./cluster.contract.ts";
import type { Ability } from "./cluster.ts";
import { contractSubject, lackingHere } from "./contract-subject.fixture.ts";
import { linksContract } from "./links.contract.ts";
import { PrivateNetwork } from "./private-network.ts";

const tools: readonly CutTool[] = ["nft", "policy-routing"];

const lacking = await lackingHere();
const slow = { shape: "the kernel has no queueing discipline for it; proxies do it" } as const;
const ended = { "half-close": "a rule can drop and reset, and not end; proxies do it" } as const;
const noRules = "a route loses all or nothing; nft and proxies do it";
const notHere: Readonly<Record<CutTool, Partial<Record<Ability, string>>>> = {
  nft: { ...lacking, ...slow, ...ended },
  "policy-routing": { ...lacking, ...slow, ...ended, loss: noRules, reset: noRules, "half-open": noRules },
};
/** Where the machine lacks nothing: once over the links alone, where nothing is slow, and twice with nodes. */
const skipped = (tool: CutTool): string =>
  Object.keys(lacking).length === 0 ? `${3 * Object.keys(notHere[tool]).length - 1}` : "\\d+";

function inside(enclosure: Enclosure): void {
  linksContract(
    `a private network, cut by ${enclosure.cuts}`,
    (places) => new PrivateNetwork(places, enclosure.cuts),
  );
  clusterContract(
    `three stubs in a private network, cut by ${enclosure.cuts}`,
    () => contractSubject({ type: "kernel", enclosure }, "preload"),
    notHere[enclosure.cuts],
  );
  clusterContract(
    `three servers in a private network, cut by ${enclosure.cuts}`,
    () => contractSubject({ type: "kernel", enclosure }, "auto", bundlePath("server")),
    notHere[enclosure.cuts],
  );
}

function outside(): void {
  describe("a private network", () => {
    it.for(tools)("passes the cluster contract, cut by %s", { timeout: 300_000 }, async (tool, { skip }) => {
      const detected = await detectEnclosure(tool);
      if (detected.type === "unavailable") return skip(detected.reason);

      const outcome = await runTestFileEnclosed(detected.enclosure, import.meta.filename);

      expect(outcome).toMatchObject({
        type: "exited",
        code: 0,
        stdout: expect.stringMatching(`Tests +\\d+ passed \\| ${skipped(tool)} skipped \\(\\d+\\)`),
      });
    });
  });
}

const here = enclosureHere();
if (here === undefined) outside();
else inside(here);
