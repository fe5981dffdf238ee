/**
 * A program that goes inside a private namespace the way a run does, and then plays the part it is given: `exit 3`
 * ends with that code; `count` counts its interrupts and ends with their number when asked to;
 * `cluster <stub> <directory> <kernel|proxy>` starts a cluster of stubs, pauses a node, and waits to be killed.
 */
import { createLocalCluster } from "../cluster/local-cluster.ts";
import { startGuardian } from "../guardian/guardian.ts";
import { type Enclosure, enclosureHere } from "./enclosure.ts";
import { enterPrivateNetwork } from "./reexecute.ts";

const [part = "", ...given] = process.argv.slice(2);
const say = (word: string): boolean => process.stdout.write(`${word}\n`);
/** Nothing but a signal ends it. */
const wait = (): unknown => setInterval(() => {}, 60_000);

function count(): void {
  let interrupts = 0;
  process.on("SIGINT", () => {
    interrupts += 1;
    say(`interrupt ${interrupts}`);
  });
  for (const signal of ["SIGTERM", "SIGQUIT"] as const) process.on(signal, () => process.exit(interrupts));
  wait();
  say(process.stdout.isTTY ? "ready on a terminal" : "ready on no terminal");
}

async function cluster(enclosure: Enclosure | undefined): Promise<void> {
  const [serverBundle = "", directory = "", guardianBundle = ""] = given;
  const start = enclosure === undefined ? startGuardian(guardianBundle) : undefined;
  const created = await createLocalCluster({
    directory,
    serverBundle,
    nodes: ["n1", "n2", "n3"],
    settings: { clusterId: "doomed", isDurable: true },
    network: enclosure === undefined ? { type: "proxy" } : { type: "kernel", enclosure },
    clock: "auto",
    ...(start?.type === "watching" ? { watch: start.guardian.watch } : {}),
  });
  if (created.type === "refused") throw new Error(created.reason);
  const outcomes = [
    await created.cluster.startAll(),
    await created.cluster.pause("n1"),
    await created.cluster.cut("a cut", [{ from: "n2", to: "n3" }]),
  ];
  wait();
  say(outcomes.every(({ type }) => type === "done") ? "ready" : JSON.stringify(outcomes));
}

async function play(enclosure: Enclosure | undefined): Promise<void> {
  switch (part) {
    case "exit":
      process.exitCode = Number(given[0]);
      return;
    case "count":
      return count();
    case "cluster":
      return cluster(enclosure);
    default:
      throw new Error(`no part is called ${part}`);
  }
}

if (process.env["TIPCART_STAY_OUTSIDE"] === "1") await play(undefined);
else {
  const entered = await enterPrivateNetwork();
  if (entered.type === "inside") await play(enclosureHere());
  else if (entered.type === "ended") process.exitCode = entered.exitCode;
  else throw new Error(entered.reason);
}
