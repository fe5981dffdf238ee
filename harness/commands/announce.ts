/** How a command ends for whoever asked: a table or one sentence for a person, one object for a program. */
import { pathToFileURL } from "node:url";
import { terminalTable } from "../../results/terminal.ts";
import { exitCodeOf, exitCodes, type Refusal } from "../outcome.ts";
import type { Finished } from "../run/carry-out.ts";

/** Of the object that `--json` prints: raised when a field changes its meaning or goes away. */
const jsonSchema = 1;

/** Says how it ended and returns the exit code. A refusal goes to standard error, a result to standard output. */
export function announce(ended: Finished | Refusal, { isJson }: { readonly isJson: boolean }): number {
  const exitCode = ended.type === "refused" ? exitCodes[ended.exit].code : exitCodeOf(ended.record.verdict);
  if (isJson)
    process.stdout.write(`${JSON.stringify({ schema: jsonSchema, exitCode, ...resultOf(ended) })}\n`);
  else if (ended.type === "finished") process.stdout.write(tableOf(ended));
  if (ended.type === "refused") process.stderr.write(`tipcart: ${ended.sentence}\n`);
  return exitCode;
}

const resultOf = (ended: Finished | Refusal): Record<string, unknown> =>
  ended.type === "refused"
    ? { ended: ended.exit, sentence: ended.sentence }
    : {
        ended: ended.record.verdict,
        folder: ended.folder.path,
        report: ended.folder.report,
        record: ended.record,
      };

const tableOf = ({ record, folder }: Finished): string =>
  terminalTable(record, {
    color: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
    width: process.stdout.columns ?? 100,
    // A terminal turns the address into a link: the report is one click away.
    reportPath: process.stdout.isTTY ? pathToFileURL(folder.report).href : folder.report,
  });
