/**
 * A program that goes inside a private namespace, mounts two disk images in the directory it is given, says so, or why
 * it cannot, and waits to be killed.
 */
import { enterPrivateNetwork } from "../namespace/reexecute.ts";
import { mountImages } from "./disk-images.ts";

const entered = await enterPrivateNetwork();
if (entered.type === "ended") process.exitCode = entered.exitCode;
else if (entered.type === "unavailable") process.stdout.write(`cannot: ${entered.reason}\n`);
else {
  const images = await mountImages(process.argv[2] ?? "", ["n1", "n2"]);
  process.stdout.write(images.type === "mounted" ? "mounted\n" : `cannot: ${images.reason}\n`);
  if (images.type === "mounted") setInterval(() => {}, 60_000);
}
