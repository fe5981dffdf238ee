import { expect, it } from "vitest";
import { isWarm } from "./rehearsal.ts";

it.each([
  { served: [], rate: 30, warm: false, because: "nothing was seen yet" },
  { served: [150], rate: 30, warm: true, because: "five times the rate is ample" },
  { served: [149], rate: 30, warm: false, because: "it may become faster" },
  { served: [300, 500, 640], rate: 500, warm: false, because: "it is becoming faster" },
  { served: [300, 640, 640], rate: 500, warm: true, because: "it is fast enough, and no faster than before" },
  { served: [640, 640], rate: 500, warm: false, because: "two seconds tell nothing of a third" },
  { served: [300, 640, 500], rate: 500, warm: false, because: "it barely keeps up with the load" },
  { served: [300, 300, 300], rate: 500, warm: false, because: "it is too slow, warm or not" },
])(
  "nodes that served $served are warm for $rate requests/s: $warm, since $because",
  ({ served, rate, warm }) => {
    expect(isWarm(served, rate)).toBe(warm);
  },
);
