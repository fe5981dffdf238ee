/** The explorer of single requests: its controls, its canvas and its list. */
import { verbatim } from "../markup.ts";

export const explorerStyle = verbatim`
.filters { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; margin-top: 14px; }
.filters label { display: flex; flex-direction: column; max-width: 100%; gap: 3px; font-size: 13px; color: var(--quiet); }
.filters input, .filters select, .filters button, .choose button { font: inherit; font-size: 14px; color: var(--ink); background: var(--card); border: 1px solid var(--axis); border-radius: 7px; padding: 5px 9px; min-height: 34px; max-width: 100%; }
.filters button, .choose button { cursor: pointer; font-weight: 600; }
.filters button:hover, .choose button:hover { border-color: var(--accent); color: var(--accent); }
.filters .short { width: 92px; }
.explorer-plot { margin-top: 14px; }
.explorer-plot canvas { display: block; }
.explorer-state { margin-top: 8px; color: var(--quiet); font-size: 13.5px; }
@media print { #requests .filters, #requests .legend, .explorer-plot { display: none; } }
`;
