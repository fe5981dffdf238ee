import { describe, expect, it } from "vitest";
import {
  actorOf,
  decideEpoch,
  leaseAfter,
  leaseSize,
  type OwnKnowledge,
  parseActor,
  takeEpoch,
} from "./actor.ts";
import { vectorOf } from "./version-vector.ts";
import { emptyContext, emptyKeyState } from "./versions.ts";

const self = { nodeId: "n1", incarnation: "f00d" };
const mine = actorOf({ ...self, epoch: 4 });

/** A record with what the state shows for `mine`, and what this node remembers having minted. */
const found = (shown: number, minted: number | undefined): OwnKnowledge => ({
  type: "found",
  state: { ...emptyKeyState, clock: vectorOf([[mine, shown]]) },
  minted: minted === undefined ? undefined : { actor: mine, counter: minted },
});

describe("an actor", () => {
  it("is text that can be read back", () => {
    expect(mine).toBe("n1~f00d~4");
    expect(parseActor(mine)).toEqual({ ...self, epoch: 4 });
  });

  it.each([
    "",
    "n1",
    "n1~f00d",
    "n1~f00d~",
    "n1~f00d~x",
    "n1~f00d~04",
    "~f00d~1",
    "n1~~1",
    "a~b~1~2",
    "a~b~-1",
  ])("is not %j", (text) => {
    expect(parseActor(text)).toBeUndefined();
  });
});

describe("decideEpoch", () => {
  it("goes on where the node remembers its own last event and nobody shows more", () => {
    expect(decideEpoch(self, found(7, 7), emptyContext)).toEqual({ type: "continue", actor: mine });
  });

  it("takes a new epoch when the key is not found or its record unreadable", () => {
    expect(decideEpoch(self, { type: "absent" }, emptyContext)).toEqual({
      type: "new-epoch",
      reason: "first-coordination",
    });
    expect(decideEpoch(self, { type: "unreadable" }, emptyContext)).toEqual({
      type: "new-epoch",
      reason: "unreadable-record",
    });
  });

  it("takes a new epoch when the record came from others, even if it shows events of this node", () => {
    expect(decideEpoch(self, found(7, undefined), emptyContext)).toMatchObject({ type: "new-epoch" });
  });

  it("takes a new epoch when a state or a context shows more than the node remembers", () => {
    const forgotten = { type: "new-epoch", reason: "forgotten-events" };

    expect(decideEpoch(self, found(8, 7), emptyContext)).toEqual(forgotten);
    expect(decideEpoch(self, found(7, 7), { vector: vectorOf([[mine, 8]]), cloud: [] })).toEqual(forgotten);
    expect(
      decideEpoch(self, found(7, 7), { vector: new Map(), cloud: [{ actor: mine, counter: 9 }] }),
    ).toEqual(forgotten);
  });

  it("takes a new epoch when the record is of another incarnation or node", () => {
    const other = { type: "new-epoch", reason: "other-incarnation" };

    expect(decideEpoch({ ...self, incarnation: "beef" }, found(7, 7), emptyContext)).toEqual(other);
    expect(decideEpoch({ ...self, nodeId: "n" }, found(7, 7), emptyContext)).toEqual(other);
  });
});

describe("an epoch lease", () => {
  it("gives each epoch once and ends at the end of its block", () => {
    const first = takeEpoch({ next: 9, end: 10 });

    expect(first).toEqual({ type: "taken", epoch: 9, lease: { next: 10, end: 10 } });
    expect(takeEpoch({ next: 10, end: 10 })).toEqual({ type: "exhausted" });
  });

  it("goes on behind the last block after a start, since any epoch of it may be used up", () => {
    expect(leaseAfter(0)).toEqual({ next: 0, end: leaseSize });
    expect(leaseAfter(leaseSize)).toEqual({ next: leaseSize, end: 2 * leaseSize });
  });
});
