/** Drawings: their lines, fills and text, and which of a chart's two breadths is shown. */
import { verbatim } from "../markup.ts";

export const plotStyle = verbatim`
.drawing { display: block; max-width: 100%; height: auto; overflow: visible; }
.drawing.narrow { display: none; }
.lineage .drawing { max-width: none; }
.drawing text { font-family: inherit; font-size: 11px; fill: var(--quiet); }
.end { text-anchor: end; } .middle { text-anchor: middle; }
figure.chart, #cluster figure { margin-top: 22px; }
.chart figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 20px; align-items: baseline; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--quiet); font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.key { flex: none; width: 18px; height: 0; border-top: 2.5px solid var(--mark); }
.key.box { width: 11px; height: 11px; border: 0; border-radius: 2px; background: var(--mark); }
.key.dot { width: 6px; height: 6px; border: 0; border-radius: 50%; background: var(--mark); }
.key.service, .key.limit { border-top-style: dashed; }
.keys { display: flex; flex-wrap: wrap; gap: 2px 20px; }
.ramp { display: inline-flex; vertical-align: -1px; margin-inline: 4px; } .ramp i { width: 15px; height: 11px; background: var(--mark); }

.grid { stroke: var(--grid); stroke-width: 1; } .grid.minor { opacity: 0.5; } .axis, .drawing line.mark { stroke: var(--axis); stroke-width: 1; }
.limit { fill: none; stroke: var(--limit); stroke-width: 1.4; stroke-dasharray: 6 4; }
.drawing text.limit-label { fill: var(--limit); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 3.5px; stroke-linejoin: round; }
.band.fault { fill: var(--band); } .band.recovery { fill: var(--band-after); }
.drawing text.band-label { fill: var(--band-text); font-weight: 600; }
.pointing rect { fill: transparent; } .pointing rect:hover { fill: var(--ink); fill-opacity: 0.07; }

.p50 { --mark: var(--p50); } .p90, .p99 { --mark: var(--p99); } .p999 { --mark: var(--p999); } .slowest { --mark: var(--slowest); } .lag { --mark: var(--lag); } .limit { --mark: var(--limit); }
.ok { --mark: var(--ok); } .bad { --mark: var(--bad); } .slow { --mark: var(--slow); } .fail { --mark: var(--fail); } .info { --mark: var(--info); } .dropped { --mark: var(--dropped); }
.answered-rate { --mark: var(--ink); } path.line.answered-rate { stroke-width: 1.2; }
.get { --mark: var(--get); } .put { --mark: var(--put); } .delete { --mark: var(--delete); }
.h1 { --mark: var(--h1); } .h2 { --mark: var(--h2); } .h3 { --mark: var(--h3); } .h4 { --mark: var(--h4); } .h5 { --mark: var(--h5); } .h6 { --mark: var(--h6); } .h7 { --mark: var(--h7); } .h8 { --mark: var(--h8); }
path.line { fill: none; stroke: var(--mark); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
path.line.service { stroke-dasharray: 2 4; } path.line.lag { stroke-width: 1.3; }
circle.dot, .bar, .heat { fill: var(--mark); }
path.dot { fill: none; stroke: var(--mark); stroke-width: 3.4; stroke-linecap: round; }
.rug { fill: none; stroke: var(--bad); stroke-width: 2; }

.phase.warm-up, .phase.settle, .phase.final { fill: var(--warm-up); } .phase.steady { fill: var(--steady); } .phase.fault { fill: var(--fault); } .phase.recovery { fill: var(--recovery); }
.drawing text.phase-name { fill: var(--phase-text); }
.lane { stroke: var(--line); stroke-width: 1; }
.drawing text.lane-name { fill: var(--ink); font-size: 12px; font-weight: 600; }
g.fault rect { fill: var(--kind); } .drawing g.fault text.fault-name { fill: var(--on-fault); font-weight: 650; } .drawing text.fault-beside { fill: var(--ink); font-weight: 650; }
g.fault.unproved rect { fill: none; stroke: var(--violated); stroke-width: 1.4; stroke-dasharray: 4 3; } .drawing g.fault.unproved text.fault-name { fill: var(--violated); }

.version rect { fill: var(--wash); stroke: var(--axis); stroke-width: 1.2; }
.version.read rect { fill: var(--card); stroke: var(--p50); } .version.delete rect { stroke: var(--p999); }
.version.missing rect { fill: var(--violated-wash); stroke: var(--violated); stroke-width: 1.8; stroke-dasharray: 5 3; }
.drawing .version text { font-size: 12px; fill: var(--ink); font-weight: 600; } .drawing .version.missing text { fill: var(--violated); }
.drawing .version text.version-time { font-size: 10.5px; font-weight: 400; fill: var(--quiet); }
.edge path { fill: none; stroke: var(--slowest); stroke-width: 1.4; } .edge path.arrow { fill: var(--slowest); stroke: none; }
.drawing text.edge-name { font-size: 10.5px; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }

.process { stroke: var(--line); stroke-width: 1.4; } .drawing text.process-name { font-size: 12px; font-weight: 650; fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; } .drawing text.process-name.is-node { fill: var(--accent); }
.drawing text.moment { fill: var(--ink); } .drawing.narrow .moment, .drawing.narrow .moment-time { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; } .wait { fill: var(--mark); opacity: 0.75; }
.message path { fill: none; stroke: var(--mark); stroke-width: 1.5; } .message path.head { fill: var(--mark); stroke: none; }
.asked { --mark: var(--p50); } .answered { --mark: var(--passed); } .silent { --mark: var(--violated); } .copied { --mark: var(--slowest); } .between { --mark: var(--p999); }
.message.copied path { stroke-dasharray: 2 3; } .message.copied path.head { stroke-dasharray: none; } .key.copied { border-top-style: dotted; }
.multiples { display: grid; gap: 14px; margin-top: 14px; align-items: end; }
.multiples.of-2 { grid-template-columns: repeat(2, 1fr); } .multiples.of-3 { grid-template-columns: repeat(3, 1fr); }
.multiples figcaption { font-size: 13px; line-height: 1.4; }
#nodes .legend { margin-top: 8px; }
@media screen and (max-width: 760px) {
  .drawing.wide { display: none; } .drawing.narrow { display: block; }
  .multiples.of-2, .multiples.of-3 { grid-template-columns: 1fr; }
  .multiples > :empty { display: none; }
}
`;
