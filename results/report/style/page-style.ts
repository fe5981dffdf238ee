/** The page: type, spacing, the first screen, sections, what unfolds, and how it prints. */
import { verbatim } from "../markup.ts";

export const pageStyle = verbatim`
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
body > header, body > nav, main, body > footer { width: min(1080px, 100% - 64px); margin-inline: auto; }
a { color: var(--accent); }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(20px, 2.7vw, 29px); line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
h3 { font-size: 14px; font-weight: 650; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.88em; }
b, strong { font-weight: 650; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.quiet { color: var(--quiet); }
.nowrap { white-space: nowrap; }
.bad-text { color: var(--violated); font-weight: 650; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; background: var(--card); padding: 6px 12px; z-index: 2; }

body > .heading { width: auto; padding: 26px 32px 0; border-top: 6px solid var(--state); background: linear-gradient(var(--state-wash), var(--paper) 85%); }
.heading > * { max-width: 1080px; margin-inline: auto; }
.heading.passed { --state: var(--passed); --state-wash: var(--passed-wash); }
.heading.violated { --state: var(--violated); --state-wash: var(--violated-wash); }
.heading.breached { --state: var(--breached); --state-wash: var(--breached-wash); }
.heading.inconclusive { --state: var(--inconclusive); --state-wash: var(--inconclusive-wash); }
.product { display: flex; align-items: center; gap: 7px; font-weight: 700; letter-spacing: -0.01em; font-size: 16px; }
.product .quiet { font-weight: 400; letter-spacing: 0; }
.cart .fallen { fill: var(--state); }
.conclusion { display: flex; gap: 20px; align-items: flex-start; margin-top: 26px; }
.conclusion .sign { flex: none; width: 58px; height: 58px; margin-top: 5px; }
.conclusion .word { color: var(--state); font-weight: 700; font-size: 15px; text-transform: uppercase; letter-spacing: 0.08em; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 16px; margin-top: 16px; color: var(--quiet); font-size: 14px; }
.facts b { color: var(--ink); }
.provenance { margin-top: 10px; font-size: 13.5px; line-height: 1.45; }
.provenance > div { display: grid; grid-template-columns: 84px 1fr; gap: 0 12px; padding: 1.5px 0; }
.provenance dt { color: var(--quiet); }
.notice { margin-top: 14px; padding: 9px 14px; border-radius: 8px; background: var(--inconclusive-wash); color: var(--inconclusive); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(164px, 1fr)); gap: 12px; margin-top: 24px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 15px 13px; }
.tile dt { color: var(--quiet); font-size: 13px; }
.tile dd { display: flex; flex-direction: column; }
.tile strong { font-size: 25px; line-height: 1.3; letter-spacing: -0.02em; white-space: nowrap; }
.tile span { color: var(--quiet); font-size: 12.5px; line-height: 1.4; }
.tile.good strong { color: var(--passed); }
.tile.bad strong { color: var(--violated); }
.tile.breached strong, .tile.inconclusive strong { color: var(--state); }

body > nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 2px 22px; padding-block: 12px; margin-top: 20px; background: var(--paper); border-bottom: 1px solid var(--line); font-size: 14px; }
body > nav a, .trail a { color: var(--quiet); text-decoration: none; font-weight: 550; }
body > nav a:hover, .trail a:hover { color: var(--ink); text-decoration: underline; }
section { padding-top: 44px; }
.lead { margin-top: 4px; max-width: 74ch; color: var(--quiet); }
footer { padding-block: 48px 40px; color: var(--quiet); font-size: 13px; }

.sign circle { fill: var(--state); }
.sign path { fill: none; stroke: var(--card); stroke-width: 2.3; stroke-linecap: round; stroke-linejoin: round; }
.passed { --state: var(--passed); } .violated { --state: var(--violated); }
.breached { --state: var(--breached); } .inconclusive { --state: var(--inconclusive); }
.mark { display: inline-flex; align-items: baseline; gap: 7px; color: var(--state); font-weight: 600; white-space: nowrap; }
.mark .sign { width: 17px; height: 17px; flex: none; align-self: center; }

.checks { margin-top: 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--card); overflow: hidden; }
.checks > li + li { border-top: 1px solid var(--line); }
.checks > li.violated, .checks > li.breached { background: color-mix(in srgb, var(--state) 7%, var(--card)); }
.check { display: grid; grid-template-columns: 128px 220px 1fr 22px; gap: 2px 14px; padding: 10px 16px; align-items: baseline; }
summary { cursor: pointer; }
summary::-webkit-details-marker { display: none; }
summary.check { list-style: none; }
summary.check::after { content: "▸"; color: var(--quiet); justify-self: end; grid-column: 4; grid-row: 1; }
details[open] > summary.check::after { content: "▾"; }
.properties { display: inline-block; font-weight: 650; font-size: 12.5px; padding: 0 7px; border-radius: 6px; background: var(--wash); }
.checker { color: var(--quiet); font-size: 13.5px; }
.metrics { display: flex; flex-wrap: wrap; gap: 6px 28px; padding: 2px 16px 14px 158px; }
.metrics dt, .facts-list dt { color: var(--quiet); font-size: 13px; }

.anomalies { margin-top: 14px; }
.anomalies > h3 { margin-bottom: 8px; font-size: 15px; }
.anomalies > h3 .quiet { font-weight: 400; }
.anomaly { border: 1px solid var(--line); border-left: 4px solid var(--violated); border-radius: 10px; background: var(--card); }
.anomaly + .anomaly, .anomaly + p, .anomaly + .more, .more .anomaly { margin-top: 10px; }
.anomaly > summary { padding: 11px 16px; }
.anomaly > summary::before, .because > summary::before, .numbers > summary::before, .plan > summary::before, .more > summary::before { content: "▸"; color: var(--quiet); display: inline-block; width: 1.1em; }
.anomaly[open] > summary::before, .because[open] > summary::before, .numbers[open] > summary::before, .plan[open] > summary::before, .more[open] > summary::before { content: "▾"; }
.because > summary, .numbers > summary, .plan > summary, .more > summary { list-style: none; color: var(--accent); font-size: 14px; padding-block: 6px; }
.anomaly > summary { list-style: none; }
.anomaly-type { color: var(--violated); font-weight: 650; }
.anomaly-sentence { display: block; margin: 3px 0 0 1.1em; font-size: 16px; line-height: 1.4; }
.anomaly-body { padding: 4px 16px 16px calc(16px + 1.1em); }
.allowed .anomaly { border-left-color: var(--axis); }
.allowed .anomaly-type { color: var(--ink); }
.definition { margin-top: 12px; padding-top: 10px; border-top: 1px solid var(--grid); color: var(--quiet); font-size: 13.5px; }
.definition cite { white-space: normal; }
.writes { margin-top: 10px; font-size: 14px; }
.story { counter-reset: step; max-width: 88ch; }
.story li { counter-increment: step; position: relative; padding: 2px 0 2px 30px; }
.story li::before { content: counter(step); position: absolute; left: 0; top: 5px; width: 19px; height: 19px; border-radius: 50%; background: var(--wash); color: var(--quiet); font-size: 11.5px; font-weight: 650; line-height: 19px; text-align: center; }
.lineage { margin-block: 16px; }
.lineage figcaption { color: var(--quiet); font-size: 13px; margin-bottom: 6px; }
.because > ul li { padding-left: 1.1em; color: var(--quiet); font-size: 14px; }

.command { margin-top: 14px; padding: 13px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); white-space: pre-wrap; }
.thirds { display: grid; grid-template-columns: 1.35fr 1fr 0.8fr; gap: 0 36px; }
.thirds h3 { margin: 22px 0 4px; }
.apart { margin-top: 34px; }
.halves { display: grid; grid-template-columns: 1fr 1fr; gap: 18px 20px; margin-top: 12px; }
.halves figcaption { font-size: 14px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.facts-list > div { display: grid; grid-template-columns: minmax(84px, 46%) 1fr; gap: 12px; padding: 3px 0; border-bottom: 1px solid var(--grid); font-size: 14px; }
.plan pre { max-height: 420px; overflow: auto; padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.numbers { margin-top: 12px; }

@media screen and (max-width: 760px) {
  body > nav, main, body > footer { width: calc(100% - 32px); }
  body > .heading { padding-inline: 16px; }
  .conclusion { gap: 14px; } .conclusion .sign { width: 40px; height: 40px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tile { padding: 10px 12px; } .tile strong { font-size: 21px; }
  body > nav { position: static; }
  section { padding-top: 34px; }
  .check { grid-template-columns: 1fr 22px; }
  .check > * { grid-column: 1; }
  summary.check::after { grid-column: 2; }
  .metrics { padding-left: 16px; }
  .thirds, .halves { grid-template-columns: 1fr; }
  .anomaly-body { padding-left: 16px; }
}
@page { margin: 12mm; }
@media print {
  html { zoom: 0.64; color-scheme: light; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body > .heading { padding-inline: 0; background: none; }
  body > nav, .trail, .skip { display: none; }
  figure, tr, .tile, .checks > li { break-inside: avoid; }
  h2, h3, .lead, #nodes .legend { break-after: avoid; } .lead { break-inside: avoid; }
  .numbers, .plan { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
