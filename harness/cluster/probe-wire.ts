/**
 * A connection over one link with the harness at both ends, so that each direction can be looked at alone. A number is
 * sent from both ends; a direction is open when the other end has heard it, ended when that has heard so, and broken
 * when whoever sends was told.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket, type TcpNetConnectOpts } from "node:net";
import { createInterface } from "node:readline";
import type { NodeName } from "../../checkers/history/event.ts";
import { pairName } from "./links.ts";

type Pair = { readonly from: NodeName; readonly to: NodeName };

/** What travels one way. */
export class Strand {
  /** "n1→n2". */
  readonly name: string;
  readonly #sender: Socket;
  #heard = 0;
  #hasEnded = false;
  #brokenBy: string | undefined;

  constructor(pair: Pair, sender: Socket, receiver: Socket) {
    this.name = pairName(pair);
    this.#sender = sender;
    sender.on("error", (problem: NodeJS.ErrnoException) => {
      this.#brokenBy ??= problem.code ?? problem.message;
    });
    receiver.on("end", () => {
      this.#hasEnded = true;
    });
    const lines = createInterface({ input: receiver });
    lines.on("error", () => {});
    lines.on("line", (line) => {
      this.#heard = Number(line);
    });
  }

  send(line: string): void {
    if (this.#sender.writable) this.#sender.write(line);
  }

  /** The last number that arrived; what is held by a cut arrives in order after it. */
  get heard(): number {
    return this.#heard;
  }

  hasCrossed(number: number): boolean {
    return this.#heard >= number;
  }

  /** Whether the receiver was told that nothing more will come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What the sender was told: "ECONNRESET". */
  get brokenBy(): string | undefined {
    return this.#brokenBy;
  }
}

export class ProbeWire {
  readonly #near: Socket;
  readonly #far: Socket;
  /** The way in which it was opened, and the way back. */
  readonly strands: readonly [Strand, Strand];

  /** `near` is the end of the node that connects, `far` of the one that listens; neither closes when the other does. */
  constructor({ from, to }: Pair, near: Socket, far: Socket) {
    this.#near = near;
    this.#far = far;
    this.strands = [new Strand({ from, to }, near, far), new Strand({ from: to, to: from }, far, near)];
  }

  /** `bytes`: of each line at the least. Numbers ascend from one call to the next. */
  send(number: number, bytes = 0): void {
    const line = `${String(number).padStart(bytes - 1, "0")}\n`;
    for (const strand of this.strands) strand.send(line);
  }

  /** Whether it still stands in both directions. */
  get isWhole(): boolean {
    return this.strands.every(({ hasEnded, brokenBy }) => !hasEnded && brokenBy === undefined);
  }

  close(): void {
    this.#near.destroy();
    this.#far.destroy();
  }
}

export type Opened =
  | { readonly type: "opened"; readonly wire: ProbeWire }
  /** `code`: "ECONNREFUSED", or "no answer" when nothing was heard in time. */
  | { readonly type: "refused"; readonly code: string };

/**
 * A wire over the link `pair`: connected as `way` says, to where `ears` is reached in the end. One at a time for the
 * same ears. Never rejects.
 */
export async function openWire(
  pair: Pair,
  {
    way,
    ears,
    withinMs,
    onConnecting = () => {},
  }: {
    readonly way: TcpNetConnectOpts;
    readonly ears: Server;
    readonly withinMs: number;
    /** Hears of the socket before it connects. */
    readonly onConnecting?: (near: Socket) => void;
  },
): Promise<Opened> {
  const deadline = AbortSignal.timeout(withinMs);
  const near = connect({ ...way, noDelay: true, allowHalfOpen: true });
  onConnecting(near);
  const broken = new Promise<string>((resolve) => {
    near.on("error", (problem: NodeJS.ErrnoException) => resolve(problem.code ?? problem.message));
  });
  const arrived = once(ears, "connection", { signal: deadline }).then(
    ([far]: Socket[]) => far,
    () => "no answer",
  );
  const far = await Promise.race([arrived, broken]);
  if (typeof far === "object") {
    far.setNoDelay(true);
    return { type: "opened", wire: new ProbeWire(pair, near, far) };
  }
  near.destroy();
  return { type: "refused", code: far ?? "no answer" };
}

/** For the far ends of wires, on any free port of `host`. Rejects where there is none. */
export async function openEars(host: string): Promise<Server> {
  const ears = createServer({ allowHalfOpen: true });
  ears.listen(0, host);
  await once(ears, "listening");
  return ears;
}
