/**
 * A few replicas of one key under random clients, beside a model that cannot be wrong: explicit causal
 * histories.
 *
 * In the model a write is a name with the set of all writes it follows, and a replica is the set of writes it
 * has heard of. What should be alive there are the maximal elements of that set.
 */
import * as fc from "fast-check";
import { type ClientContext, emptyContext, emptyKeyState, type KeyState, type Versions } from "./versions.ts";

export const replicaCount = 3;
const clientCount = 3;

export type Step =
  /** A client reads a replica and keeps the context. */
  | { readonly type: "read"; readonly client: number; readonly replica: number }
  /** A client writes with the context it has and keeps it. */
  | { readonly type: "write"; readonly client: number; readonly replica: number }
  /** As `write`, and from then on the client has seen its own write too. */
  | { readonly type: "write-on"; readonly client: number; readonly replica: number }
  /** A client forgets what it has seen; its next write is blind. */
  | { readonly type: "forget"; readonly client: number }
  /** A client sends its last write again, perhaps to another replica. */
  | { readonly type: "retry"; readonly client: number; readonly replica: number }
  /** One replica sends its whole state to another. */
  | { readonly type: "send"; readonly from: number; readonly to: number };

const client = fc.nat({ max: clientCount - 1 });
const replica = fc.nat({ max: replicaCount - 1 });

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("read"), client, replica }),
  fc.record({ type: fc.constant("write"), client, replica }),
  fc.record({ type: fc.constant("write-on"), client, replica }),
  fc.record({ type: fc.constant("forget"), client }),
  fc.record({ type: fc.constant("send"), from: replica, to: replica }),
);

export const anyRetry: fc.Arbitrary<Step> = fc.record({ type: fc.constant("retry"), client, replica });

type Seen = { readonly context: ClientContext; readonly writes: ReadonlySet<string> };
type Attempt = { readonly writeId: string; readonly seen: Seen };
type Client = { seen: Seen; last: Attempt | undefined };
type Replica = { state: KeyState; heard: Set<string> };

const seenNothing: Seen = { context: emptyContext, writes: new Set() };

export class Replicas {
  readonly #versions: Versions;
  readonly #replicas: Replica[] = [];
  readonly #clients: Client[] = [];
  /** Write -> all writes it follows. */
  readonly #past = new Map<string, ReadonlySet<string>>();

  constructor(versions: Versions) {
    this.#versions = versions;
    for (let index = 0; index < replicaCount; index++) {
      this.#replicas.push({ state: emptyKeyState, heard: new Set() });
    }
    for (let index = 0; index < clientCount; index++) {
      this.#clients.push({ seen: seenNothing, last: undefined });
    }
  }

  take(step: Step): void {
    switch (step.type) {
      case "read": {
        const { state, heard } = this.#replica(step.replica);
        this.#client(step.client).seen = {
          context: this.#versions.contextOf(state),
          writes: new Set(heard),
        };
        return;
      }
      case "write":
      case "write-on":
        this.#write(step.client, step.replica, step.type === "write-on");
        return;
      case "forget":
        this.#client(step.client).seen = seenNothing;
        return;
      case "retry": {
        const { last } = this.#client(step.client);
        if (last !== undefined) this.#apply(last, step.replica);
        return;
      }
      case "send":
        this.#send(step.from, step.to);
        return;
    }
  }

  /** Everybody hears everything, twice round. */
  settle(): void {
    for (let round = 0; round < 2; round++) {
      for (let to = 0; to < replicaCount; to++) {
        for (let from = 0; from < replicaCount; from++) this.#send(from, to);
      }
    }
  }

  states(): readonly KeyState[] {
    return this.#replicas.map(({ state }) => state);
  }

  /** Write ids alive at a replica, as it says itself. */
  alive(index: number): readonly string[] {
    return this.#replica(index)
      .state.siblings.map(({ writeId }) => writeId)
      .toSorted();
  }

  /** Write ids that the model says must be alive there. */
  expected(index: number): readonly string[] {
    const { heard } = this.#replica(index);
    const superseded = new Set([...heard].flatMap((write) => [...(this.#past.get(write) ?? [])]));
    return [...heard].filter((write) => !superseded.has(write)).toSorted();
  }

  #write(clientIndex: number, replicaIndex: number, keepsOwn: boolean): void {
    const writer = this.#client(clientIndex);
    const attempt = { writeId: `w${this.#past.size}`, seen: writer.seen };
    writer.last = attempt;
    this.#past.set(attempt.writeId, writer.seen.writes);
    const dot = this.#apply(attempt, replicaIndex);
    if (!keepsOwn) return;
    writer.seen = {
      context: this.#versions.contextAfter(attempt.seen.context, { writeId: attempt.writeId, dot }),
      writes: new Set([...attempt.seen.writes, attempt.writeId]),
    };
  }

  #apply({ writeId, seen }: Attempt, replicaIndex: number) {
    const at = this.#replica(replicaIndex);
    const { state, dot } = this.#versions.update(at.state, {
      context: seen.context,
      value: Buffer.from(writeId),
      writeId,
      actor: `r${replicaIndex}~1~0`,
      wallMs: 0,
    });
    at.state = state;
    for (const write of seen.writes) at.heard.add(write);
    at.heard.add(writeId);
    return dot;
  }

  #send(from: number, to: number): void {
    const source = this.#replica(from);
    const target = this.#replica(to);
    target.state = this.#versions.sync(target.state, source.state);
    for (const write of source.heard) target.heard.add(write);
  }

  #replica(index: number): Replica {
    const found = this.#replicas[index];
    if (found === undefined) throw new Error(`no replica ${index}`);
    return found;
  }

  #client(index: number): Client {
    const found = this.#clients[index];
    if (found === undefined) throw new Error(`no client ${index}`);
    return found;
  }
}
