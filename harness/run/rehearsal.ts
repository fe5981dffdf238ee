/**
 * Before the run begins: reads and writes in a bucket that nobody judges, as many as the nodes can do and never more
 * than a few at a time. A node that has just started runs cold code, which costs twice the CPU of warm code; an open
 * load would meet it with more than there is, and what then piles up is the start's fault and not the store's.
 */
import { request } from "undici";
import type { NodeAddress } from "../cluster/cluster.ts";

const bucket = "rehearsal";
const clientCount = 12;
const keyCount = 400;
const timeoutMs = 2_000;
const padding = Buffer.alloc(600, "rehearsal ");

/** Resolves when `isOver` says so, after the requests then under way. Failures are of no interest. */
export async function rehearse(addresses: readonly NodeAddress[], isOver: () => boolean): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (!isOver()) {
      const turn = next++;
      const address = addresses[turn % addresses.length];
      if (address !== undefined) await readAndWrite(`${address.httpUrl}/v1/${bucket}/key-${turn % keyCount}`);
    }
  };
  await Promise.all(Array.from({ length: clientCount }, client));
}

async function readAndWrite(url: string): Promise<void> {
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  try {
    const read = await request(url, { ...limits, headers: { accept: "application/json" } });
    const answer: unknown = await read.body.json();
    const context = contextIn(answer);
    const headers = context === undefined ? {} : { "tipcart-context": context };
    const written = await request(url, { ...limits, method: "PUT", headers, body: padding });
    await written.body.dump();
  } catch {
    // A node that does not answer yet is met again soon enough.
  }
}

const contextIn = (answer: unknown): string | undefined =>
  typeof answer === "object" && answer !== null && "context" in answer && typeof answer.context === "string"
    ? answer.context
    : undefined;
