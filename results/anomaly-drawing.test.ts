import { instance } from "@viz-js/viz";
import { describe, expect, it } from "vitest";
import type { Anomaly } from "../checkers/verdict.ts";
import { anomalyDrawing } from "./anomaly-drawing.ts";

const anomaly: Anomaly = {
  type: "G0",
  sentence: 'T1 "wrote" over T2, \\and T2 over T1.',
  story: [],
  requests: [],
  writes: [],
  lineage: {
    nodes: [
      { id: "T1", label: 'append "x" 1', role: "write" },
      { id: "T2", label: "append x 2\u202e", role: "missing" },
    ],
    edges: [
      { from: "T1", to: "T2", kind: "ww", because: "2 follows 1" },
      { from: "T2", to: "T1", kind: "ww", because: "1 follows 2" },
      { from: "T2", to: "nobody", kind: "ww", because: "" },
    ],
  },
};

describe("a drawing of anomalies", () => {
  it("is a graph that Graphviz lays out, with every box and arrow that has both its ends", async () => {
    const viz = await instance();

    const svg = viz.renderString(anomalyDrawing([anomaly, anomaly]) ?? "", { format: "svg" });

    expect(svg.match(/class="node"/g)).toHaveLength(4);
    expect(svg.match(/class="edge"/g)).toHaveLength(4);
    expect(svg).toContain("append &quot;x&quot; 1");
  });

  it("is nothing when nothing has a lineage", () => {
    const { lineage: _, ...bare } = anomaly;

    expect(anomalyDrawing([bare])).toBeUndefined();
  });
});
