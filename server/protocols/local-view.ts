/**
 * What this node can say of a key to whoever asks: its copy, if it is a home, and whatever it keeps of it for others.
 * Hints count too, since a read that comes to a stand-in comes there because the home is down.
 */
import { emptyKeyState } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { HintStore } from "./hint-store.ts";
import type { Placements } from "./placement.ts";
import type { Replica, StateOutcome } from "./replica.ts";

export class LocalView {
  readonly #placements: Placements;
  readonly #replica: Replica;
  readonly #hints: HintStore;

  constructor(placements: Placements, replica: Replica, hints: HintStore) {
    this.#placements = placements;
    this.#replica = replica;
    this.#hints = hints;
  }

  async read(name: KeyName): Promise<StateOutcome> {
    const { bucket, storageKey } = this.#placements.of(name);
    // Nearly always: nobody is down, and nothing is kept for anybody.
    if (!this.#hints.holds(storageKey)) return this.#replica.read(name);
    const [own, held] = await Promise.all([this.#replica.read(name), this.#hints.read(name)]);
    if (own.type === "refused") return own;
    if (held.type === "refused") return held;
    if (held.state === emptyKeyState) return own;
    return { type: "state", state: versionsOf(bucket.versions).sync(own.state, held.state) };
  }
}
