/**
 * The process of one front: `node .build/front.js --listen 127.0.0.1:8080 --node 127.0.0.1:7100 --node …`.
 *
 * Prints one line of JSON once it serves. Exit codes: 0 after a stop that was asked for, 64 for bad arguments, 69 when
 * the port cannot be had or none of the nodes answers.
 */
import { parseArgs } from "node:util";
import { isLoopbackAddress } from "../loopback.ts";
import { announce, beginLife, end, exitCodes, fault, ownArguments, stopOnSignals } from "../process-life.ts";
import { type Address, type FrontConfig, openFront } from "./front.ts";

const usage =
  "Usage: node front.js --listen <host:port> --node <host:port>, a --node for each node; loopback addresses only.";

async function main(): Promise<void> {
  beginLife();
  const config = configOf(ownArguments());
  if (config === undefined) end({ exitCode: exitCodes.badUsage, sentences: [usage] });
  const opened = await openFront(config, fault);
  if (opened.type === "refused") end({ exitCode: exitCodes.unavailable, sentences: [opened.detail] });
  stopOnSignals(() => opened.front.stop());
  announce({ type: "serving", httpPort: opened.front.httpPort });
}

function configOf(args: readonly string[]): FrontConfig | undefined {
  try {
    const options = { listen: { type: "string" }, node: { type: "string", multiple: true } } as const;
    const { listen, node = [] } = parseArgs({ args: [...args], options }).values;
    const at = addressOf(listen ?? "");
    const nodes = node.map(addressOf).filter((one) => one !== undefined);
    return at === undefined || nodes.length === 0 || nodes.length < node.length
      ? undefined
      : { listen: at, nodes };
  } catch {
    return undefined;
  }
}

/** `127.0.0.1:80`, `[::1]:80`. */
function addressOf(text: string): Address | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const httpPort = Number(port);
  return isLoopbackAddress(host) && httpPort <= 65_535 ? { host, httpPort } : undefined;
}

void main();
