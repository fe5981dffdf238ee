/** Tables: quiet lines, numbers to the right, and a place to scroll in when the window is narrow. */
import { verbatim } from "../markup.ts";

export const tableStyle = verbatim`
.scroll { overflow-x: auto; margin-top: 14px; background: linear-gradient(to right, var(--paper) 50%, transparent) left / 28px 100% no-repeat local, linear-gradient(to left, var(--paper) 50%, transparent) right / 28px 100% no-repeat local, linear-gradient(to right, var(--shade), transparent) left / 12px 100% no-repeat scroll, linear-gradient(to left, var(--shade), transparent) right / 12px 100% no-repeat scroll; }
@media print { .scroll { background: none; overflow: visible; } .lineage .scroll .drawing { max-width: 100%; } }
.anomaly .scroll { background-image: linear-gradient(to right, var(--card) 50%, transparent), linear-gradient(to left, var(--card) 50%, transparent), linear-gradient(to right, var(--shade), transparent), linear-gradient(to left, var(--shade), transparent); }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.4; }
th, td { overflow-wrap: normal; padding: 7px 12px 7px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 2px; }
thead th { color: var(--quiet); font-weight: 550; font-size: 12.5px; vertical-align: bottom; }
tbody th { font-weight: 600; }
.figures th, .figures td { text-align: right; padding-right: 12px; }
.figures { font-size: 13px; }
.figures th:first-child, .levels td:nth-child(2), .levels th:nth-child(2), .levels td:last-child, .levels th:last-child, .compared td:nth-child(2) .mark, .service-levels td:nth-child(2), .service-levels th:nth-child(2) { text-align: left; }
.figures th, .figures td:last-child { padding-right: 8px; }
.figures .zero { color: var(--quiet); opacity: 0.65; }
.figures tr.decides { background: color-mix(in srgb, var(--wash) 70%, transparent); }
.figures .quiet { font-size: 12px; font-weight: 400; }
.effects thead tr:first-child th[colspan] { border-bottom: 0; padding-bottom: 0; color: var(--ink); }
.effects thead tr:last-child th { text-align: right; }
td.prose { overflow-wrap: anywhere; }
.faults td.prose { max-width: 420px; }
.faults tbody th { min-width: 150px; max-width: 260px; overflow-wrap: anywhere; }
.number { display: inline-block; min-width: 20px; padding: 0 5px; border-radius: 6px; text-align: center; font-size: 12px; font-weight: 700; color: var(--on-fault); background: var(--kind); }
.requests { font-size: 13px; }
.requests th { font-weight: 400; }
.requests th b, .ending { font-weight: 650; }
.ending.ok { color: var(--passed); } .ending.fail { color: var(--violated); } .ending.info { color: var(--inconclusive); }
.kill { --kind: var(--kill); } .pause { --kind: var(--pause); } .partition { --kind: var(--partition); } .clock { --kind: var(--clock); } .other { --kind: var(--other); }
@media screen and (max-width: 760px) {
  .figures, .requests, .faults { width: max-content; min-width: 100%; }
  .faults td.prose, .requests td.prose { min-width: 210px; max-width: 300px; }
  .requests th { max-width: 200px; }
  .figures tbody th:first-child, .figures thead tr:first-child th:first-child { position: sticky; left: 0; background: var(--paper); padding-right: 10px; }
  .figures tbody tr.decides th:first-child { background: color-mix(in srgb, var(--wash) 70%, var(--paper)); }
}
`;
