/**
 * `tipcart admin`: an operator's orders and questions, to the admin port of any member. Says what the node answered,
 * its own sentence where it refuses, and nothing that it did not say.
 */
import type { Command } from "commander";
import { callAdmin, refusalIn } from "../cluster/admin-port.ts";
import { type ExitName, exitCodes } from "../outcome.ts";
import { linesOf } from "./admin-table.ts";

export type AdminFlags = { readonly at?: string; readonly json?: boolean };

type Call = { readonly method: "GET" | "POST"; readonly path: string };

export const orders = ["join", "leave", "remove", "replace", "cancel"] as const;
const looks = ["members", "history", "strangers"] as const;
const transfers = ["status", "pause", "resume"] as const;

const examples = `
Examples:
  tipcart admin members --at http://127.0.0.1:9500         who belongs, and in which state
  tipcart admin join n6 --at http://127.0.0.1:9500         lets in a node that was started with a member as its seed
  tipcart admin leave n6 --at http://127.0.0.1:9500        gives everything away, then is gone
  tipcart admin remove n2 --at http://127.0.0.1:9500       gone at once, with whatever only it had
  tipcart admin replace n2 --at http://127.0.0.1:9500      the process that now speaks as n2 takes its place
  tipcart admin transfer status --at http://127.0.0.1:9500 --json

The admin port is listen.adminPort in a node's configuration. Any member takes any order and tells the others.`;

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

/** Declares the command with its sub-commands; `end` is told the exit code: 0, 64 for what is refused, or 70. */
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
  const transfer = admin
    .command("transfer")
    .description("what this node has still to take over, give or drop");
  for (const what of transfers) {
    const call: Call =
      what === "status" ? { method: "GET", path: "transfer" } : { method: "POST", path: `transfer/${what}` };
    reaching(transfer.command(what))
      .description(what === "status" ? "how much there is" : `${what} it on this node`)
      .action((flags: AdminFlags) => run(call, flags));
  }
}

/** Asks and says what was answered; resolves with the exit code. */
export async function adminCommand(call: Call, { at = "", json }: AdminFlags): Promise<number> {
  const base = originOf(at);
  if (base === undefined) {
    return complain(
      "usage",
      `--at is "${at}"; it must be the address of an admin port such as http://127.0.0.1:9500.`,
    );
  }
  const answer = await callAdmin(call.method, `${base}/admin/${call.path}`);
  if (answer.type === "silent") return complain("internal", `${base} does not answer: ${answer.reason}.`);
  const { status, body } = answer;
  if (status === 200 && body !== undefined) {
    process.stdout.write(json === true ? `${JSON.stringify(body)}\n` : `${linesOf(body).join("\n")}\n`);
    return exitCodes.passed.code;
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
