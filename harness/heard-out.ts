/**
 * The last words of a forked process. Its end can be told to the parent before what it said just before, which is
 * still on its way then: the channel is closed only when all of it has been read. So whoever awaits an end and wants
 * the words hears the process out first.
 */

import { type EventEmitter, once } from "node:events";

/** Of a process that has ended: resolves when nothing that it said is unread. */
export async function heardOut(ended: EventEmitter & { readonly connected: boolean }): Promise<void> {
  if (ended.connected) await once(ended, "disconnect");
}
