/**
 * The whole distribution of each operation, apart for the steady phases and for the windows around faults: one
 * plot would let either hide the other.
 */
import { count, counted, latency, quantileName } from "../../units.ts";
import type { PercentileCurve } from "../figures.ts";
import { html, type Markup } from "../markup.ts";
import { type Breadth, bothBreadths, drawing, type Frame } from "../plot/drawing.ts";
import { percentilePlot } from "../plot/percentile-plot.ts";
import { logScale, type Scale } from "../plot/scale.ts";
import type { Subject } from "../subject.ts";
import { legend } from "./legend.ts";

const frames: Readonly<Record<Breadth, Frame>> = {
  wide: { width: 530, height: 330, left: 62, right: 520, top: 16, bottom: 290 },
  narrow: { width: 358, height: 270, left: 46, right: 350, top: 16, bottom: 230 },
};

export const distribution = (subject: Subject): Markup | null => {
  const { curves } = subject.figures;
  if (curves.length === 0) return null;
  const operations = [...new Set(curves.map((curve) => curve.operation))];

  return html`<h3 class="apart">Latency by percentile</h3>${legend([
    ...operations.map((operation) => [`line ${operation}`, `${operation}, from when it was due`] as const),
    ["line service", "from when it was sent"],
  ])}<div class="halves">${(["steady", "faults"] as const).map((window) => half(subject, window))}</div>`;
};

const titles = { steady: "Steady phases", faults: "Fault and recovery windows" } as const;

const half = (subject: Subject, window: PercentileCurve["window"]): Markup | null => {
  const curves = subject.figures.curves.filter((curve) => curve.window === window);
  if (curves.length === 0) return null;
  const samples = curves.reduce(
    (sum, curve) => sum + (curve.measure === "response" ? curve.sampleCount : 0),
    0,
  );

  return html`<figure><figcaption><b>${titles[window]}</b> <span class="quiet">${counted(samples, "acknowledged request")}</span></figcaption>${bothBreadths(
    (breadth) => plot(subject, curves, { window, breadth }),
  )}</figure>`;
};

const plot = (
  subject: Subject,
  curves: readonly PercentileCurve[],
  place: { readonly window: PercentileCurve["window"]; readonly breadth: Breadth },
): Markup => {
  const frame = frames[place.breadth];
  const { limit } = subject;

  return drawing({
    id: `distribution-${place.window}`,
    breadth: place.breadth,
    size: frame,
    title: `Latency by percentile, ${titles[place.window].toLowerCase()}`,
    description: curves.map(inWords).join(". "),
    content: percentilePlot(frame, scale(subject, frame), {
      distributions: curves.map((curve) => ({
        style: `${curve.operation} ${curve.measure}`,
        points: curve.points,
      })),
      step:
        limit === null
          ? null
          : {
              quantile: limit.quantile,
              limitMs: limit.ms,
              label: `${quantileName(limit.quantile)} within ${count(limit.ms)} ms`,
            },
    }),
  });
};

/** Both halves on one scale. */
const scale = ({ figures, limit }: Subject, frame: Frame): Scale => {
  const all = figures.curves.flatMap((curve) => curve.points.map((point) => point.ms));
  const lowest = Math.max(
    0.01,
    all.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY),
  );
  const highest = all.reduce((most, ms) => Math.max(most, ms), Math.max((limit?.ms ?? 0) * 1.6, lowest * 10));
  return logScale({
    domain: [lowest, highest * 1.05],
    range: [frame.bottom, frame.top],
    label: (ms) => latency(ms).replace(/\.0+(?= )/, ""),
  });
};

const inWords = (curve: PercentileCurve): string => {
  const at = (quantile: number): string => {
    const point = curve.points.find((one) => one.quantile >= quantile);
    return `${quantileName(quantile)} ${point === undefined ? "unknown" : latency(point.ms)}`;
  };
  return `${curve.operation}, ${curve.measure}: ${[0.5, 0.99, 0.999].map(at).join(", ")}`;
};
