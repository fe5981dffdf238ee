/** From the text that the page carries to requests as objects: base64, deflated JSON, columns. */
import { type ExploredRequests, explorableEndings, explorableKinds } from "../report/explored-requests.ts";

export type ExplorableRequest = {
  readonly id: number;
  readonly kind: (typeof explorableKinds)[number];
  readonly ending: (typeof explorableEndings)[number];
  readonly node: string;
  readonly key: string;
  readonly dueS: number;
  /** Null: it never completed. */
  readonly tookMs: number | null;
};

export type Explorable = Pick<ExploredRequests, "untilS" | "limitMs" | "bands" | "nodes"> & {
  readonly requests: readonly ExplorableRequest[];
};

export const unpackedRequests = async (packed: string): Promise<Explorable> => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const columns = JSON.parse(await new Response(stream).text()) as ExploredRequests;
  let id = 0;
  let due = 0;
  const requests = columns.ids.map((difference, index): ExplorableRequest => {
    id += difference;
    due += columns.due[index] ?? 0;
    const took = columns.took[index] ?? -1;
    return {
      id,
      kind: explorableKinds[Number(columns.kinds[index])] ?? "get",
      ending: explorableEndings[Number(columns.endings[index])] ?? "unknown",
      node: columns.nodes[columns.entries[index] ?? -1] ?? "",
      key: columns.keys[columns.keyPlaces[index] ?? -1] ?? "",
      dueS: due / 10_000,
      tookMs: took < 0 ? null : took / 10,
    };
  });
  const { untilS, limitMs, bands, nodes } = columns;
  return { untilS, limitMs, bands, nodes, requests };
};
