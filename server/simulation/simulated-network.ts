/**
 * A network in a simulated world: directed links between machines, each with its own delay, loss, repetition and
 * cut, and the `Network` port of each node on top.
 *
 * Every message draws its own delay, so messages of one link overtake each other. A request travels on the link
 * there, its reply on the link back; a one-way cut therefore loses either the question or the answer, and the asker
 * cannot tell which. A machine that is up but whose node is not refuses, as a closed port does. Messages travel as the
 * bytes they are on a wire: two nodes never share an object, and what the codec cannot carry does not arrive.
 */
import { RemainingPatience } from "../core/remaining-patience.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exchange, Network, NodeId, PeerHandler, Sender } from "../ports/network.ts";
import { decodeMessage, encodeMessage } from "../rpc/codec.ts";
import type { Envelope, PeerMessage } from "../rpc/envelope.ts";
import type { PeerRequest } from "../rpc/messages.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { RandomStream, World } from "./world.ts";

/** How links behave when nothing is wrong with them. Shares are probabilities per message. */
export type LinkConditions = {
  readonly delayMs: { readonly from: number; readonly to: number };
  /** Share of messages that take ten times as long, and so are overtaken by many. */
  readonly slowShare: number;
  readonly lossShare: number;
  readonly duplicateShare: number;
};

export const calmLinks: LinkConditions = {
  delayMs: { from: 0.2, to: 1.5 },
  slowShare: 0.01,
  lossShare: 0,
  duplicateShare: 0,
};

/** The links of one world. Cuts and conditions change while it runs. */
export class SimulatedLinks {
  readonly world: World;
  conditions: LinkConditions;
  readonly #streams = new Map<string, RandomStream>();
  readonly #cuts = new Set<string>();
  readonly #slowness = new Map<NodeId, number>();
  readonly #endpoints = new Map<NodeId, SimulatedNetwork>();
  readonly #byteCounts = new Map<string, number>();

  constructor(world: World, conditions: LinkConditions = calmLinks) {
    this.world = world;
    this.conditions = conditions;
  }

  /** Drops everything sent from one node to the other, also what is on its way. */
  cut(from: NodeId, to: NodeId): void {
    this.#cuts.add(linkName(from, to));
  }

  /** Undoes every cut. */
  mend(): void {
    this.#cuts.clear();
  }

  /** Messages to `node` take `factor` times as long; 1 undoes it. */
  slow(node: NodeId, factor: number): void {
    this.#slowness.set(node, factor);
  }

  attach(endpoint: SimulatedNetwork): void {
    this.#endpoints.set(endpoint.nodeId, endpoint);
  }

  /** Forgets `endpoint`, unless a later boot of the node has taken its place. */
  detach(endpoint: SimulatedNetwork): void {
    if (this.#endpoints.get(endpoint.nodeId) === endpoint) this.#endpoints.delete(endpoint.nodeId);
  }

  /** The node now answering under this name, if its process lives. */
  endpoint(nodeId: NodeId): SimulatedNetwork | undefined {
    const endpoint = this.#endpoints.get(nodeId);
    return endpoint === undefined || endpoint.process.isDead ? undefined : endpoint;
  }

  /** Bytes of the requests and replies of a kind that were sent so far, by label. */
  byteCount(label: string): number {
    return this.#byteCounts.get(label) ?? 0;
  }

  /** Sends one message; `arrive` happens never, once or twice. */
  send(message: { from: NodeId; to: NodeId; label: string; byteCount?: number }, arrive: () => void): void {
    this.#byteCounts.set(message.label, this.byteCount(message.label) + (message.byteCount ?? 0));
    const name = linkName(message.from, message.to);
    const stream = this.#stream(name);
    const { delayMs, slowShare, lossShare, duplicateShare } = this.conditions;
    const copyCount = stream.happens(lossShare) ? 0 : stream.happens(duplicateShare) ? 2 : 1;
    if (copyCount === 0) this.world.note(`${name} ${message.label} lost`);
    for (let copy = 0; copy < copyCount; copy += 1) {
      const drawnMs = delayMs.from + stream.uniform() * (delayMs.to - delayMs.from);
      const factor = (stream.happens(slowShare) ? 10 : 1) * (this.#slowness.get(message.to) ?? 1);
      this.world.after(drawnMs * factor, () => {
        const isCut = this.#cuts.has(name);
        this.world.note(`${name} ${message.label}${isCut ? " cut" : ""}`);
        if (!isCut) arrive();
      });
    }
  }

  #stream(name: string): RandomStream {
    const stream = this.#streams.get(name) ?? this.world.random(`link ${name}`);
    this.#streams.set(name, stream);
    return stream;
  }
}

/** One node's end of the links. */
export class SimulatedNetwork implements Network {
  readonly nodeId: NodeId;
  readonly process: SimulatedProcess;
  readonly #links: SimulatedLinks;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #patience = new RemainingPatience();
  readonly #pending = new Set<(exchange: Exchange) => void>();
  #serving:
    | { readonly self: Sender; readonly handler: PeerHandler; readonly ringHash: () => string }
    | undefined;
  #isClosed = false;

  /** `clock`: the node's own; left out, it tells the true time. */
  constructor(
    links: SimulatedLinks,
    nodeId: NodeId,
    process: SimulatedProcess,
    clock: Pick<Clock, "monotonicMs"> = { monotonicMs: () => process.world.nowMs() },
  ) {
    this.#links = links;
    this.#clock = clock;
    this.nodeId = nodeId;
    this.process = process;
  }

  async serve(self: Sender, handler: PeerHandler, ringHash: () => string = () => ""): Promise<void> {
    this.#serving = { self, handler, ringHash };
    this.#links.attach(this);
  }

  request(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange> {
    if (this.#serving === undefined || this.#isClosed) return Promise.resolve(unreachable("closed"));
    const { self, ringHash } = this.#serving;
    return new Promise((resolve) => {
      const finish = (exchange: Exchange) => {
        cancel();
        this.#pending.delete(finish);
        resolve(exchange);
      };
      const cancel = this.process.after(timeoutMs, () => finish(unreachable("timeout")));
      this.#pending.add(finish);
      const envelope = this.#envelope(self, ringHash(), timeoutMs);
      const bytes = encodeMessage({ type: "request", envelope, request });
      const message = { from: this.nodeId, to, label: request.type, byteCount: bytes.length };
      this.#links.send(message, () => {
        const peer = this.#links.endpoint(to);
        if (peer !== undefined) peer.answer(bytes, this, finish);
        else this.#return(to, "refusal", 0, () => finish(unreachable("refused")));
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#links.detach(this);
    for (const finish of this.#pending) finish(unreachable("closed"));
  }

  /** Handles one request that has arrived here and sends the reply back. */
  answer(bytes: Uint8Array, asker: SimulatedNetwork, finish: (exchange: Exchange) => void): void {
    this.process.enter(() => {
      if (this.#serving === undefined || this.#isClosed) return;
      const { self, handler, ringHash } = this.#serving;
      const message = messageIn(bytes);
      if (message.type !== "request") return;
      const { envelope, request } = message;
      const budgetMs = this.#patience.of(envelope, this.#clock.monotonicMs());
      handler(envelope.sender, request, budgetMs, envelope.ringHash)
        .then((reply) =>
          this.#reply(
            asker,
            encodeMessage({ type: "reply", envelope: this.#envelope(self, ringHash(), 0), reply }),
            finish,
          ),
        )
        .catch((cause: unknown) => this.#links.world.fail(cause));
    });
  }

  #reply(asker: SimulatedNetwork, bytes: Uint8Array, finish: (exchange: Exchange) => void): void {
    const message = messageIn(bytes);
    if (message.type !== "reply") return;
    const { reply } = message;
    asker.#return(this.nodeId, `reply ${reply.type}`, bytes.length, () => finish({ type: "reply", reply }));
  }

  #envelope(sender: Sender, ringHash: string, budgetMs: number): Envelope {
    const sentMs = this.#clock.monotonicMs();
    return { clusterId: "simulated", sender, requestId: 0, ringHash, budgetMs, sentMs };
  }

  /** Something comes back to this node; nobody is there to take it when its process has died meanwhile. */
  #return(from: NodeId, label: string, byteCount: number, take: () => void): void {
    this.#links.send({ from, to: this.nodeId, label, byteCount }, () => this.process.enter(take));
  }
}

function unreachable(reason: "timeout" | "refused" | "closed"): Exchange {
  return { type: "unreachable", reason };
}

/** What was sent decodes again; anything else is a mistake of the codec, and ends the run. */
function messageIn(bytes: Uint8Array): PeerMessage {
  const decoded = decodeMessage(bytes);
  if (decoded.type === "fail") throw new Error(decoded.reason);
  return decoded.value;
}

function linkName(from: NodeId, to: NodeId): string {
  return `${from}>${to}`;
}
