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
.compared tbody th { min-width: 190px; }
.cells { table-layout: fixed; }
.cells th:nth-child(1) { width: 134px; } .cells th:nth-child(2) { width: 30%; } .cells th:nth-child(n+4) { width: 92px; }
.cells tbody th, .cells td.wide { overflow-wrap: anywhere; }
.compared td svg { margin-left: auto; }
path.line.baseline { stroke-dasharray: 5 4; opacity: 0.85; }
.key.baseline { border-top-style: dashed; }
path.area { fill: var(--mark); fill-opacity: 0.2; stroke: none; } .key.area { opacity: 0.3; } .equal { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 5 4; }
.notes { margin-top: 14px; max-width: 88ch; color: var(--quiet); font-size: 14px; } .notes li + li { margin-top: 4px; }
.pair { --mark: var(--p50); }
@media screen and (max-width: 760px) {
  .compared tbody th { min-width: 116px; max-width: 130px; }
  .sides { font-size: 12.5px; } .sides td, .sides th { min-width: 0; overflow-wrap: anywhere; } .sides tbody th { width: 22%; overflow-wrap: normal; }
  .runs, .runs tbody, .runs tr { display: block; } .runs thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .runs tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; padding: 10px 0; border-bottom: 1px solid var(--line); }
  .runs tbody th, .runs td { width: auto; padding: 0; border: 0; } .runs tbody th { flex: 1 1 55%; } .runs td.nowrap, .runs td.wide { min-width: 0; flex: 1 1 100%; } .runs td:empty { display: none; }
  .runs .choice { order: 9; } .runs td[data-name]::before { content: attr(data-name) " "; color: var(--quiet); font-size: 12.5px; }
}
`;
