/**
 * A network that tells when an exchange ended as if the ring had changed: the peer is gone, or says that it is not
 * the one to ask. Being slow or full is no evidence.
 */
import type { Exchange, Network, NodeId, PeerHandler, Sender } from "../ports/network.ts";
import type { PeerRequest } from "../rpc/messages.ts";

export class EvidenceNetwork implements Network {
  readonly #network: Network;
  readonly #onEvidence: () => void;

  constructor(network: Network, onEvidence: () => void) {
    this.#network = network;
    this.#onEvidence = onEvidence;
  }

  async request(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange> {
    const exchange = await this.#network.request(to, request, timeoutMs);
    if (isEvidence(exchange)) this.#onEvidence();
    return exchange;
  }

  serve(self: Sender, handler: PeerHandler, ringHash?: () => string): Promise<void> {
    return this.#network.serve(self, handler, ringHash);
  }

  close(): Promise<void> {
    return this.#network.close();
  }
}

function isEvidence(exchange: Exchange): boolean {
  if (exchange.type === "unreachable") return exchange.reason === "refused" || exchange.reason === "timeout";
  const { reply } = exchange;
  return reply.type === "refused" && (reply.reason === "wrong-owner" || reply.reason === "wrong-ring");
}
