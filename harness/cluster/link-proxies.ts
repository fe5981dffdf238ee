/**
 * Links through the harness: for each ordered pair of nodes a listener, through which the first reaches the second.
 * Needs no privilege and no tool. A cut from i to j closes one gate, which stands on every connection between the
 * two, whoever opened it: on those that i opened before what i sends, on those that j opened before what i answers.
 *
 * It differs from a real network in what a node can see: a connection across a cut, or to a node that is down, is
 * accepted first (and is silent, or reset) instead of hanging in its handshake or being refused.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import { Gate } from "./gate.ts";
import { type LinkShape, leastMs, shapeText } from "./link-shape.ts";
import { allPairs, type Door, judgeProbe, type Links, pairName } from "./links.ts";
import type { Place } from "./place.ts";
import { ProbeWire } from "./probe-wire.ts";
import { relayConnection } from "./relayed-connection.ts";

type Pair = { readonly from: NodeName; readonly to: NodeName };
type Link = Pair & { readonly listener: Server; readonly port: number; readonly wire: ProbeWire };

const host = "127.0.0.1";
/** Connections of one link at once, those included that wait for a cut to end. */
const connectionsMax = 1024;
const crossWithinMs = 3_000;
/** What has not crossed so long after the last open link answered counts as cut. */
const silenceMs = 50;
/** Enough for a narrow link to show that it is one. */
const probeBytes = 2_048;
const shapeRounds = 3;

export class LinkProxies implements Links {
  readonly backend: string = "proxy";
  readonly abilities: readonly Ability[] = ["cut", "one-way-cut", "shape"];
  readonly #places: ReadonlyMap<NodeName, Place>;
  readonly #gates: ReadonlyMap<string, Gate>;
  readonly #links = new Map<string, Link>();
  readonly #accepted = new Set<Socket>();
  #probes = 0;

  constructor(places: readonly Place[]) {
    this.#places = new Map(places.map((place) => [place.node, place]));
    this.#gates = new Map(this.#pairs().map((pair) => [pairName(pair), new Gate()]));
  }

  doorTo(from: NodeName, to: NodeName): Door {
    const link = this.#links.get(pairName({ from, to }));
    if (link === undefined) throw new Error(`the link ${pairName({ from, to })} is not open`);
    return { host, rpcPort: link.port };
  }

  async open(): Promise<Done> {
    const harnessEnd = createServer({ allowHalfOpen: true });
    try {
      harnessEnd.listen(0, host);
      await once(harnessEnd, "listening");
      for (const pair of this.#pairs())
        this.#links.set(pairName(pair), await this.#openLink(pair, harnessEnd));
    } catch (problem) {
      return {
        type: "failed",
        reason: `The links cannot be opened: ${problem instanceof Error ? problem.message : problem}.`,
      };
    } finally {
      harnessEnd.close();
    }
    return this.#probe([]);
  }

  cut(grudge: Grudge): Promise<Done> {
    const cut = new Set(grudge.map(pairName));
    for (const [name, gate] of this.#gates) gate.set(!cut.has(name));
    return this.#probe(grudge);
  }

  /** Three probes, one after another, so that a moment in which this process was late is not taken for a slow link. */
  async reshape(
    pairs: Grudge,
    shape: LinkShape | undefined,
    withinMs: number = crossWithinMs,
  ): Promise<Done> {
    for (const pair of pairs) this.#gates.get(pairName(pair))?.reshape(shape);
    const isCut = (pair: Pair): boolean => this.#gates.get(pairName(pair))?.isOpen === false;
    if (shape === undefined) return this.#probe(this.#pairs().filter(isCut));
    // Over a link that another fault cuts, nothing can be seen to be late.
    const names = pairs.filter((pair) => !isCut(pair)).map(pairName);
    if (names.length === 0) return { type: "failed", reason: "All these links are cut." };
    const wanted = leastMs(shape, probeBytes);
    const taken = new Map<string, number>();
    for (let round = 0; round < shapeRounds; round += 1) {
      for (const [name, ms] of await this.#timed(names, withinMs))
        taken.set(name, Math.min(ms, taken.get(name) ?? ms));
    }
    const quick = names.filter((name) => (taken.get(name) ?? 0) < wanted);
    const least = Math.round(Math.min(...taken.values()));
    return quick.length === 0
      ? {
          type: "done",
          evidence: `${shapeText(shape)}: no probe over ${names.join(", ")} took less than ${least} ms`,
        }
      : {
          type: "failed",
          reason: `A probe over ${quick.join(", ")} took ${least} ms, which should take ${wanted}.`,
        };
  }

  /** How long one probe takes over each of these links, ms; as long as was waited where it did not arrive. */
  async #timed(names: readonly string[], withinMs: number): Promise<ReadonlyMap<string, number>> {
    this.#probes += 1;
    const number = this.#probes;
    const began = performance.now();
    for (const { wire } of this.#links.values()) wire.send(number, probeBytes);
    const taken = new Map<string, number>();
    while (taken.size < names.length && performance.now() - began < withinMs) {
      await delay(1);
      for (const name of names) {
        if (!taken.has(name) && this.#crossings(name, number).every(Boolean))
          taken.set(name, performance.now() - began);
      }
    }
    return new Map(names.map((name) => [name, taken.get(name) ?? withinMs]));
  }

  async close(): Promise<void> {
    for (const gate of this.#gates.values()) gate.set(true);
    for (const { listener, wire } of this.#links.values()) {
      wire.close();
      listener.close();
    }
    for (const socket of this.#accepted) socket.destroy();
    this.#links.clear();
  }

  #pairs(): Grudge {
    return allPairs([...this.#places.keys()]);
  }

  /** The first connection is the harness's own and leads back to it; nobody else knows the port yet. */
  async #openLink(pair: Pair, harnessEnd: Server): Promise<Link> {
    const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    listener.maxConnections = connectionsMax;
    listener.listen(0, host);
    await once(listener, "listening");
    const port = portOf(listener);
    listener.once("connection", (socket: Socket) => {
      this.#relay(pair, socket, portOf(harnessEnd));
      listener.on("connection", (later: Socket) =>
        this.#relay(pair, later, this.#places.get(pair.to)?.rpcPort ?? 0),
      );
    });
    const arrived = once(harnessEnd, "connection", { signal: AbortSignal.timeout(crossWithinMs) });
    const near = connect({ host, port, noDelay: true });
    const [far] = (await arrived) as [Socket];
    far.setNoDelay(true);
    return { ...pair, listener, port, wire: new ProbeWire(near, far) };
  }

  #relay({ from, to }: Pair, near: Socket, port: number): void {
    const forward = this.#gates.get(pairName({ from, to }));
    const backward = this.#gates.get(pairName({ from: to, to: from }));
    if (forward === undefined || backward === undefined) return;
    this.#accepted.add(near);
    near.once("close", () => this.#accepted.delete(near));
    void relayConnection(near, { forward, backward, target: { host, port } });
  }

  async #probe(wanted: Grudge): Promise<Done> {
    this.#probes += 1;
    const number = this.#probes;
    const cut = new Set(wanted.map(pairName));
    for (const { wire } of this.#links.values()) wire.send(number);
    const until = performance.now() + crossWithinMs;
    const isOpen = (name: string): boolean => this.#crossings(name, number).every(Boolean);
    const mustOpen = [...this.#gates.keys()].filter((name) => !cut.has(name));
    while (!mustOpen.every(isOpen) && performance.now() < until) await delay(1);
    if (cut.size > 0) await delay(silenceMs);
    const open = new Set(mustOpen.filter(isOpen));
    for (const name of cut) if (this.#crossings(name, number).some(Boolean)) open.add(name);
    return judgeProbe(this.#pairs(), wanted, open);
  }

  /** Whether the number crossed in this direction, on the wires of both links between the two nodes. */
  #crossings(name: string, number: number): readonly boolean[] {
    return [...this.#links.values()].flatMap(({ from, to, wire }) => {
      if (pairName({ from, to }) === name) return [wire.hasCrossedForward(number)];
      if (pairName({ from: to, to: from }) === name) return [wire.hasCrossedBackward(number)];
      return [];
    });
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}
