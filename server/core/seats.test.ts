import { describe, expect, it } from "vitest";
import { nextSeat, seated, withSeats } from "./seats.ts";

const member = (nodeId: string, seat?: number) => (seat === undefined ? { nodeId } : { nodeId, seat });
const idsOf = (members: readonly { readonly nodeId: string }[]): string =>
  seated(members)
    .map(({ nodeId }) => nodeId)
    .join("");

describe("seated", () => {
  it("sits members without seats in the order of their ids", () => {
    expect(idsOf([member("c"), member("a"), member("b")])).toBe("abc");
  });

  it("keeps everybody's seat when somebody joins with the next", () => {
    expect(idsOf([member("c", 0), member("b", 1), member("a", 2)])).toBe("cba");
  });

  it("moves the last to a seat that is free, and nobody else", () => {
    expect(idsOf([member("a", 0), member("c", 2), member("d", 3), member("e", 4)])).toBe("aecd");
  });

  it("gives a seat taken twice to the lower id, and the other one what is free", () => {
    expect(idsOf([member("a", 0), member("c", 1), member("b", 1), member("d", 9)])).toBe("abdc");
  });
});

describe("withSeats", () => {
  it("writes down where everybody sits", () => {
    expect(withSeats([member("a", 0), member("c", 2), member("d", 3)])).toEqual([
      member("a", 0),
      member("d", 1),
      member("c", 2),
    ]);
  });

  it("counts the seats of each data centre apart", () => {
    const spread = [
      { nodeId: "a", dc: "west" },
      { nodeId: "b", dc: "east" },
      { nodeId: "c", dc: "west" },
    ];

    expect(withSeats(spread).map(({ nodeId, seat }) => `${nodeId}${seat}`)).toEqual(["b0", "a0", "c1"]);
    expect(nextSeat(spread, "west")).toBe(2);
    expect(nextSeat(spread, "north")).toBe(0);
  });
});
