/**
 * Network over TCP: for each peer one outgoing connection for this node's requests, and one port on which the
 * peers' own connections are answered. Bytes are frames of rpc/frame.ts around messages of rpc/codec.ts.
 *
 * Every message names its cluster, so that two clusters that meet on a port by mistake never mix, and its sender,
 * so that a reply that some proxy sent astray is not taken for another node's word. A peer that comes back with an
 * empty disk says so by its incarnation, which is handed on with each request; whether to trust it is decided above.
 */
import type { Clock } from "../ports/clock.ts";
import type { Exchange, Network, NodeId, PeerHandler, Sender } from "../ports/network.ts";
import { decodeMessage, encodeMessage } from "../rpc/codec.ts";
import type { PeerMessage } from "../rpc/envelope.ts";
import { encodeFrame } from "../rpc/frame.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import { type PeerAddress, PeerConnection } from "./peer-connection.ts";
import { PeerServer } from "./peer-server.ts";

export type TcpNetworkOptions = {
  readonly clusterId: string;
  readonly ringHash: string;
  readonly clock: Clock;
  /** Where to listen, and the address requests to peers leave from. Port 0 chooses a free one. */
  readonly listen: PeerAddress;
  /** Where a peer is reached from here; undefined for a node nobody has heard of. */
  readonly addressOf: (peer: NodeId) => PeerAddress | undefined;
  /** Requests of peers being answered at once; beyond it they are refused as overloaded. */
  readonly requestsInFlightMax: number;
  /** Called with what a handler threw; the node must end. */
  readonly onFault: (thrown: unknown) => void;
};

export type NetworkOpening =
  | { readonly type: "opened"; readonly network: TcpNetwork }
  /** `detail` is one sentence. */
  | { readonly type: "refused"; readonly detail: string };

/** Binds the port at once, so that a busy one is known before the node reads its disk. */
export async function openTcpNetwork(options: TcpNetworkOptions): Promise<NetworkOpening> {
  const server = new PeerServer(options.onFault);
  const failure = await server.open(options.listen.host, options.listen.port);
  if (failure !== undefined) return { type: "refused", detail: failure };
  return { type: "opened", network: new TcpNetwork(options, server) };
}

export class TcpNetwork implements Network {
  readonly #options: TcpNetworkOptions;
  readonly #server: PeerServer;
  readonly #connections = new Map<NodeId, PeerConnection>();
  #self: Sender | undefined;
  #closing: Promise<void> | undefined;
  #answeringCount = 0;

  constructor(options: TcpNetworkOptions, server: PeerServer) {
    this.#options = options;
    this.#server = server;
  }

  /** The port peers connect to. */
  get port(): number {
    return this.#server.port;
  }

  async request(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange> {
    const self = this.#self;
    if (self === undefined || this.#closing !== undefined) return { type: "unreachable", reason: "closed" };
    if (this.#options.addressOf(to) === undefined) return { type: "unreachable", reason: "refused" };
    const { clusterId, ringHash } = this.#options;
    return await this.#connectionTo(to).request((requestId, budgetMs) => {
      const envelope = { clusterId, ringHash, sender: self, requestId, budgetMs };
      return encodeFrame(encodeMessage({ type: "request", envelope, request }));
    }, timeoutMs);
  }

  async serve(self: Sender, handler: PeerHandler): Promise<void> {
    this.#self = self;
    this.#server.serve((payload) => this.#answer(self, handler, payload));
  }

  close(): Promise<void> {
    for (const connection of this.#connections.values()) connection.close();
    this.#closing ??= this.#server.close();
    return this.#closing;
  }

  async #answer(self: Sender, handler: PeerHandler, payload: Uint8Array): Promise<Uint8Array | undefined> {
    const message = this.#messageOf(payload);
    if (message?.type !== "request") return undefined;
    const { sender, requestId, budgetMs } = message.envelope;
    const reply = await this.#ask(handler, sender, message.request, budgetMs);
    const { clusterId, ringHash } = this.#options;
    const envelope = { clusterId, ringHash, sender: self, requestId, budgetMs: 0 };
    return encodeFrame(encodeMessage({ type: "reply", envelope, reply }));
  }

  async #ask(handler: PeerHandler, from: Sender, request: PeerRequest, budgetMs: number): Promise<PeerReply> {
    if (this.#answeringCount >= this.#options.requestsInFlightMax) {
      return { type: "refused", reason: "overloaded" };
    }
    this.#answeringCount += 1;
    try {
      return await handler(from, request, budgetMs);
    } finally {
      this.#answeringCount -= 1;
    }
  }

  #connectionTo(to: NodeId): PeerConnection {
    let connection = this.#connections.get(to);
    if (connection === undefined) {
      connection = new PeerConnection({
        clock: this.#options.clock,
        addressOf: () => this.#options.addressOf(to),
        localAddress: this.#options.listen.host,
        onPayload: (owner, payload) => this.#settle(owner, to, payload),
      });
      this.#connections.set(to, connection);
    }
    return connection;
  }

  #settle(connection: PeerConnection, peer: NodeId, payload: Uint8Array): boolean {
    const message = this.#messageOf(payload);
    if (message?.type !== "reply" || message.envelope.sender.nodeId !== peer) return false;
    connection.settle(message.envelope.requestId, { type: "reply", reply: message.reply });
    return true;
  }

  /** The message in a payload; undefined when it is none, or another cluster's. */
  #messageOf(payload: Uint8Array): PeerMessage | undefined {
    const decoded = decodeMessage(payload);
    if (decoded.type === "fail") return undefined;
    return decoded.value.envelope.clusterId === this.#options.clusterId ? decoded.value : undefined;
  }
}
