/** Pages that only "tipcart serve" has, and the comparison of two runs. */
import { verbatim } from "../markup.ts";

export const webStyle = verbatim`
.trail { display: flex; flex-wrap: wrap; gap: 2px 18px; padding-bottom: 18px; font-size: 14px; }
.heading.plain .word { color: var(--quiet); font-size: 14px; font-weight: 650; }
.runs th .quiet { font-weight: 400; } .runs .side { text-align: center; }
.heading.plain { --state: var(--accent); --state-wash: var(--wash); }
.runs td, .runs th { vertical-align: middle; }
.runs .choice { text-align: center; }
.runs .choice label { display: inline-flex; padding: 8px; }
.runs td.wide { min-width: 300px; }
.choose { margin-top: 14px; }
.pages { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 14px; font-size: 14px; }
.sides td, .sides th { min-width: 140px; }
.sides thead th { overflow-wrap: anywhere; }
.compared th:first-child { min-width: 190px; }
.compared td svg { margin-left: auto; }
path.line.baseline { stroke-dasharray: 5 4; opacity: 0.85; }
.key.baseline { border-top-style: dashed; }
.pair { --mark: var(--p50); }
@media screen and (max-width: 760px) { .runs, .sides { width: max-content; min-width: 100%; } .runs td.wide { min-width: 240px; max-width: 300px; } .sides td { max-width: 240px; } }
`;
