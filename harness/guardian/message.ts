/** What a harness tells its guardian, one JSON text a line. */
import * as z from "zod";
import type { ProcessIdentity } from "../cluster/process-identity.ts";

const identity = { pid: z.int().positive(), startTime: z.string() };

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), ...identity }),
  z.object({ type: z.literal("ended"), ...identity }),
  /** Control groups whose names begin so are the harness's. */
  z.object({ type: z.literal("groups"), prefix: z.string().regex(/\/tipcart-[0-9a-f-]{36}$/) }),
  /** The harness ends in good order; nothing is left to do. */
  z.object({ type: z.literal("bye") }),
]);

export type Message = z.infer<typeof messageSchema>;

/** Undefined for a line that is none: half of one, cut off by the death of its writer, must not end a guardian. */
export function parseMessage(line: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The processes to look after, as the messages have it so far. */
export class Watched {
  readonly #processes = new Map<number, ProcessIdentity>();
  readonly #groups = new Set<string>();

  hear(message: Exclude<Message, { type: "bye" }>): void {
    if (message.type === "groups") {
      this.#groups.add(message.prefix);
      return;
    }
    const { pid, startTime } = message;
    if (message.type === "started") this.#processes.set(pid, { pid, startTime });
    else if (this.#processes.get(pid)?.startTime === startTime) this.#processes.delete(pid);
  }

  get processes(): readonly ProcessIdentity[] {
    return [...this.#processes.values()];
  }

  /** Prefixes of control groups. */
  get groups(): readonly string[] {
    return [...this.#groups];
  }
}
