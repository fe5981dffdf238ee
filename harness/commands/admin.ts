/**
 * `tipcart admin`: an operator's orders and questions, to the admin port of any member. Says what the node answered,
 * its own sentence where it refuses, and nothing that it did not say.
 */
import { type Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import { callAdmin, refusalIn } from "../cluster/admin-port.ts";
import { type ExitName, exitCodes } from "../outcome.ts";
import { linesOf } from "./admin-table.ts";

export type AdminFlags = { readonly at?: string; readonly json?: boolean };

/** `waitMs`: what the node is told to take at most. `isDone`: whether the answer says that all of it was done. */
type Call = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly waitMs?: number;
  readonly isDone?: (body: unknown) => boolean;
};

export const orders = ["join", "leave", "remove", "replace", "cancel"] as const;
const looks = ["members", "history", "strangers"] as const;
const pausable = ["status", "pause", "resume"] as const;
const drains = ["start", "status", "cancel"] as const;

const examples = `
Examples:
  tipcart admin members --at http://127.0.0.1:9500         who belongs, and in which state
  tipcart admin join n6 --at http://127.0.0.1:9500         lets in a node that was started with a member as its seed
  tipcart admin leave n6 --at http://127.0.0.1:9500        gives everything away, then is gone
  tipcart admin remove n2 --at http://127.0.0.1:9500       gone at once, with whatever only it had
  tipcart admin replace n2 --at http://127.0.0.1:9500      the process that now speaks as n2 takes its place
  tipcart admin plan join n6 --at http://127.0.0.1:9500    what that would move, from whom to whom; moves nothing
  tipcart admin drain start --at http://127.0.0.1:9500     before a stop: no more clients, hands off its hints
  tipcart admin repair partition 12 --at http://127.0.0.1:9500
  tipcart admin repair key carts ada --at http://127.0.0.1:9500
  tipcart admin handoff pause --at http://127.0.0.1:9500   a node that comes back is not flooded with hints
  tipcart admin transfer status --at http://127.0.0.1:9500 --json

The admin port is listen.adminPort in a node's configuration. Any member takes any order and its plan, and repairs any
key; drain, handoff, transfer and the repair of a partition are about the node that is asked. A drain or a repair that
was not over in time ends with 2: what was done is done, and the same command goes on from there.`;

const orderMeanings: Readonly<Record<(typeof orders)[number], string>> = {
  join: "let a node in that runs and has been heard of",
  leave: "let a member give everything away and go",
  remove: "end a member now, with whatever only it had",
  replace: "give the place of a lost member to the process that now speaks under its name",
  cancel: "take back a join or a leave that is not over",
};

const lookMeanings: Readonly<Record<(typeof looks)[number], string>> = {
  members: "who belongs, and in which state",
  history: "every change of the members, oldest first",
  strangers: "who has been heard of and is no member",
};

const reaching = (command: Command): Command =>
  command
    .requiredOption("--at <url>", "admin port of any member, such as http://127.0.0.1:9500")
    .option("--json", "print the node's answer as one JSON value on standard output");

const pauseMeanings: Readonly<Record<"transfer" | "handoff", string>> = {
  transfer: "what this node has still to take over, give or drop",
  handoff: "writes that this node keeps for others that were down",
};

const drainMeanings: Readonly<Record<(typeof drains)[number], string>> = {
  start: "take no more requests of clients, hand off, and wait until the node may be stopped",
  status: "whether it may be stopped, and why not",
  cancel: "take requests of clients again",
};

/** Declares the command with its sub-commands; `end` is told the exit code: 0, 2, 64 for what is refused, or 70. */
export function declareAdminCommand(program: Command, end: (exitCode: number) => void): void {
  const admin = program
    .command("admin")
    .description("members of a running cluster and what moves between them")
    .addHelpText("after", examples);
  const run = async (call: Call, flags: AdminFlags): Promise<void> => end(await adminCommand(call, flags));

  for (const look of looks) {
    reaching(admin.command(look))
      .description(lookMeanings[look])
      .action((flags: AdminFlags) => run({ method: "GET", path: look }, flags));
  }
  for (const order of orders) {
    reaching(admin.command(order))
      .description(orderMeanings[order])
      .argument("<node>", "its name, such as n6")
      .action((node: string, flags: AdminFlags) =>
        run({ method: "POST", path: `${order}?node=${encodeURIComponent(node)}` }, flags),
      );
  }
  declarePlans(admin, run);
  for (const moving of ["transfer", "handoff"] as const) {
    const command = admin.command(moving).description(pauseMeanings[moving]);
    for (const what of pausable) {
      const call: Call =
        what === "status" ? { method: "GET", path: moving } : { method: "POST", path: `${moving}/${what}` };
      reaching(command.command(what))
        .description(what === "status" ? "how much there is" : `${what} it on this node`)
        .action((flags: AdminFlags) => run(call, flags));
    }
  }
  declareDrain(admin, run);
  declareRepair(admin, run);
}

type Run = (call: Call, flags: AdminFlags) => Promise<void>;

function declarePlans(admin: Command, run: Run): void {
  const plan = admin.command("plan").description("what an order would move, from whom to whom, and how much");
  for (const order of orders) {
    reaching(plan.command(order))
      .description(`before you ${orderMeanings[order]}`)
      .argument("<node>", "its name, such as n6")
      .action((node: string, flags: AdminFlags) =>
        run({ method: "GET", path: `plan/${order}?node=${encodeURIComponent(node)}` }, flags),
      );
  }
}

function declareDrain(admin: Command, run: Run): void {
  const drain = admin.command("drain").description("empties this node of work before it is stopped");
  for (const what of drains) {
    const command = reaching(drain.command(what)).description(drainMeanings[what]);
    if (what !== "start") {
      const call: Call =
        what === "status" ? { method: "GET", path: "drain" } : { method: "POST", path: `drain/${what}` };
      command.action((flags: AdminFlags) => run(call, flags));
      continue;
    }
    waiting(command).action((flags: WaitFlags) =>
      run(
        { method: "POST", path: `drain?timeout=${flags.wait}`, waitMs: flags.wait, isDone: mayStop },
        flags,
      ),
    );
  }
}

function declareRepair(admin: Command, run: Run): void {
  const repair = admin.command("repair").description("compares copies now, and mends what differs");
  waiting(reaching(repair.command("partition")))
    .description("of a partition this node is a home of")
    .argument("<number>", "from 0 on", wholeNumber)
    .action((partition: number, flags: WaitFlags) => {
      const path = `repair?partition=${partition}&timeout=${flags.wait}`;
      return run({ method: "POST", path, waitMs: flags.wait, isDone: isWhole }, flags);
    });
  reaching(repair.command("key"))
    .description("of one key, at all its homes")
    .argument("<bucket>")
    .argument("<key>")
    .action((bucket: string, key: string, flags: AdminFlags) => {
      const named = `bucket=${encodeURIComponent(bucket)}&key=${encodeURIComponent(key)}`;
      return run({ method: "POST", path: `repair?${named}`, isDone: isWhole }, flags);
    });
}

type WaitFlags = AdminFlags & { readonly wait: number };

const waiting = (command: Command): Command =>
  command.option("--wait <ms>", "how long it may take, 1 to 60000", milliseconds, 10_000);

function wholeNumber(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 0 on.");
}

function milliseconds(text: string): number {
  const ms = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (ms >= 1 && ms <= 60_000) return ms;
  throw new InvalidArgumentError("It must be a whole number of milliseconds from 1 to 60000.");
}

const mayStop = (body: unknown): boolean => z.object({ mayStop: z.literal(true) }).safeParse(body).success;
const isWhole = (body: unknown): boolean => z.object({ isWhole: z.literal(true) }).safeParse(body).success;

/** Asks and says what was answered; resolves with the exit code. */
export async function adminCommand(call: Call, { at = "", json }: AdminFlags): Promise<number> {
  const base = originOf(at);
  if (base === undefined) {
    return complain(
      "usage",
      `--at is "${at}"; it must be the address of an admin port such as http://127.0.0.1:9500.`,
    );
  }
  const answer = await callAdmin(call.method, `${base}/admin/${call.path}`, call.waitMs);
  if (answer.type === "silent") return complain("internal", `${base} does not answer: ${answer.reason}.`);
  const { status, body } = answer;
  if (status === 200 && body !== undefined) {
    process.stdout.write(json === true ? `${JSON.stringify(body)}\n` : `${linesOf(body).join("\n")}\n`);
    return call.isDone === undefined || call.isDone(body)
      ? exitCodes.passed.code
      : exitCodes.inconclusive.code;
  }
  if (status === 404)
    return complain("usage", `${base} is no admin port; it is listen.adminPort in the configuration.`);
  const detail = refusalIn(body);
  const isRefusal = detail !== undefined && status >= 400 && status < 500;
  return complain(isRefusal ? "usage" : "internal", detail ?? `${base} answered ${status} without a reason.`);
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, search } = new URL(text);
  return protocol === "http:" && pathname === "/" && search === "" ? origin : undefined;
}

function complain(exit: ExitName, sentence: string): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return exitCodes[exit].code;
}
