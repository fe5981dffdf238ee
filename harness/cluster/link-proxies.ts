/**
 * Links through the harness: for each ordered pair of nodes a listener, through which the first reaches the second.
 * Needs no privilege and no tool. A cut from i to j closes one gate, which stands on every connection between the
 * two, whoever opened it: on those that i opened before what i sends, on those that j opened before what i answers.
 *
 * It differs from a real network in what a node can see: a connection across a cut, or to a node that is down, is
 * accepted first (and is silent, or reset) instead of hanging in its handshake or being refused.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import { Gate } from "./gate.ts";
import { InTurn } from "./in-turn.ts";
import { proveBroken, proveWhole } from "./link-break-proof.ts";
import { seenStalls } from "./link-loss-proof.ts";
import { isBreak, type LinkBreak, type LinkShape, type LossShape, shapeText } from "./link-shape.ts";
import { hasCrossedAll, seenSlow, slowProbes } from "./link-slow-proof.ts";
import { allPairs, type Door, judgeProbe, type Links, pairName } from "./links.ts";
import type { Place } from "./place.ts";
import { type Opened, openEars, openWire, type ProbeWire } from "./probe-wire.ts";
import { relayConnection } from "./relayed-connection.ts";

type Pair = { readonly from: NodeName; readonly to: NodeName };
/** `wire`: the harness's own connection over it, another one after each break. */
type Link = Pair & { readonly listener: Server; readonly port: number; wire: ProbeWire | undefined };

const host = "127.0.0.1";
/** Connections of one link at once, those included that wait for a cut to end. */
const connectionsMax = 1024;
const crossWithinMs = 5_000;
/** What has not crossed so long after the last open link answered counts as cut. */
const silenceMs = 50;

export class LinkProxies implements Links {
  readonly backend: string = "proxy";
  readonly abilities: readonly Ability[] = [
    "cut",
    "one-way-cut",
    "shape",
    "loss",
    "reset",
    "half-open",
    "half-close",
  ];
  readonly #places: ReadonlyMap<NodeName, Place>;
  readonly #gates: ReadonlyMap<string, Gate>;
  readonly #links = new Map<string, Link>();
  /** Probes of one change would be in the way of another one. */
  readonly #turns = new InTurn();
  readonly #accepted = new Set<Socket>();
  /** Ends of the harness's own that connect through a link, whose other ends are its ears and no node. */
  readonly #connecting = new Set<Socket>();
  #ears: Server | undefined;
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
    try {
      this.#ears = await openEars(host);
      for (const pair of this.#pairs()) this.#links.set(pairName(pair), await this.#openLink(pair));
    } catch (problem) {
      return failed(`The links cannot be opened: ${problem instanceof Error ? problem.message : problem}.`);
    }
    await this.#renewWires();
    return this.#probe([]);
  }

  cut(grudge: Grudge): Promise<Done> {
    return this.#turns.do(async () => {
      const cut = new Set(grudge.map(pairName));
      for (const [name, gate] of this.#gates) gate.set(!cut.has(name));
      await this.#renewWires();
      return this.#probe(grudge);
    });
  }

  reshape(pairs: Grudge, shape: LinkShape | undefined, withinMs: number = crossWithinMs): Promise<Done> {
    return this.#turns.do(() => this.#reshape(pairs, shape, withinMs));
  }

  async #reshape(pairs: Grudge, shape: LinkShape | undefined, withinMs: number): Promise<Done> {
    for (const pair of pairs) this.#gates.get(pairName(pair))?.reshape(shape);
    if (shape === undefined) return this.#seenWhole(pairs, withinMs);
    // Over a link that another fault cuts, nothing can be seen.
    const visible = pairs.filter(
      (pair) => !this.#isCut(pair) && !(isBreak(shape) && this.#isCut(back(pair))),
    );
    if (visible.length === 0 && !isBreak(shape)) return failed("All these links are cut.");
    if (isBreak(shape)) return this.#seenBroken({ pairs, visible, shape, withinMs });
    const names = visible.map(pairName);
    if (shape.trouble === "loss") return this.#seenLossy(names, shape);
    const first = this.#probes + 1;
    this.#probes += slowProbes;
    return seenSlow(shape, { wires: this.#wires(), names, first, withinMs });
  }

  /** Every wire anew where it is gone, and a probe of all links. */
  async #seenWhole(pairs: Grudge, withinMs: number): Promise<Done> {
    await this.#renewWires();
    const whole = await proveWhole({
      pairs: pairs.filter((pair) => !this.#isCut(pair) && !this.#isCut(back(pair))),
      open: (pair) => this.#openWire(pair),
      withinMs,
    });
    for (const wire of whole.fresh) wire.close();
    if (whole.outcome.type === "failed") return whole.outcome;
    return this.#probe(this.#pairs().filter((pair) => this.#isCut(pair)));
  }

  /** All wires that it concerns are closed after that, and others take their places. */
  async #seenBroken(broken: {
    readonly pairs: Grudge;
    readonly visible: Grudge;
    readonly shape: { readonly trouble: LinkBreak };
    readonly withinMs: number;
  }): Promise<Done> {
    this.#probes += 1;
    const { outcome, fresh } = await proveBroken({
      ...broken,
      pairs: broken.visible,
      held: this.#linksAt(broken.visible).flatMap(({ wire }) => wire ?? []),
      number: this.#probes,
      open: (pair) => this.#openWire(pair),
    });
    for (const wire of fresh) wire.close();
    for (const link of this.#linksAt(broken.pairs)) {
      link.wire?.close();
      link.wire = undefined;
    }
    await this.#renewWires();
    return outcome;
  }

  /** On whose connections these directions are, opened from either side. */
  #linksAt(pairs: Grudge): readonly Link[] {
    const names = new Set(pairs.flatMap((pair) => [pairName(pair), pairName(back(pair))]));
    return [...this.#links.values()].filter((link) => names.has(pairName(link)));
  }

  async #seenLossy(names: readonly string[], shape: LossShape): Promise<Done> {
    const { stalled, shortestMs, number } = await seenStalls(this.#wires(), names, this.#probes + 1);
    this.#probes = number;
    const fluent = names.filter((name) => !stalled.has(name));
    return fluent.length > 0
      ? failed(`Nothing is late over ${fluent.join(", ")}, as it would be after losses.`)
      : {
          type: "done",
          evidence: `${shapeText(shape)}, as stalls that TCP would make of it: each of ${names.join(", ")} stood still for ${shortestMs} ms or longer`,
        };
  }

  async close(): Promise<void> {
    for (const gate of this.#gates.values()) {
      gate.reshape(undefined);
      gate.set(true);
    }
    this.#ears?.close();
    for (const { listener, wire } of this.#links.values()) {
      wire?.close();
      listener.close();
    }
    for (const socket of this.#accepted) socket.destroy();
    this.#links.clear();
  }

  #pairs(): Grudge {
    return allPairs([...this.#places.keys()]);
  }

  #isCut(pair: Pair): boolean {
    return this.#gates.get(pairName(pair))?.isOpen === false;
  }

  #isReset(pair: Pair): boolean {
    return [pair, back(pair)].some((one) => this.#gates.get(pairName(one))?.isReset === true);
  }

  async #openLink(pair: Pair): Promise<Link> {
    const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    listener.maxConnections = connectionsMax;
    listener.on("connection", (near: Socket) => {
      const isOurs = [...this.#connecting].some(({ localPort }) => localPort === near.remotePort);
      this.#relay(pair, near, isOurs ? portOf(this.#ears) : (this.#places.get(pair.to)?.rpcPort ?? 0));
    });
    listener.listen(0, host);
    await once(listener, "listening");
    return { ...pair, listener, port: portOf(listener), wire: undefined };
  }

  /** A wire of the harness over each link that has none, or a broken one, where nothing stands against it. */
  async #renewWires(): Promise<void> {
    for (const link of this.#links.values()) {
      if (link.wire?.isWhole || this.#isReset(link) || this.#isCut(link) || this.#isCut(back(link))) continue;
      const opened = await this.#openWire(link);
      link.wire?.close();
      link.wire = opened.type === "opened" ? opened.wire : undefined;
    }
  }

  /** One at a time: all share the ears. */
  async #openWire(pair: Pair): Promise<Opened> {
    const port = this.#links.get(pairName(pair))?.port;
    if (port === undefined || this.#ears === undefined) return { type: "refused", code: "no such link" };
    let near: Socket | undefined;
    const opened = await openWire(pair, {
      way: { host, port },
      ears: this.#ears,
      withinMs: crossWithinMs,
      onConnecting: (socket) => {
        near = socket;
        this.#connecting.add(socket);
      },
    });
    if (near !== undefined) this.#connecting.delete(near);
    return opened;
  }

  #relay({ from, to }: Pair, near: Socket, port: number): void {
    const forward = this.#gates.get(pairName({ from, to }));
    const backward = this.#gates.get(pairName({ from: to, to: from }));
    if (forward === undefined || backward === undefined) return;
    this.#accepted.add(near);
    near.once("close", () => this.#accepted.delete(near));
    void relayConnection(near, { forward, backward, target: { host, port } });
  }

  /** Of all links but those that are reset, over which nothing can be seen. */
  async #probe(wanted: Grudge): Promise<Done> {
    this.#probes += 1;
    const number = this.#probes;
    const seen = this.#pairs().filter((pair) => !this.#isReset(pair));
    const cut = new Set(wanted.map(pairName));
    for (const wire of this.#wires()) wire.send(number);
    const until = performance.now() + crossWithinMs;
    const isOpen = (name: string): boolean => hasCrossedAll(this.#wires(), name, number);
    const mustOpen = seen.map(pairName).filter((name) => !cut.has(name));
    while (!mustOpen.every(isOpen) && performance.now() < until) await delay(1);
    if (cut.size > 0) await delay(silenceMs);
    const open = new Set(mustOpen.filter(isOpen));
    for (const { strands } of this.#wires())
      for (const strand of strands)
        if (cut.has(strand.name) && strand.hasCrossed(number)) open.add(strand.name);
    return judgeProbe(
      seen,
      wanted.filter((pair) => !this.#isReset(pair)),
      open,
    );
  }

  #wires(): readonly ProbeWire[] {
    return [...this.#links.values()].flatMap(({ wire }) => wire ?? []);
  }
}

const back = ({ from, to }: Pair): Pair => ({ from: to, to: from });
const failed = (reason: string): Done => ({ type: "failed", reason });

function portOf(server: Server | undefined): number {
  const address: AddressInfo | string | null | undefined = server?.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
