/**
 * Every injector with its hands tied: the calls that reach for a process, a link, a clock, a disk or an admin port
 * succeed and do nothing. Whatever claims to be proved from outside must then say that it did not happen; and with
 * free hands, on the same cluster, that it did.
 */
import { EventEmitter, once } from "node:events";
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { HedgeBudget } from "../../server/core/hedge-budget.ts";
import { streamOf } from "../../workloads/generator/stream.ts";
import { clientBudget, clientLimits } from "../client/client-limits.ts";
import { HttpStore, type HttpStoreOptions, HttpTransport } from "../client/http-store.ts";
import { LateCopies, lateCopiesMax } from "../client/late-copies.ts";
import { NodePools } from "../client/node-pools.ts";
import { RequestLog } from "../client/request-log.ts";
import { runClock } from "../client/run-clock.ts";
import type { ContractSubject } from "../cluster/cluster.contract.ts";
import type { Grudge } from "../cluster/cluster.ts";
import { contractSubject } from "../cluster/contract-subject.fixture.ts";
import { diskDamages } from "../cluster/disk-damage.ts";
import { NodeDisk } from "../cluster/disk-shim.ts";
import { Gate } from "../cluster/gate.ts";
import { privatePlaces } from "../cluster/place.ts";
import { PrivateNetwork } from "../cluster/private-network.ts";
import { holdFault } from "./hold-fault.ts";
import { loadBurdens } from "./load-burden.ts";
import type { FaultKind, FaultPlan, Nemesis } from "./nemesis.ts";
import { starveInTurns } from "./pause.ts";
import type { WorkloadClients } from "./workload-clients.ts";

/** With tied hands nothing will change, and there is no use in looking for long. */
const { hands, shortMs } = vi.hoisted(() => ({ hands: { areTied: false }, shortMs: 300 }));

vi.mock(import("../cluster/process-identity.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    signalProcess: (identity, signal) => hands.areTied || real.signalProcess(identity, signal),
    awaitState: (identity, isWanted, deadlineMs) =>
      real.awaitState(identity, isWanted, hands.areTied ? shortMs : deadlineMs),
  };
});
vi.mock(import("../cluster/node-clocks.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    replaceFile: (path, text) => {
      if (!hands.areTied) real.replaceFile(path, text);
    },
  };
});
vi.mock(import("../cluster/cpu-group-file.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    moveInto: (group, pid) => {
      if (!hands.areTied) real.moveInto(group, pid);
    },
  };
});
vi.mock(import("../cluster/heap-limit.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return { ...real, heapLimit: (heapMb) => (hands.areTied ? {} : real.heapLimit(heapMb)) };
});
vi.mock(import("../cluster/file-limit.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    setSoftLimit: async (pid, soft) =>
      hands.areTied ? { type: "done", evidence: "limited" } : real.setSoftLimit(pid, soft),
  };
});
vi.mock(import("../cluster/admin-port.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    callAdmin: async (method, url) =>
      hands.areTied ? { type: "answered", status: 200, body: {} } : real.callAdmin(method, url),
  };
});
vi.mock(import("../cluster/member-orders.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    giveOrder: (order, node, desks) =>
      real.giveOrder(order, node, desks, { withinMs: hands.areTied ? shortMs : 15_000, betweenMs: 5 }),
    // The stubs tell each other nothing, so that they never agree.
    awaitChange: (node, desks) => real.awaitChange(node, desks, { withinMs: shortMs, betweenMs: 5 }),
  };
});
vi.mock(import("../cluster/seen-shift.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    seenShift: (address, offsetMs) => real.seenShift(address, offsetMs, hands.areTied ? shortMs : undefined),
    seenFrozen: (address) => real.seenFrozen(address, hands.areTied ? shortMs : undefined),
  };
});
vi.mock(import("../cluster/disk-damage.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    damageFiles: (directory, damage, stream) => {
      if (!hands.areTied) real.damageFiles(directory, damage, stream);
    },
    copyDirectory: (from, to) => {
      if (!hands.areTied) real.copyDirectory(from, to);
    },
  };
});
vi.mock(import("../cluster/disk-trouble.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    troubled: (disk, kind) => real.troubled(disk, kind, hands.areTied ? shortMs : undefined),
  };
});
vi.mock(import("./burden-client.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    get: async (url) => (hands.areTied ? undefined : real.get(url)),
    put: async (...words) => (hands.areTied ? undefined : real.put(...words)),
    openSlowly: (host, port, everyMs) =>
      hands.areTied ? new Socket() : real.openSlowly(host, port, everyMs),
  };
});
vi.mock(import("./burden-look.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    awaitEvidence: (wanted, look) => real.awaitEvidence(wanted, look, hands.areTied ? shortMs : undefined),
  };
});
// Outside a private network the kernel's tools must not be touched at all.
vi.mock(import("../cluster/nft-rules.ts"), async (importOriginal) => ({
  ...(await importOriginal()),
  setNftRules: async () => ({ type: "done", evidence: "rules" }),
  nftCounter: async () => undefined,
}));
vi.mock(import("../cluster/policy-routes.ts"), async () => ({
  routeScript: () => "",
  makeRoomForRules: async () => ({ type: "done", evidence: "room" }),
  setRouteCuts: async () => ({ type: "done", evidence: "rules" }),
  clearRouteCuts: async () => undefined,
}));

vi.mock(import("../cluster/trigger-port.ts"), async (importOriginal) => {
  const real = await importOriginal();
  return {
    ...real,
    callTrigger: async (method, url, query) =>
      hands.areTied ? { type: "answered", armed: null, fired: null } : real.callTrigger(method, url, query),
  };
});

const setGate = Gate.prototype.set;
const reshapeGate = Gate.prototype.reshape;
const orderDisk = NodeDisk.prototype.order;
vi.spyOn(Gate.prototype, "set").mockImplementation(function (this: Gate, isOpen) {
  if (!hands.areTied) setGate.call(this, isOpen);
});
vi.spyOn(Gate.prototype, "reshape").mockImplementation(function (this: Gate, shape) {
  if (!hands.areTied) reshapeGate.call(this, shape);
});
vi.spyOn(NodeDisk.prototype, "order").mockImplementation(function (this: NodeDisk, orders) {
  if (!hands.areTied) orderDisk.call(this, orders);
});

const on = (node: string) => ({ id: "f1", nodes: [node] });
const oneWay: Grudge = [{ from: "n1", to: "n2" }];

/** One of each kind, and of each way in which a kind is carried out. */
const faults: Readonly<Record<FaultKind, readonly FaultPlan[]>> = {
  kill: [{ ...on("n1"), kind: "kill" }],
  stop: [{ ...on("n1"), kind: "stop" }],
  restart: [{ ...on("n1"), kind: "restart" }],
  pause: [{ ...on("n1"), kind: "pause" }],
  starve: [{ ...on("n1"), kind: "starve" }],
  memory: [{ ...on("n1"), kind: "memory", heapMb: 96 }],
  partition: [
    { ...on("n1"), kind: "partition", shape: "isolate-one" },
    { ...on("n1"), kind: "partition", shape: "flapping" },
    { ...on("n1"), kind: "partition", shape: "custom", grudge: oneWay },
  ],
  link: [
    { ...on("n1"), kind: "link", shape: { trouble: "delay", delayMs: 400 } },
    { ...on("n1"), kind: "link", shape: { trouble: "jitter", delayMs: 800 } },
    { ...on("n1"), kind: "link", shape: { trouble: "rate", bytesPerSecond: 8_192 } },
    { ...on("n1"), kind: "link", shape: { trouble: "loss", percent: 50 } },
    { ...on("n1"), kind: "link", shape: { trouble: "reset" } },
    { ...on("n1"), kind: "link", shape: { trouble: "half-open" } },
    { ...on("n1"), kind: "link", shape: { trouble: "half-close" } },
  ],
  clock: [
    { ...on("n1"), kind: "clock", motion: "jump", offsetMs: 3_600_000 },
    { ...on("n1"), kind: "clock", motion: "strobe", offsetMs: -90_000 },
    { ...on("n1"), kind: "clock", motion: "freeze", offsetMs: 0 },
    { ...on("n1"), kind: "clock", motion: "drift", offsetMs: 1_000 },
  ],
  files: [{ ...on("n1"), kind: "files" }],
  disk: [
    { ...on("n1"), kind: "disk", trouble: "slow" },
    { ...on("n1"), kind: "disk", trouble: "read-error" },
    ...diskDamages.map((damage) => ({ ...on("n1"), kind: "disk" as const, damage, damageSeed: 1 })),
  ],
  "power-cut": [{ ...on("n1"), kind: "power-cut", loss: "whole", lossSeed: 1 }],
  join: [{ ...on("n4"), kind: "join" }],
  leave: [{ ...on("n3"), kind: "leave" }],
  load: loadBurdens.map((burden) => ({ ...on("n1"), kind: "load", burden })),
};

const written = { moment: "write-answered", at: ["n1", "n2"] } as const;

/** Those that have to see the cluster first, and those that wait for a node. */
const aimed: readonly { readonly name: string; readonly fault: FaultPlan }[] = [
  {
    name: "pause of a coordinator",
    fault: { ...on("n1"), kind: "pause", aim: { role: "coordinator", key: "written", atMost: 1 } },
  },
  { name: "pause at a moment", fault: { ...on("n1"), kind: "pause", on: written } },
  { name: "kill at a moment", fault: { ...on("n1"), kind: "kill", on: written } },
  {
    name: "clock at a moment",
    fault: { ...on("n1"), kind: "clock", motion: "jump", offsetMs: 3_600_000, on: written },
  },
  {
    name: "partition at a moment",
    fault: { ...on("n1"), kind: "partition", shape: "isolate-one", on: written },
  },
];

const plain = Object.values(faults).flatMap((ones) =>
  ones.map((fault) => {
    const way =
      fault.kind === "link"
        ? fault.shape.trouble
        : "shape" in fault
          ? fault.shape
          : "motion" in fault
            ? fault.motion
            : "trouble" in fault
              ? fault.trouble
              : "damage" in fault
                ? fault.damage
                : "burden" in fault
                  ? fault.burden
                  : "";
    return { name: [fault.kind, way].filter((part) => part !== "").join(" "), fault };
  }),
);

describe("an injector that does nothing", () => {
  let subject: ContractSubject;

  beforeAll(async () => {
    subject = await contractSubject({ type: "proxy" }, "preload", undefined, ["n4"]);
    const started = await subject.cluster.startAll();
    if (started.type === "failed") throw new Error(started.reason);
  }, 60_000);
  afterAll(async () => {
    hands.areTied = false;
    await subject.cluster.stopAll();
    await subject.remove();
  }, 60_000);

  const putEverywhere = async (): Promise<void> => {
    const { httpUrl } = subject.cluster.addresses[0] ?? { httpUrl: "" };
    await fetch(`${httpUrl}/v1/carts/written?w=1`, { method: "PUT", body: "milk" }).catch(() => undefined);
  };

  let writeCount = 0;

  /** A client of a workload that writes one key after another, and may be told to send what it wrote once more. */
  function oneWriter() {
    const pools = new NodePools(subject.cluster.addresses, 1 + lateCopiesMax);
    const clock = runClock(process.hrtime.bigint());
    const log = new RequestLog({ clock, record: () => {} });
    const [bucket, chance] = ["carts", streamOf(1, "late copies")];
    const copies = new LateCopies({ clock, log, transport: new HttpTransport(pools.nodes, bucket), chance });
    const options: HttpStoreOptions = {
      clock,
      log,
      bucket,
      limits: clientLimits,
      budget: new HedgeBudget(clientBudget),
      nodes: pools.nodes,
      observe: () => ({ write: null, digest: "" }),
      onAcknowledged: (invocation, write) => copies.acknowledged(invocation, write),
    };
    const route = subject.cluster.addresses.map(({ node }) => node);
    const caller = { process: 1, session: "s1", operation: "1.0", route, intended: 0 };
    const store = new HttpStore(options, caller);
    const over = new AbortController();
    const writing = (async () => {
      while (!over.signal.aborted) {
        const [key, write] = [`copied-${writeCount}`, `1.${writeCount}`];
        writeCount += 1;
        await store.put({ key, write, value: Buffer.from(write), parents: [] });
      }
    })();
    const clients: WorkloadClients = {
      get lateCopyCount() {
        return copies.answeredCount;
      },
      sendLateCopies: (through) => {
        if (!hands.areTied) copies.sendThrough(through);
      },
    };
    const stop = async (): Promise<void> => {
      over.abort();
      await writing;
      await pools.close();
    };
    return { clients, stop };
  }

  /** The stages of a fault that ends as soon as it is known whether it holds; n1 writes all the while. */
  async function stagesOf(fault: FaultPlan, nemesis?: Nemesis): Promise<readonly string[]> {
    const stages: string[] = [];
    const known = new EventEmitter();
    const ended = new AbortController();
    const writing = (async () => {
      if (fault.kind !== "disk" && fault.on === undefined) return;
      while (!ended.signal.aborted) await putEverywhere();
    })();
    // A moment that never comes is known to be missing when the fault is over.
    const isAwaited = hands.areTied && fault.on !== undefined;
    const ends = isAwaited ? delay(shortMs) : once(known, "known");
    const writer = fault.kind === "load" && fault.burden === "late-duplicates" ? oneWriter() : undefined;
    await holdFault({
      cluster: subject.cluster,
      fault,
      ...(nemesis === undefined ? {} : { nemesis }),
      ...(writer === undefined ? {} : { clients: writer.clients }),
      until: ends.then(() => {
        ended.abort();
      }),
      record: ({ stage }) => {
        stages.push(stage);
        if (stage === "active" || stage === "ineffective" || stage === "skipped") known.emit("known");
      },
    });
    await writing;
    await writer?.stop();
    return stages;
  }

  it.for([...plain, ...aimed])(
    "of the fault $name is not effective, and one that acts is",
    { timeout: 60_000 },
    async ({ fault }, { skip }) => {
      if (
        (fault.kind === "power-cut" || "trouble" in fault) &&
        !subject.cluster.abilities.has("disk-trouble")
      ) {
        return skip(subject.cluster.backends["disk"] ?? "there is no shim");
      }
      if (fault.kind === "files" && !subject.cluster.abilities.has("file-limit"))
        return skip("prlimit (package util-linux) is not installed");
      await putEverywhere();

      hands.areTied = true;
      const idle = await stagesOf(fault).finally(() => {
        hands.areTied = false;
      });
      // Tied hands could not stop the node again that nobody let in.
      if (fault.kind === "join") await subject.cluster.kill("n4");
      const acting = await stagesOf(fault);

      expect(idle).toContain("ineffective");
      expect(idle).not.toContain("active");
      expect(acting).toEqual(["injecting", "active", "healing", "healed"]);
    },
  );

  it("of a node that is starved in turns is not effective, and one that acts is", {
    timeout: 60_000,
  }, async () => {
    const fault: FaultPlan = { ...on("n1"), kind: "starve" };

    hands.areTied = true;
    const idle = await stagesOf(fault, starveInTurns(["n1"])).finally(() => {
      hands.areTied = false;
    });
    const acting = await stagesOf(fault, starveInTurns(["n1"]));

    expect(idle).toContain("ineffective");
    expect(acting).toEqual(["injecting", "active", "healing", "healed"]);
  });

  it.each([{ trouble: "loss", percent: 50 }, { trouble: "reset" }, { trouble: "half-open" }] as const)(
    "of the kernel's $trouble by nft is not effective either",
    async (shape) => {
      const links = new PrivateNetwork(privatePlaces(["n1", "n2"]), "nft");
      expect(await links.open()).toMatchObject({ type: "done" });

      expect(await links.reshape([...oneWay, { from: "n2", to: "n1" }], shape)).toMatchObject({
        type: "failed",
        reason: expect.stringContaining("n1→n2"),
      });
    },
  );

  it.each(["nft", "policy-routing"] as const)(
    "of the kernel's cuts by %s is not effective either",
    async (tool) => {
      const links = new PrivateNetwork(privatePlaces(["n1", "n2"]), tool);
      expect(await links.open()).toMatchObject({ type: "done" });

      expect(await links.cut(oneWay)).toEqual({
        type: "failed",
        reason: "Bytes still pass over n1→n2, which should be cut.",
      });
    },
  );
});
