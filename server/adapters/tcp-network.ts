/**
 * Network over TCP: for each peer one outgoing connection for this node's requests, and one port on which the
 * peers' own connections are answered. Bytes are frames of rpc/frame.ts around messages of rpc/codec.ts.
 *
 * Every message names its cluster, so that two clusters that meet on a port by mistake never mix, and its sender,
 * so that a reply that some proxy sent astray is not taken for another node's word. A peer that comes back with an
 * empty disk says so by its incarnation, which is handed on with each request; whether to trust it is decided above.
 */
import { RemainingPatience } from "../core/remaining-patience.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exchange, Network, NodeId, PeerHandler, Sender } from "../ports/network.ts";
import { decodeMessage, encodeMessage } from "../rpc/codec.ts";
import type { PeerMessage } from "../rpc/envelope.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import { type PeerAddress, PeerConnection } from "./peer-connection.ts";
import { PeerServer } from "./peer-server.ts";
import type { Credentials, StreamFault } from "./peer-stream.ts";

export type TcpNetworkOptions = {
  readonly clusterId: string;
  readonly clock: Clock;
  /** The address requests to peers leave from; the operating system's choice when absent. */
  readonly localAddress?: string;
  /** Where a peer is reached from here; undefined for a node nobody has heard of. */
  readonly addressOf: (peer: NodeId) => PeerAddress | undefined;
  /** Requests of peers being answered at once; beyond it they are refused as overloaded. */
  readonly requestsInFlightMax: number;
  /** With it every connection begins with a handshake and every frame is sealed. */
  readonly credentials?: Credentials;
  /** A connection was ended for what came over it; `peer` is whom this node had connected to. */
  readonly onRefused?: (refusal: { readonly peer?: NodeId; readonly fault: StreamFault }) => void;
  /** Called with what a handler threw; the node must end. */
  readonly onFault: (thrown: unknown) => void;
};

export type NetworkOpening =
  | { readonly type: "opened"; readonly network: TcpNetwork }
  /** `detail` is one sentence. */
  | { readonly type: "refused"; readonly detail: string };

/** Port 0 chooses a free one. Requests leave from the address listened on. */
export type ListeningOptions = Omit<TcpNetworkOptions, "localAddress"> & { readonly listen: PeerAddress };

/** Binds the port at once, so that a busy one is known before the node reads its disk. */
export async function openTcpNetwork({ listen, ...options }: ListeningOptions): Promise<NetworkOpening> {
  const { clusterId, credentials, onFault } = options;
  const onRefused = (fault: StreamFault) => options.onRefused?.({ fault });
  const server = new PeerServer({ clusterId, ...(credentials && { credentials }), onFault, onRefused });
  const failure = await server.open(listen.host, listen.port);
  if (failure !== undefined) return { type: "refused", detail: failure };
  return { type: "opened", network: new TcpNetwork({ ...options, localAddress: listen.host }, server) };
}

export class TcpNetwork implements Network {
  readonly #options: TcpNetworkOptions;
  readonly #server: PeerServer | undefined;
  readonly #connections = new Map<NodeId, PeerConnection>();
  readonly #patience = new RemainingPatience();
  #self: Sender | undefined;
  #ringHash: () => string = () => "";
  #closing: Promise<void> | undefined;
  #answeringCount = 0;

  /** Without a server it only asks, as a client does. */
  constructor(options: TcpNetworkOptions, server?: PeerServer) {
    this.#options = options;
    this.#server = server;
  }

  /** The port peers connect to; 0 when none do. */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  async request(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange> {
    const self = this.#self;
    if (self === undefined || this.#closing !== undefined) return { type: "unreachable", reason: "closed" };
    if (this.#options.addressOf(to) === undefined) return { type: "unreachable", reason: "refused" };
    const { clock, clusterId } = this.#options;
    return await this.#connectionTo(to).request((requestId, budgetMs) => {
      const sentMs = clock.monotonicMs();
      const envelope = { clusterId, ringHash: this.#ringHash(), sender: self, requestId, budgetMs, sentMs };
      return encodeMessage({ type: "request", envelope, request });
    }, timeoutMs);
  }

  async serve(self: Sender, handler: PeerHandler, ringHash: () => string = () => ""): Promise<void> {
    this.#self = self;
    this.#ringHash = ringHash;
    this.#server?.serve((payload) => this.#answer(self, handler, payload));
  }

  close(): Promise<void> {
    for (const connection of this.#connections.values()) connection.close();
    this.#closing ??= this.#server?.close() ?? Promise.resolve();
    return this.#closing;
  }

  async #answer(self: Sender, handler: PeerHandler, payload: Uint8Array): Promise<Uint8Array | undefined> {
    const message = this.#messageOf(payload);
    if (message?.type !== "request") return undefined;
    const { clock, clusterId } = this.#options;
    const { sender, requestId, ringHash } = message.envelope;
    const budgetMs = this.#patience.of(message.envelope, clock.monotonicMs());
    const answer = () => handler(sender, message.request, budgetMs, ringHash);
    const reply = await this.#bounded(answer);
    const sentMs = clock.monotonicMs();
    const envelope = { clusterId, ringHash: this.#ringHash(), sender: self, requestId, budgetMs: 0, sentMs };
    return encodeMessage({ type: "reply", envelope, reply });
  }

  async #bounded(answer: () => Promise<PeerReply>): Promise<PeerReply> {
    if (this.#answeringCount >= this.#options.requestsInFlightMax) {
      return { type: "refused", reason: "overloaded" };
    }
    this.#answeringCount += 1;
    try {
      return await answer();
    } finally {
      this.#answeringCount -= 1;
    }
  }

  #connectionTo(to: NodeId): PeerConnection {
    let connection = this.#connections.get(to);
    if (connection === undefined) {
      const { clock, clusterId, credentials, onRefused } = this.#options;
      connection = new PeerConnection({
        clock,
        clusterId,
        ...(credentials && { credentials }),
        onRefused: (fault) => onRefused?.({ peer: to, fault }),
        addressOf: () => this.#options.addressOf(to),
        localAddress: this.#options.localAddress,
        onPayload: (owner, payload) => this.#settle(owner, to, payload),
      });
      this.#connections.set(to, connection);
    }
    return connection;
  }

  #settle(connection: PeerConnection, peer: NodeId, payload: Uint8Array): boolean {
    const message = this.#messageOf(payload, peer);
    if (message?.type !== "reply" || message.envelope.sender.nodeId !== peer) return false;
    connection.settle(message.envelope.requestId, { type: "reply", reply: message.reply });
    return true;
  }

  /** The message in a payload; undefined when it is none, or another cluster's, which is told. */
  #messageOf(payload: Uint8Array, peer?: NodeId): PeerMessage | undefined {
    const decoded = decodeMessage(payload);
    const isOurs = decoded.type === "ok" && decoded.value.envelope.clusterId === this.#options.clusterId;
    if (isOurs) return decoded.value;
    const fault = decoded.type === "fail" ? "malformed" : "other-cluster";
    this.#options.onRefused?.({ ...(peer !== undefined && { peer }), fault });
    return undefined;
  }
}
