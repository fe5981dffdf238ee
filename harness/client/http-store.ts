/** The workloads' store over the HTTP API of a real cluster. */
import type { Dispatcher } from "undici";
import type { NodeName } from "../../checkers/history/event.ts";
import { judgeRead, judgeWrite, type ReadAnswer, type WriteAnswer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { exchange, type HttpRequest } from "./exchange.ts";
import type { Trial } from "./pursuit.ts";
import {
  RecordedStore,
  type RecordedStoreOptions,
  type Transport,
  type TriedWrite,
} from "./recorded-store.ts";

type Nodes = ReadonlyMap<NodeName, Dispatcher>;

export type HttpStoreOptions = Omit<RecordedStoreOptions, "transport"> & {
  readonly nodes: Nodes;
  readonly bucket: string;
};

export class HttpStore extends RecordedStore {
  constructor({ nodes, bucket, ...options }: HttpStoreOptions, caller: Caller) {
    super({ ...options, transport: new HttpTransport(nodes, bucket) }, caller);
  }
}

export class HttpTransport implements Transport {
  readonly #nodes: Nodes;
  readonly #bucket: string;

  constructor(nodes: Nodes, bucket: string) {
    this.#nodes = nodes;
    this.#bucket = bucket;
  }

  get(node: NodeName, key: string, r: number | undefined): Trial<ReadAnswer> {
    const query = r === undefined ? "" : `?r=${r}`;
    const headers = { accept: "application/json" };
    const { ended, abandon } = this.#send(node, {
      method: "GET",
      path: `${this.#pathOf(key)}${query}`,
      headers,
    });
    return { ended: ended.then(judgeRead), abandon };
  }

  write(node: NodeName, { key, write, context, value }: TriedWrite): Trial<WriteAnswer> {
    const { ended, abandon } = this.#send(node, {
      method: value === undefined ? "DELETE" : "PUT",
      path: this.#pathOf(key),
      headers: {
        "tipcart-write-id": write,
        ...(context === undefined ? {} : { "tipcart-context": context }),
      },
      ...(value === undefined ? {} : { body: value }),
    });
    return { ended: ended.then((exchanged) => judgeWrite(exchanged, write)), abandon };
  }

  #send(name: NodeName, request: HttpRequest) {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`the route names a node that is not in the cluster: ${name}`);
    return exchange(node, request);
  }

  #pathOf(key: string): string {
    return `/v1/${encodeURIComponent(this.#bucket)}/${encodeURIComponent(key)}`;
  }
}
