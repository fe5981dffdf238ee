/**
 * Links inside the private namespace, cut by the kernel. Each node listens on and connects from an address of its
 * own, so a rule on a pair of addresses is a rule on a directed link: established connections hang and deliver after
 * the heal by TCP's own retransmission, as on a real network. Clients come from 127.0.0.1, which no rule names.
 *
 * By nft packets are also lost at random, connections reset, and established ones forgotten: a rule names each of
 * those by both of its ends, as a firewall does that has lost its table.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { CutTool } from "../namespace/enclosure.ts";
import type { Ability, Done, Grudge } from "./cluster.ts";
import { InTurn } from "./in-turn.ts";
import { proveBroken, proveWhole } from "./link-break-proof.ts";
import { seenLosses } from "./link-loss-proof.ts";
import { probeLinks } from "./link-probe.ts";
import {
  isBreak,
  kernelTroubles,
  type LinkBreak,
  type LinkShape,
  type LossShape,
  shapeText,
} from "./link-shape.ts";
import { allPairs, type Door, judgeProbe, type Links, pairName } from "./links.ts";
import { type HostPair, type NftRules, nftCounter, noRules, setNftRules } from "./nft-rules.ts";
import type { Place } from "./place.ts";
import { clearRouteCuts, makeRoomForRules, setRouteCuts } from "./policy-routes.ts";
import { type Opened, openEars, openWire, type ProbeWire } from "./probe-wire.ts";
import { flowsNow } from "./tcp-table.ts";

const openWithinMs = 3_000;

type Pair = Grudge[number];

const failed = (reason: string): Done => ({ type: "failed", reason });
const back = ({ from, to }: Pair): Pair => ({ from: to, to: from });

export class PrivateNetwork implements Links {
  readonly backend: string;
  readonly abilities: readonly Ability[];
  readonly #tool: CutTool;
  readonly #turns = new InTurn();
  readonly #places: ReadonlyMap<NodeName, Place>;
  #routes: readonly HostPair[] = [];
  #cuts: Grudge = [];
  readonly #losses = new Map<string, Pair & LossShape>();
  readonly #resets = new Map<string, Pair>();
  #forgotten: NftRules["forgotten"] = [];

  constructor(places: readonly Place[], tool: CutTool) {
    this.#tool = tool;
    this.#places = new Map(places.map((place) => [place.node, place]));
    this.backend = tool === "nft" ? "kernel (nft)" : "kernel (policy routing)";
    this.abilities =
      tool === "nft" ? ["cut", "one-way-cut", "loss", "reset", "half-open"] : ["cut", "one-way-cut"];
  }

  doorTo(_from: NodeName, to: NodeName): Door {
    return this.#place(to);
  }

  /** Fails where the network is not what it should be before any fault. */
  async open(): Promise<Done> {
    const room: Done = this.#tool === "nft" ? await setNftRules(noRules) : await makeRoomForRules();
    return room.type === "failed" ? room : this.#probe();
  }

  cut(grudge: Grudge): Promise<Done> {
    return this.#turns.do(async () => {
      this.#cuts = grudge;
      const set = await this.#set();
      if (set.type === "failed") return set;
      const probed = await this.#probe();
      return grudge.length === 0 ? probed : this.#counted(probed);
    });
  }

  reshape(pairs: Grudge, shape: LinkShape | undefined, withinMs: number = openWithinMs): Promise<Done> {
    return this.#turns.do(() =>
      shape === undefined ? this.#restore(pairs) : this.#impair(pairs, shape, withinMs),
    );
  }

  async close(): Promise<void> {
    this.#cuts = [];
    this.#losses.clear();
    this.#resets.clear();
    this.#forgotten = [];
    if (this.#tool === "nft") await setNftRules(noRules);
    else await clearRouteCuts();
    this.#routes = [];
  }

  /** What stands over these links is as it was; cuts are left alone. */
  async #restore(pairs: Grudge): Promise<Done> {
    const hosts = new Set(pairs.map((pair) => hostsName(this.#hosts(pair))));
    for (const pair of pairs) {
      this.#losses.delete(pairName(pair));
      this.#resets.delete(pairName(pair));
    }
    this.#forgotten = this.#forgotten.filter((flow) => !hosts.has(hostsName(flow)));
    const set = await this.#set();
    if (set.type === "failed" || this.#tool !== "nft") return set;
    const whole = await proveWhole({
      pairs: this.#visible(pairs),
      open: (pair) => this.#openWire(pair),
      withinMs: openWithinMs,
    });
    for (const wire of whole.fresh) wire.close();
    return whole.outcome.type === "failed" ? whole.outcome : this.#probe();
  }

  async #impair(pairs: Grudge, shape: LinkShape, withinMs: number): Promise<Done> {
    if (this.#tool !== "nft" || !kernelTroubles.has(shape.trouble))
      return failed(`The kernel cannot do this to a link: ${shapeText(shape)}; use --net proxy.`);
    if (isBreak(shape)) return this.#break(pairs, shape, withinMs);
    return shape.trouble === "loss"
      ? this.#lose(pairs, shape)
      : failed(`The kernel does not make links slow: ${shapeText(shape)}.`);
  }

  async #lose(pairs: Grudge, shape: LossShape): Promise<Done> {
    for (const pair of pairs) this.#losses.set(pairName(pair), { ...pair, ...shape });
    const set = await this.#set();
    if (set.type === "failed") return set;
    const cut = new Set(this.#cuts.map(pairName));
    const names = pairs.map(pairName).filter((name) => !cut.has(name));
    if (names.length === 0) return failed("All these links are cut.");
    return this.#counted(
      await seenLosses(this.#hostsOfAll(), this.#all(), { names, percent: shape.percent }),
    );
  }

  /** Connections of the harness's own are there before, and so among those that are broken. */
  async #break(pairs: Grudge, shape: { readonly trouble: LinkBreak }, withinMs: number): Promise<Done> {
    const visible = this.#visible(pairs);
    const held: ProbeWire[] = [];
    for (const pair of visible) {
      const opened = await this.#openWire(pair);
      if (opened.type === "opened") held.push(opened.wire);
    }
    if (shape.trouble === "reset") for (const pair of pairs) this.#resets.set(pairName(pair), pair);
    else {
      const hosts = new Set(pairs.map((pair) => hostsName(this.#hosts(pair))));
      this.#forgotten = [...this.#forgotten, ...flowsNow().filter((flow) => hosts.has(hostsName(flow)))];
    }
    const set = await this.#set();
    if (set.type === "failed") return set;
    const open = (pair: Pair): Promise<Opened> => this.#openWire(pair);
    const { outcome, fresh } = await proveBroken({ shape, pairs: visible, held, number: 1, open, withinMs });
    for (const wire of [...held, ...fresh]) wire.close();
    return this.#counted(outcome);
  }

  /** Half-done changes are taken back: after a failure nothing stands. */
  async #set(): Promise<Done> {
    const cuts = this.#cuts.map((pair) => this.#hosts(pair));
    const outcome =
      this.#tool === "nft"
        ? await setNftRules({
            cuts,
            forgotten: this.#forgotten,
            losses: [...this.#losses.values()].map((pair) => ({
              ...this.#hosts(pair),
              percent: pair.percent,
            })),
            resets: [...this.#resets.values()].map((pair) => this.#hosts(pair)),
          })
        : await setRouteCuts(this.#routes, cuts);
    if (outcome.type === "done") this.#routes = cuts;
    else await this.close();
    return outcome;
  }

  async #probe(): Promise<Done> {
    const cut = new Set(this.#cuts.map(pairName));
    const lossy = new Set([...this.#losses.keys()].filter((name) => !cut.has(name)));
    const probe = await probeLinks(this.#hostsOfAll(), this.#all(), lossy);
    return probe.type === "failed" ? probe : judgeProbe(this.#all(), this.#cuts, probe.open);
  }

  /** With what the rules counted, and failed where there are rules that nothing met. */
  async #counted(seen: Done): Promise<Done> {
    if (seen.type === "failed" || this.#tool !== "nft") return seen;
    const packets = await nftCounter();
    if (packets === 0) return failed("The kernel's rules met no packet.");
    return packets === undefined
      ? seen
      : { type: "done", evidence: `${seen.evidence}; the rules met ${packets} packets` };
  }

  /** Over which a connection can be made, as far as cuts go. */
  #visible(pairs: Grudge): Grudge {
    const cut = new Set(this.#cuts.map(pairName));
    return pairs.filter((pair) => !cut.has(pairName(pair)) && !cut.has(pairName(back(pair))));
  }

  async #openWire(pair: Pair): Promise<Opened> {
    const { from, to } = this.#hosts(pair);
    const ears = await openEars(to);
    const address = ears.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const way = { host: to, port, localAddress: from };
    const opened = await openWire(pair, { way, ears, withinMs: openWithinMs });
    ears.close();
    return opened;
  }

  #all(): Grudge {
    return allPairs([...this.#places.keys()]);
  }

  #hostsOfAll(): ReadonlyMap<NodeName, string> {
    return new Map([...this.#places].map(([node, { host }]) => [node, host]));
  }

  #hosts({ from, to }: Pair): HostPair {
    return { from: this.#place(from).host, to: this.#place(to).host };
  }

  #place(node: NodeName): Place {
    const place = this.#places.get(node);
    if (place === undefined) throw new Error(`no node is called ${node}`);
    return place;
  }
}

const hostsName = ({ from, to }: HostPair): string => `${from}→${to}`;
