/**
 * What links must be able to show, whoever cuts them: five places, no node on any of them, and a probe over each
 * directed link after every change.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawnShapes, grudgeOf } from "../nemesis/partition.ts";
import type { Done, Grudge } from "./cluster.ts";
import { abilityFor, type LinkShape } from "./link-shape.ts";
import { allPairs, type Links, pairName } from "./links.ts";
import { type Place, privatePlaces } from "./place.ts";
import { StandingCuts } from "./standing-cuts.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];

export function linksContract(name: string, create: (places: readonly Place[]) => Links): void {
  describe(`links of ${name}`, () => {
    const links = create(privatePlaces(nodes));
    const cuts = new StandingCuts(links);

    beforeAll(async () => {
      expect(await links.open()).toEqual({ type: "done", evidence: "a probe passed over all 20 links" });
    });
    afterAll(() => links.close());

    it.each(drawnShapes)("are cut in the shape %s and mended", async (shape) => {
      const grudge = grudgeOf(shape, ["n4", "n2"], nodes);
      const open = 20 - grudge.length;

      const cut = await cuts.cut("1 partition", grudge);
      const mended = await cuts.mend("1 partition");

      expect(grudge.length).toBeGreaterThan(0);
      expect(cut).toEqual({
        type: "done",
        evidence: expect.stringContaining(
          `no probe passed over ${grudge.map(pairName).join(", ")}; one passed over each of the other ${open} links`,
        ),
      });
      expect(mended).toEqual({ type: "done", evidence: "a probe passed over all 20 links" });
    });

    it("are cut by a grudge of any pairs", async () => {
      const grudge = [
        { from: "n1", to: "n2" },
        { from: "n2", to: "n3" },
        { from: "n3", to: "n1" },
      ];

      const cut = await cuts.cut("1 partition", grudge);
      await cuts.mend("1 partition");

      expect(cut).toMatchObject({ evidence: expect.stringContaining("over n1→n2, n2→n3, n3→n1; ") });
    });

    const around = (node: string): Grudge =>
      allPairs(nodes).filter(({ from, to }) => from === node || to === node);
    const reshape = (pairs: Grudge, shape: LinkShape | undefined): Promise<Done> =>
      links.reshape?.(pairs, shape) ?? Promise.resolve({ type: "failed", reason: "not at all" });

    it.for([
      {
        does: "loses some of what it carries",
        shape: { trouble: "loss", percent: 30 },
        seen: /n2→n1.* n4→n2.*|stood still/,
      },
      {
        does: "resets what stands and what is new",
        shape: { trouble: "reset" },
        seen: /n2→n1.* met ECONNRESET, and new ones ECONN/,
      },
      {
        does: "forgets what stands, and carries what is new",
        shape: { trouble: "half-open" },
        seen: /n2→n1.* carried nothing and nobody was told, and new ones carry bytes/,
      },
      {
        does: "ends one direction of what stands",
        shape: { trouble: "half-close" },
        seen: /n2→n1.* ended that way alone, and new ones carry bytes/,
      },
    ] as const)("$does, and is whole again", { timeout: 60_000 }, async ({ shape, seen }, { skip }) => {
      if (!links.abilities.includes(abilityFor(shape.trouble)))
        return skip(`${links.backend} cannot do this`);
      const pairs = around("n2").filter(({ from }) => shape.trouble !== "half-close" || from === "n2");

      const impaired = await reshape(pairs, shape);
      const cut = await cuts.cut("1 partition", [{ from: "n3", to: "n4" }]);
      const mended = await cuts.mend("1 partition");
      const healed = await reshape(pairs, undefined);

      expect(impaired).toEqual({ type: "done", evidence: expect.stringMatching(seen) });
      expect(cut).toMatchObject({ evidence: expect.stringContaining("no probe passed over n3→n4; ") });
      expect(mended).toMatchObject({ type: "done" });
      expect(healed).toEqual({ type: "done", evidence: "a probe passed over all 20 links" });
    });

    it("stay cut by one partition when another one is mended", async () => {
      await cuts.cut("1 partition", grudgeOf("one-way", ["n1"], nodes));
      const both = await cuts.cut("2 partition", grudgeOf("isolate-one", ["n1"], nodes));
      const left = await cuts.mend("2 partition");
      const whole = await cuts.mend("1 partition");

      expect(both).toMatchObject({ evidence: expect.stringContaining("n2→n1") });
      expect(left).toMatchObject({ evidence: expect.stringContaining("over n1→n2, n1→n3, n1→n4, n1→n5; ") });
      expect(whole).toEqual({ type: "done", evidence: "a probe passed over all 20 links" });
    });
  });
}
