import { describe, expect, it } from "vitest";
import { candidates, detectEnclosure } from "./detect.ts";
import { type Enclosure, enclosureHere, enclosureNote, hasOwnMounts, networkHere } from "./enclosure.ts";

const enclosure: Enclosure = { flags: ["--net"], cuts: "nft", isPidPrivate: true };

describe("the enclosure a process is inside", () => {
  it("is the noted one when the network is another than that of the writer", () => {
    expect(enclosureHere(enclosureNote(enclosure), () => "net:[2]")).toEqual(enclosure);
  });

  it("is none in the network of the writer itself: an inherited note proves nothing", () => {
    expect(enclosureHere(enclosureNote(enclosure), networkHere)).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    "yes",
    "{}",
    '{"enclosure":{"flags":[],"cuts":"iptables","isPidPrivate":true},"outerNetwork":""}',
  ])("is none without a proper note: %s", (note) => {
    expect(enclosureHere(note, () => "net:[2]")).toBeUndefined();
  });
});

describe("mounts of one's own", () => {
  const inAnotherNetwork = enclosureNote(enclosure).replace(networkHere(), "net:[2]");

  it("are those of an enclosure whose mounts are others than the writer's", () => {
    expect(hasOwnMounts(() => "mnt:[2]", inAnotherNetwork)).toBe(true);
    expect(hasOwnMounts(undefined, inAnotherNetwork)).toBe(false);
  });

  it("are none outside of an enclosure, whatever a note says", () => {
    expect(hasOwnMounts(() => "mnt:[2]", enclosureNote(enclosure))).toBe(false);
    expect(hasOwnMounts(() => "mnt:[2]", "yes")).toBe(false);
  });
});

describe("the detection", () => {
  it("prefers process numbers of its own, and for root no user namespace", () => {
    expect(candidates(true).map(({ flags }) => flags.join(" "))).toEqual([
      "--net --pid --fork --kill-child --mount-proc",
      "--user --map-root-user --net --pid --fork --kill-child --mount-proc",
      "--net",
      "--user --map-root-user --net",
    ]);
    expect(candidates(false).every(({ flags }) => flags[0] === "--user")).toBe(true);
  });

  it("finds what it can do, or says in one sentence why not", async () => {
    const detected = await detectEnclosure();

    const told = detected.type === "available" ? detected.enclosure.flags.join(" ") : detected.reason;

    expect(told).toMatch(/--net|\.$/);
  });
});
