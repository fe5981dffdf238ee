/** The slowest of the requests in view, as rows of a table, and how many there are. */
import type { ExplorableRequest } from "./request-data.ts";

/** Rows that are shown. */
const rowLimit = 12;

const slowness = ({ tookMs }: ExplorableRequest): number => tookMs ?? Number.POSITIVE_INFINITY;

export const showRows = (
  body: HTMLElement,
  state: HTMLElement,
  requests: readonly ExplorableRequest[],
): void => {
  const slowest = requests.toSorted((a, b) => slowness(b) - slowness(a) || a.id - b.id).slice(0, rowLimit);
  const grouped = new Intl.NumberFormat("en");
  const few = requests.length > rowLimit ? `, the ${rowLimit} slowest of them below` : "";
  state.textContent = `${grouped.format(requests.length)} requests shown${few}. Drag over the plot to zoom, double-click for all.`;
  body.replaceChildren(
    ...slowest.map((request) => {
      const row = document.createElement("tr");
      const cells = [
        `${request.dueS.toFixed(3)} s`,
        `#${grouped.format(request.id)} ${request.kind}`,
        request.key,
        request.node,
        request.tookMs === null ? "never" : `${request.tookMs.toFixed(1)} ms`,
        request.ending,
      ];
      for (const text of cells) row.insertCell().textContent = text;
      return row;
    }),
  );
};
