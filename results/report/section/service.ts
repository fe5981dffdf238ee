/**
 * The service level: every operation in every phase by exact count, the whole distribution, and what each fault
 * cost.
 */
import { html, type Markup } from "../markup.ts";
import type { Subject } from "../subject.ts";
import { askedLevels } from "./asked-levels.ts";
import { distribution } from "./distribution.ts";
import { faultCosts } from "./fault-costs.ts";
import { serviceTable } from "./service-table.ts";

export const service = (
  subject: Subject,
): Markup => html`<section id="service" aria-labelledby="service-title">
<h2 id="service-title">Service level</h2>
<p class="lead">A request is good when it was acknowledged within the limit, counted from when it was due. Slow, failed, unknown and dropped ones are bad. The error budget is the number of bad requests that the objective allows.</p>
${askedLevels(subject.record)}${subject.record.service.length === 0 ? html`<p>The run has no objective.</p>` : serviceTable(subject.record)}${faultCosts(subject.record)}${distribution(subject)}
</section>`;
