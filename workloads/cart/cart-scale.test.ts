import { expect, it } from "vitest";
import { cartScale } from "./cart-scale.ts";

it("tells what day the default load would make, beside the paper's", () => {
  expect(cartScale(500)).toBe(
    "In a day this would be 43 million requests, 52 % of them reads, and 0.65 million checkouts, where the paper's " +
      "cart service had tens of millions and over 3 million; 400 devices stand for its hundreds of thousands of " +
      "sessions, one for 250 or more.",
  );
});
