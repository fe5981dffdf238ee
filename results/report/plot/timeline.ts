/**
 * What was done to the cluster: the run's phases on top, one lane a node below, and on the lanes the faults.
 *
 * A solid bar is the interval in which a fault was seen from outside to hold. One that was never proved is drawn
 * hollow, over the interval that was planned for it. Kinds differ by class and by the name beside them.
 */
import type { Micros, NodeName } from "../../../checkers/history/event.ts";
import { html, type Markup } from "../markup.ts";
import { horizontalAxis } from "./axes.ts";
import { type Frame, firstThatFits, fitText, px, textWidth } from "./drawing.ts";
import type { Scale } from "./scale.ts";

export type TimelinePhase = {
  readonly name: string;
  /** Shown where the name does not fit; may be empty. */
  readonly shortName: string;
  readonly style: string;
  readonly from: Micros;
  readonly until: Micros;
};

export type TimelineFault = {
  readonly number: string;
  readonly name: string;
  /** A class of the style sheet, by kind. */
  readonly style: string;
  readonly nodes: readonly NodeName[];
  /** Whether it was seen to hold; otherwise the interval is the one that was planned. */
  readonly isProved: boolean;
  readonly from: Micros;
  readonly until: Micros;
  readonly explanation: string;
};

export const laneHeight = 30;
export const phaseHeight = 26;

/** Pixels that the plot needs between its top and bottom. */
export const timelineHeight = (nodeCount: number): number => phaseHeight + 10 + nodeCount * laneHeight;

export const timeline = (
  frame: Frame,
  time: Scale,
  data: {
    readonly nodes: readonly NodeName[];
    readonly phases: readonly TimelinePhase[];
    readonly faults: readonly TimelineFault[];
  },
): Markup => {
  const laneTop = (index: number): number => frame.top + phaseHeight + 10 + index * laneHeight;

  return html`${phaseStrip(frame, time, data.phases)}${data.nodes.map((node, index) => {
    const middle = laneTop(index) + laneHeight / 2;
    return html`<g><text class="lane-name end" x="${px(frame.left - 10)}" y="${px(middle + 4)}">${fitText(node, 13, frame.left - 12)}</text><line class="lane" x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(middle)}" y2="${px(middle)}"/></g>`;
  })}${data.faults.map((fault) =>
    fault.nodes.map((node) => {
      const lane = data.nodes.indexOf(node);
      const next = data.faults
        .filter((other) => other.from > fault.from && other.nodes.includes(node))
        .reduce((least, other) => Math.min(least, time.at(other.from)), frame.width);
      return lane >= 0 && faultBar(time, fault, { top: laneTop(lane), next });
    }),
  )}${horizontalAxis(frame, time)}`;
};

const phaseStrip = (frame: Frame, time: Scale, phases: readonly TimelinePhase[]): Markup =>
  html`<g>${phases.map((phase) => {
    const left = time.at(phase.from);
    const width = Math.max(1, time.at(phase.until) - left - 1.5);
    const text = firstThatFits([phase.name, phase.shortName], 11, width - 6);
    return html`<rect class="phase ${phase.style}" x="${px(left)}" y="${px(frame.top)}" width="${px(width)}" height="${phaseHeight - 6}" rx="3"><title>${phase.name}</title></rect>${
      text !== "" &&
      html`<text class="phase-name middle" x="${px(left + width / 2)}" y="${px(frame.top + 14)}">${text}</text>`
    }`;
  })}</g>`;

/** `next` is where the next fault of the same node begins, in pixels. */
const faultBar = (
  time: Scale,
  fault: TimelineFault,
  { top, next }: { readonly top: number; readonly next: number },
): Markup => {
  const from = time.at(fault.from);
  const width = Math.max(6, time.at(fault.until) - from);
  const middle = top + laneHeight / 2;
  const style = fault.isProved ? fault.style : "unproved";

  return html`<g class="fault ${style}"><title>${fault.explanation}</title><rect x="${px(from)}" y="${px(top + 4)}" width="${px(width)}" height="${px(laneHeight - 8)}" rx="4"/>${barLabel(fault, { from, width, middle, next })}</g>`;
};

type Bar = {
  readonly from: number;
  readonly width: number;
  readonly middle: number;
  readonly next: number;
};

const barLabel = (fault: TimelineFault, bar: Bar): Markup => {
  const inside = firstThatFits([`${fault.number} ${fault.name}`, fault.number], 11, bar.width - 8);
  const isWhole = inside !== "" && inside !== fault.number;
  const beside = bar.from + bar.width + 6;
  const rest = inside === "" ? `${fault.number} ${fault.name}` : fault.name;
  const fits = !isWhole && beside + textWidth(rest, 11) + 4 <= bar.next;

  return html`${inside !== "" && html`<text class="fault-name middle" x="${px(bar.from + bar.width / 2)}" y="${px(bar.middle + 4)}">${inside}</text>`}${
    fits && html`<text class="fault-beside" x="${px(beside)}" y="${px(bar.middle + 4)}">${rest}</text>`
  }`;
};
