/**
 * Reads `["w" k v]` and `["r" k v]`. Each value of a key is a version with a number of its own; nil is the version
 * every key starts with. A micro-operation's value in the log is its version.
 */
import { type Atom, atomOf, atomText, type Datum, isSequence, nameOf } from "../exchange/datum.ts";
import { IntegerList } from "../graph/integers.ts";
import { AnomalyList } from "./anomaly-list.ts";
import { status, type TransactionLog } from "./transaction-log.ts";

/** What a transaction knows of one key while it is read. */
type Known = { transaction: number; version: number; lastWrite: number };

export class RegisterKey {
  readonly name: Atom;
  readonly initial: number;
  readonly versions = new Map<Atom, number>();
  readonly known: Known = { transaction: -1, version: -1, lastWrite: -1 };

  constructor(name: Atom, initial: number) {
    this.name = name;
    this.initial = initial;
    this.versions.set(null, initial);
  }
}

/** Instead of the transaction that wrote a version: nobody, or several acknowledged ones. */
export const nobody = -1;
const several = -2;

export class RegisterIntake {
  readonly keys: RegisterKey[] = [];
  readonly anomalies = new AnomalyList();
  /** Version -> its key, its value, the transaction that wrote it, and 1 when that one wrote the key again. */
  readonly keyOfVersion = new IntegerList();
  readonly values: Atom[] = [];
  readonly writers = new IntegerList();
  readonly isIntermediate = new IntegerList();
  /** Writes of a value that another transaction, not aborted, had written to the same key. */
  ambiguousCount = 0;
  readonly #numbers = new Map<Atom, number>();

  read(
    log: TransactionLog,
    micro: readonly Datum[],
    transaction: { readonly number: number; readonly status: number },
  ): string | undefined {
    for (const operation of micro) {
      if (!isSequence(operation)) return "a micro-operation is a list of function, key and value";
      const [f, keyDatum, value] = operation;
      const name = typeof f === "string" ? f : nameOf(f);
      if (name !== "r" && name !== "w") return `unknown micro-operation ${name ?? ""}`;
      if (name === "r" && transaction.status !== status.ok) continue;
      const number = this.#keyNumber(atomOf(keyDatum ?? null));
      const key = this.keys[number];
      if (key === undefined) continue;
      const version = this.#version(number, key, atomOf(value ?? null));
      log.push(number, name === "w", version);
      if (key.known.transaction !== transaction.number) {
        key.known.transaction = transaction.number;
        key.known.version = -1;
        key.known.lastWrite = -1;
      }
      if (name === "w") this.#write(log, key.known, version, transaction);
      else this.#observe(key, version, transaction.number);
    }
    return undefined;
  }

  /** "x = 3". */
  text(version: number): string {
    const key = this.keys[this.keyOfVersion.at(version)]?.name ?? null;
    return `${atomText(key)} = ${atomText(this.values[version] ?? null)}`;
  }

  keyText(version: number): string {
    return atomText(this.keys[this.keyOfVersion.at(version)]?.name ?? null);
  }

  #keyNumber(name: Atom): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.keys.length;
    this.#numbers.set(name, number);
    this.keys.push(new RegisterKey(name, this.#addVersion(number, null)));
    return number;
  }

  #version(number: number, key: RegisterKey, value: Atom): number {
    const known = key.versions.get(value);
    if (known !== undefined) return known;
    const version = this.#addVersion(number, value);
    key.versions.set(value, version);
    return version;
  }

  #addVersion(key: number, value: Atom): number {
    this.keyOfVersion.push(key);
    this.writers.push(nobody);
    this.isIntermediate.push(0);
    return this.values.push(value) - 1;
  }

  #write(
    log: TransactionLog,
    known: Known,
    version: number,
    transaction: { readonly number: number; readonly status: number },
  ): void {
    this.#claim(log, version, transaction);
    if (known.lastWrite >= 0 && known.lastWrite !== version) this.isIntermediate.set(known.lastWrite, 1);
    if (known.version === version && known.lastWrite < 0 && this.writers.at(version) === transaction.number)
      this.#contradiction("future-read", transaction.number, version, version);
    known.lastWrite = version;
    known.version = version;
  }

  /** As with appends: an aborted writer yields to any, an uncertain one to an acknowledged one. */
  #claim(
    log: TransactionLog,
    version: number,
    transaction: { readonly number: number; readonly status: number },
  ): void {
    const before = this.writers.at(version);
    if (before === nobody) {
      this.writers.set(version, transaction.number);
      return;
    }
    if (before === transaction.number || transaction.status === status.failed) return;
    const rivalStatus = before === several ? status.ok : log.statuses.at(before);
    if (rivalStatus === status.failed) this.writers.set(version, transaction.number);
    else {
      this.ambiguousCount++;
      if (transaction.status === status.ok && rivalStatus === status.ok) this.writers.set(version, several);
    }
  }

  #observe(key: RegisterKey, version: number, transaction: number): void {
    const { known } = key;
    if (known.version >= 0 && known.version !== version)
      this.#contradiction("internal", transaction, version, known.version);
    known.version = version;
  }

  #contradiction(
    type: "internal" | "future-read",
    transaction: number,
    seen: number,
    expected: number,
  ): void {
    this.anomalies.add(type, () => ({
      key: this.keyText(seen),
      sentence:
        type === "internal"
          ? `T${transaction} read ${this.text(seen)} when its own operations had made it ${this.text(expected)}.`
          : `T${transaction} read ${this.text(seen)} before it wrote that itself.`,
      story: [],
      requests: [transaction],
    }));
  }
}
