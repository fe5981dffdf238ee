import { describe, expect, it } from "vitest";
import { historyIn } from "../../checkers/history/notated.fixture.ts";
import { cpuPerRequest } from "./cpu-per-request.ts";

describe("the processor time of a request", () => {
  it("is what the looks that lie in steady phases saw, over the requests due between them", () => {
    const history = historyIn(`
      run nodes=n1,n2,n3
      phase warm warm-up 0..1000
      phase calm steady 1000..3000
      phase f1 fault 3000..4000 fault=f1
      90x/10 p1 get cart/a @50..51 -> none
      40x/50 p1 get cart/a @1010..1011 -> none
      machine 1000 cpu=900
      machine 2000 cpu=40
      machine 3000 cpu=60
      machine 4000 cpu=900
      end
    `);

    expect(cpuPerRequest(history)).toBeCloseTo(100 / 40, 10);
  });

  it("is unknown where nobody looked", () => {
    const history = historyIn(`
      run nodes=n1,n2,n3
      phase calm steady 0..3000
      machine 1000 foreign=0.1
      machine 2000 foreign=0.1
      p1 get cart/a @1010..1011 -> none
      end
    `);

    expect(cpuPerRequest(history)).toBeNull();
  });
});
