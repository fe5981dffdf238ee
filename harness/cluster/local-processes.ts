/**
 * A cluster on this machine, one process a node. What it can do to the links and the clocks is up to the parts it
 * is given; processes it handles itself.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { NodeName } from "../../checkers/history/event.ts";
import type { Moment } from "../../server/adapters/moments.ts";
import { findProgram } from "../shell.ts";
import type { Ability, Cluster, Done, Grudge, NodeAddress, NodeLimits } from "./cluster.ts";
import { type CpuGroups, occupy, removeGroupsInTime } from "./cpu-groups.ts";
import { diskAbilities, diskBackend } from "./disk-choice.ts";
import type { DiskDamage } from "./disk-damage.ts";
import { type DiskTrouble, diskFailedExitCodes, soothe, troubled, unreadable } from "./disk-trouble.ts";
import type { LinkShape } from "./link-shape.ts";
import type { Links } from "./links.ts";
import { type LocalNode, type LocalParts, localNode } from "./local-node.ts";
import { awaitChange, giveOrder } from "./member-orders.ts";
import type { NodeClocks } from "./node-clocks.ts";
import { busyPort } from "./place.ts";
import { cutPower } from "./power-cut.ts";
import { seenFrozen, seenShift } from "./seen-shift.ts";
import { StandingCuts } from "./standing-cuts.ts";
import type { PowerLoss } from "./undo-journal.ts";
import { type EndListener, UnexpectedEnds } from "./unexpected-ends.ts";

const failed = (reason: string): Done => ({ type: "failed", reason });

export class LocalProcesses implements Cluster {
  readonly abilities: ReadonlySet<Ability>;
  readonly backends: Readonly<Record<string, string>>;
  readonly #members: Set<NodeName>;
  readonly #places: readonly NodeAddress[];
  readonly #locals: ReadonlyMap<NodeName, LocalNode>;
  readonly #links: Links;
  readonly #cuts: StandingCuts;
  readonly #clocks: NodeClocks;
  readonly #cpuGroups: CpuGroups | undefined;
  readonly #ends = new UnexpectedEnds();

  constructor(parts: LocalParts) {
    this.#links = parts.links;
    this.#cuts = new StandingCuts(parts.links);
    this.#clocks = parts.clocks;
    this.#cpuGroups = parts.cpuGroups;
    this.abilities = new Set<Ability>([
      "kill",
      "pause",
      "clock",
      "membership",
      "trigger",
      ...parts.links.abilities,
      ...(parts.cpuGroups === undefined ? [] : (["cpu-share"] as const)),
      ...diskAbilities(parts.disks),
      ...(findProgram("prlimit") === undefined ? [] : (["file-limit"] as const)),
    ]);
    this.backends = {
      process: "signals",
      network: parts.links.backend,
      clock: parts.clocks.backend,
      ...(parts.cpuGroups === undefined ? {} : { processor: parts.cpuGroups.backend }),
      ...diskBackend(parts.disks),
    };
    this.#members = new Set(parts.places.map(({ node }) => node).filter((node) => !parts.spares.has(node)));
    this.#places = parts.places.map(({ node, host, httpPort, verificationPort, adminPort }) => ({
      node,
      httpUrl: `http://${host}:${httpPort}`,
      verificationUrl: `http://${host}:${verificationPort}`,
      adminUrl: `http://${host}:${adminPort}`,
    }));
    mkdirSync(join(parts.directory, "nodes"), { recursive: true });
    this.#locals = new Map(parts.places.map((place) => [place.node, localNode(parts, place, this.#ends)]));
    for (const { offsetFile } of this.#locals.values()) parts.clocks.write(offsetFile, 0);
  }

  get addresses(): readonly NodeAddress[] {
    return this.#places.filter(({ node }) => this.#members.has(node));
  }

  tellUnexpectedEnds(listener: EndListener | undefined): void {
    this.#ends.listen(listener);
  }

  isUp(node: NodeName): boolean {
    return this.#locals.get(node)?.process.isUp ?? false;
  }

  async startAll(): Promise<Done> {
    const opened = await this.#links.open();
    if (opened.type === "failed") return opened;
    for (const { writeConfig } of this.#locals.values()) writeConfig();
    const before = performance.now();
    const outcomes = await Promise.all([...this.#members].map((node) => this.start(node)));
    const problem = outcomes.find((outcome) => outcome.type === "failed");
    if (problem !== undefined) return problem;
    const tookMs = Math.round(performance.now() - before);
    return { type: "done", evidence: `${outcomes.length} nodes serve after ${tookMs} ms` };
  }

  start(node: NodeName, limits: NodeLimits = {}): Promise<Done> {
    return this.#with(node, async ({ place, process }) => {
      const port = process.isUp ? undefined : await busyPort(place);
      if (port === undefined) return process.start(limits);
      return failed(`Port ${port} on ${place.host}, which ${node} needs, is in use by another process.`);
    });
  }

  stop(node: NodeName): Promise<Done> {
    return this.#with(node, ({ process }) => process.stop());
  }

  kill(node: NodeName): Promise<Done> {
    return this.#with(node, ({ process }) => process.kill());
  }

  async powerCut(nodes: readonly NodeName[], loss: PowerLoss, seed: number): Promise<Done> {
    const found = nodes.map((node) => ({ node, ...this.#locals.get(node) }));
    const victims = found.flatMap(({ node, process, disk, image }) =>
      process === undefined ? [] : [{ node, process, disk, image }],
    );
    if (victims.length === nodes.length) return cutPower(victims, loss, seed);
    return failed(`One of ${nodes.join(", ")} is no node.`);
  }

  troubleDisk(node: NodeName, kind: DiskTrouble): Promise<Done> {
    return this.#with(node, async ({ process, disk }) => {
      if (disk === undefined) return failed(`The disk of ${node} cannot be troubled.`);
      process.excusedExitCodes = diskFailedExitCodes;
      if (kind !== "read-error") return troubled(disk, kind);
      return unreadable(disk, { stop: () => process.stop(), start: () => this.start(node) });
    });
  }

  healDisk(node: NodeName): Promise<Done> {
    return this.#with(node, async ({ process, disk }) => {
      if (disk === undefined) return failed(`The disk of ${node} cannot be troubled, nor healed.`);
      await soothe(disk, () => process.isUp);
      const started = process.isUp ? undefined : await this.start(node);
      process.excusedExitCodes = [];
      return started ?? { type: "done", evidence: "the disk is sound, and the node still runs" };
    });
  }

  damageDisk(node: NodeName, damage: DiskDamage, seed: number): Promise<Done> {
    return this.#with(node, ({ damaged }) => damaged.damage(damage, seed, () => this.start(node)));
  }

  mendDisk(node: NodeName): Promise<Done> {
    const others = this.addresses.filter((address) => address.node !== node);
    return this.#with(node, ({ damaged }) =>
      damaged.mend(this.#addressOf(node), others, () => this.start(node)),
    );
  }

  exhaustFiles(node: NodeName): Promise<Done> {
    return this.#with(node, async ({ process, files }) => {
      const { identity } = process;
      if (identity === undefined) return failed(`${node} is down and opens no files.`);
      process.excusedExitCodes = diskFailedExitCodes;
      return files.begin(identity, this.#addressOf(node).httpUrl);
    });
  }

  allowFiles(node: NodeName): Promise<Done> {
    return this.#with(node, async ({ process, files }) => {
      const allowed = await files.end(this.#addressOf(node).httpUrl);
      if (allowed.type === "failed") return allowed;
      const started = process.isUp ? undefined : await this.start(node);
      process.excusedExitCodes = [];
      return started ?? allowed;
    });
  }

  pause(node: NodeName): Promise<Done> {
    return this.#with(node, ({ process }) => process.pause());
  }

  resume(node: NodeName): Promise<Done> {
    return this.#with(node, ({ process }) => process.resume());
  }

  arm(fault: string, node: NodeName, moment: Moment): Promise<Done> {
    return this.#with(node, ({ trigger }) => trigger.arm(fault, moment));
  }

  awaitMoment(node: NodeName, over: AbortSignal): Promise<Done> {
    return this.#with(node, ({ process }) => process.awaitStop(over));
  }

  disarm(fault: string, node: NodeName): Promise<Done> {
    return this.#with(node, ({ trigger }) => trigger.disarm(fault));
  }

  limitCpu(node: NodeName, percent: number | undefined): Promise<Done> {
    return this.#with(node, async ({ process }) => {
      const groups = this.#cpuGroups;
      if (groups === undefined) return failed("No process can be given a share of the processor here.");
      if (percent === undefined) return groups.release(node, process.identity);
      if (process.identity === undefined) return failed(`${node} is down and has no use for a processor.`);
      return groups.limit(node, process.identity, { percent, poke: () => occupy(this.#addressOf(node)) });
    });
  }

  async cut(fault: string, grudge: Grudge): Promise<Done> {
    const stranger = grudge.flatMap(({ from, to }) => [from, to]).find((node) => !this.#locals.has(node));
    return stranger === undefined ? this.#cuts.cut(fault, grudge) : failed(`No node is called ${stranger}.`);
  }

  mend(fault: string): Promise<Done> {
    return this.#cuts.mend(fault);
  }

  async shapeLinks(pairs: Grudge, shape: LinkShape | undefined): Promise<Done> {
    const { reshape } = this.#links;
    return reshape === undefined
      ? failed("These links pass bytes as they come; use --net proxy.")
      : reshape.call(this.#links, pairs, shape);
  }

  shiftClock(node: NodeName, offsetMs: number): Promise<Done> {
    return this.#with(node, async ({ offsetFile }) => {
      this.#clocks.write(offsetFile, offsetMs);
      return seenShift(this.#addressOf(node), offsetMs);
    });
  }

  freezeClock(node: NodeName): Promise<Done> {
    return this.#with(node, async ({ offsetFile }) => {
      this.#clocks.freeze(offsetFile, Date.now());
      return seenFrozen(this.#addressOf(node));
    });
  }

  join(node: NodeName): Promise<Done> {
    return this.#with(node, async ({ process }) => {
      if (this.#members.has(node)) return failed(`${node} is a member already.`);
      const started = await this.start(node);
      if (started.type === "failed") return started;
      const ordered = await giveOrder("join", node, this.addresses);
      if (ordered.type === "failed") {
        await process.stop();
        return ordered;
      }
      this.#members.add(node);
      return { type: "done", evidence: `${started.evidence}, and ${ordered.evidence}` };
    });
  }

  leave(node: NodeName): Promise<Done> {
    return this.#with(node, () =>
      giveOrder(
        "leave",
        node,
        this.addresses.filter((address) => address.node !== node),
      ),
    );
  }

  membershipOf(node: NodeName): Promise<Done> {
    return this.#with(node, async () => {
      const { evidence, isMember } = await awaitChange(node, this.addresses);
      if (!isMember) this.#members.delete(node);
      return { type: "done", evidence };
    });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#locals.values()].map(({ process }) => process.close()));
    for (const { image } of this.#locals.values()) await image?.close();
    await this.#links.close();
    if (this.#cpuGroups !== undefined) await removeGroupsInTime(this.#cpuGroups.prefix);
  }

  #addressOf(node: NodeName): NodeAddress {
    const address = this.#places.find((one) => one.node === node);
    if (address === undefined) throw new Error(`no node is called ${node}`);
    return address;
  }

  async #with(node: NodeName, act: (local: LocalNode) => Promise<Done>): Promise<Done> {
    const found = this.#locals.get(node);
    return found === undefined ? failed(`No node is called ${node}.`) : act(found);
  }
}
