/**
 * The nodes' client interface in a simulated world: a call that travels over the same links as everything else, to a
 * node that may be paused, cut off or dead.
 */
import type { Entry, ReadEnding, ReadRequest, Refused, WriteEnding, WriteRequest } from "../client/entry.ts";
import type { Node, RingView } from "../node.ts";
import type { NodeId } from "../ports/network.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

type Unheard = "refused" | "silent";

export class SimulatedEntry implements Entry {
  readonly #cluster: SimulatedCluster;
  readonly #client: NodeId;

  /** `client` names its end of the links. */
  constructor(cluster: SimulatedCluster, client: NodeId) {
    this.#cluster = cluster;
    this.#client = client;
  }

  async get(node: NodeId, request: ReadRequest, timeoutMs: number): Promise<ReadEnding> {
    const heard = await this.#ask(node, "get", timeoutMs, (there) => there.get(request));
    return heard === "refused" || heard === "silent" ? unheard(node, "fail") : heard;
  }

  async write(node: NodeId, request: WriteRequest, timeoutMs: number): Promise<WriteEnding> {
    const heard = await this.#ask(node, "write", timeoutMs, (there) => there.write(request));
    if (heard === "refused") return unheard(node, "fail");
    return heard === "silent" ? unheard(node, "info") : heard;
  }

  async ring(node: NodeId, timeoutMs: number): Promise<RingView | undefined> {
    const heard = await this.#ask(node, "ring", timeoutMs, async (there) => there.ring());
    return heard === "refused" || heard === "silent" ? undefined : heard;
  }

  async close(): Promise<void> {}

  #ask<Answer>(
    node: NodeId,
    label: string,
    timeoutMs: number,
    call: (there: Node) => Promise<Answer>,
  ): Promise<Answer | Unheard> {
    const { links, world } = this.#cluster;
    return new Promise((resolve) => {
      const finish = (heard: Answer | Unheard) => {
        cancel();
        resolve(heard);
      };
      const cancel = world.after(timeoutMs, () => finish("silent"));
      const giveBack = (heard: Answer | Unheard) =>
        links.send({ from: node, to: this.#client, label: `answer ${label}` }, () => finish(heard));
      links.send({ from: this.#client, to: node, label: `call ${label}` }, () => {
        if (!this.#cluster.isUp(node)) return giveBack("refused");
        this.#cluster.machine(node).process.enter(() => {
          call(this.#cluster.node(node))
            .then(giveBack)
            .catch((cause: unknown) => world.fail(cause));
        });
      });
    });
  }
}

function unheard<Type>(node: NodeId, type: Type): Refused<Type> {
  return { type, error: "unreachable", detail: `${node} gave no answer.` };
}
