import { EventEmitter } from "node:events";
import { execaNode } from "execa";
import { expect, it } from "vitest";
import { heardOut } from "./heard-out.ts";

/** A forked process as its parent sees it. */
class Ended extends EventEmitter {
  connected = true;

  close(): void {
    this.connected = false;
    this.emit("disconnect");
  }
}

it("of a process whose channel is still open waits until it closes, and has heard what came before", async () => {
  const ended = new Ended();
  const heard: string[] = [];
  ended.on("message", (word: string) => heard.push(word));

  const listening = heardOut(ended).then(() => heard.push("all"));
  await Promise.resolve();
  ended.emit("message", "the last word");
  ended.close();
  await listening;

  expect(heard).toEqual(["the last word", "all"]);
});

it("of a process whose channel is closed has nothing to wait for", async () => {
  const ended = new Ended();
  ended.close();

  await expect(heardOut(ended)).resolves.toBeUndefined();
});

it("of a real process that says something and ends at once has its words", async () => {
  const words: unknown[] = [];
  const program = 'process.send("the last word", () => process.exit(0))';
  const child = execaNode("--eval", [program], { ipc: true, reject: false, stdin: "ignore" });
  child.on("message", (word) => words.push(word));

  await child;
  await heardOut(child);

  expect(words).toEqual(["the last word"]);
});
