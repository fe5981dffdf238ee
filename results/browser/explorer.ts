/**
 * The program of the report: single requests as points over time, narrowed by filters and by dragging.
 *
 * The only script a page runs. It takes the data that the page carries and the controls that stand in it, asks no
 * network, and puts text into the page as text. Every filter is also an input, so nothing needs a pointer.
 */
import { type ExplorableRequest, unpackedRequests } from "./request-data.ts";
import { RequestPlot } from "./request-plot.ts";
import { showRows } from "./request-rows.ts";

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found as T;
};

type Filter = {
  readonly kind: string;
  readonly ending: string;
  readonly node: string;
  readonly key: string;
  readonly from: number;
  readonly until: number;
};

const start = async (): Promise<void> => {
  const data = await unpackedRequests(element("explorer-data").textContent);
  const explorer = element("explorer");
  const form = explorer.querySelector("form");
  if (form === null) return;
  offerNodes(form, data.nodes);
  explorer.hidden = false;
  element("explorer-absent").hidden = true;

  const plot = new RequestPlot(element("explorer-plot"), data, (from, until) => {
    const isWhole = from <= 0 && until >= data.untilS;
    setInput(form, "from", isWhole ? "" : from.toFixed(2));
    setInput(form, "until", isWhole ? "" : until.toFixed(2));
    show();
  });
  const show = (): void => {
    const filter = filterIn(form, data.untilS);
    const fitting = data.requests.filter((request) => fits(request, filter));
    plot.show(fitting, filter.from, filter.until);
    const inView = fitting.filter(({ dueS }) => dueS >= filter.from && dueS <= filter.until);
    showRows(element("explorer-rows"), element("explorer-state"), inView);
  };
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

const fits = (request: ExplorableRequest, { kind, ending, node, key }: Filter): boolean =>
  (kind === "" || request.kind === kind) &&
  (ending === "" || request.ending === ending) &&
  (node === "" || request.node === node) &&
  request.key.includes(key);

const filterIn = (form: HTMLFormElement, untilS: number): Filter => {
  const values = new FormData(form);
  const text = (name: string): string => String(values.get(name) ?? "");
  const seconds = (name: string, otherwise: number): number => {
    const value = Number.parseFloat(text(name));
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), untilS) : otherwise;
  };
  const from = seconds("from", 0);
  const until = seconds("until", untilS);
  return {
    kind: text("kind"),
    ending: text("ending"),
    node: text("node"),
    key: text("key"),
    from,
    until: until > from ? until : untilS,
  };
};

const setInput = (form: HTMLFormElement, name: string, value: string): void => {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
};

const offerNodes = (form: HTMLFormElement, nodes: readonly string[]): void => {
  const select = form.elements.namedItem("node");
  if (!(select instanceof HTMLSelectElement)) return;
  for (const node of nodes.toSorted()) select.append(new Option(node, node));
};

if (document.getElementById("explorer-data") !== null) void start();
