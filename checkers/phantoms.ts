/**
 * P3 and P15: nothing is read that was not written, and what failed for certain never happened.
 *
 * Every version that a read or a dump shows is looked up by the write id inside its bytes: some client must have
 * written it, under that key, with exactly those bytes, before the read ended, and not every attempt of it may have
 * ended in "nothing was done". So must every version that a write says it was built on; and what is called a tombstone
 * must be a delete. Each kind of break has its own name; a version is told once, at its first appearance.
 */
import type { AnomalyType } from "./anomalies/catalog.ts";
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { faultSentences, secondsOf, wroteSentence } from "./graph/story.ts";
import type { History } from "./history/history.ts";

const name = "phantoms";
const properties = ["P3", "P15"] as const;

/** Where a version was seen: by a request of row `row`, or in the dump of a node. */
type Sighting = {
  readonly key: number;
  readonly row: number;
  readonly before: number;
  readonly where: () => string;
};

export const phantoms = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const witness = new Witness(history, findings);
    for (let row = 0; row < history.requests.count; row++) witness.request(row);
    for (let row = 0; row < history.dumps.count; row++) witness.dump(row);
    witness.tags();
    if (witness.judged === 0) findings.doubt("No read returned a version.");
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        `${counted(findings.total())} of ${counted(witness.judged)} returned versions were not written, ` +
        "not so, or failed for certain",
      metrics: { judged: witness.judged, phantoms: findings.total() },
    });
  },
});

class Witness {
  judged = 0;
  readonly #history: History;
  readonly #findings: Findings;
  /** Version and kind of break already told. */
  readonly #told = new Set<string>();

  constructor(history: History, findings: Findings) {
    this.#history = history;
    this.#findings = findings;
  }

  request(row: number): void {
    const { requests, written } = this.#history;
    const before = requests.done(row);
    const version = requests.version(row);
    const sighting: Sighting = {
      key: requests.key(row),
      row,
      before,
      where: () => `request ${requests.id(row)}, a ${requests.kind(row)} that ended at ${secondsOf(before)}`,
    };
    if (version >= 0) {
      for (const parent of written.parents(version))
        this.#seen(parent, { ...sighting, before: requests.sent(row) });
      return;
    }
    this.#versions(requests.observed(row), requests.digests(row), sighting);
    for (const tombstone of requests.tombstones(row)) this.#tombstone(tombstone, sighting);
  }

  dump(row: number): void {
    const { dumps, nodes } = this.#history;
    const where = (): string => `the dump of ${nodes.name(dumps.node(row))}`;
    const sighting: Sighting = { key: dumps.key(row), row: -1, before: Infinity, where };
    this.#versions(dumps.observed(row), dumps.digests(row), sighting);
    for (const tombstone of dumps.tombstones(row)) this.#tombstone(tombstone, sighting);
  }

  /** A line of a cart that no add of the run put there, told once a tag. */
  tags(): void {
    const { written } = this.#history;
    const isTold = new Set<number>();
    for (let version = 0; version < written.count; version++) {
      if (written.codec(version) !== "tagged") continue;
      for (const tag of written.live(version)) {
        if (written.addedBy(tag) >= 0 || isTold.has(tag)) continue;
        isTold.add(tag);
        this.#findings.found("phantom-tag", () => ({
          key: this.#keyOf(version),
          sentence: `The cart ${written.name(version)} holds the line ${written.tags.name(tag)}, which no add put there.`,
          story: [wroteSentence(this.#history, version)],
          requests: [this.#history.requests.id(written.row(version))],
          writes: [written.name(version)],
        }));
      }
    }
  }

  #versions(versions: Int32Array, digests: Int32Array, sighting: Sighting): void {
    for (const [index, version] of versions.entries()) {
      this.#seen(version, sighting);
      const digest = this.#history.written.digest(version);
      if (digest >= 0 && digest !== digests[index]) {
        this.#tell("damaged-value", version, sighting, "with bytes that are not those written");
      }
    }
  }

  /** A tombstone covers what it was built on, so one that no delete made would hide a loss. */
  #tombstone(version: number, sighting: Sighting): void {
    this.#seen(version, sighting);
    const row = this.#history.written.row(version);
    if (row >= 0 && this.#history.requests.kind(row) !== "delete")
      this.#tell("false-tombstone", version, sighting, "as deleted, though that write was a put");
  }

  /** Everything but the bytes, which only a read shows. */
  #seen(version: number, sighting: Sighting): void {
    this.judged += 1;
    const { requests, written } = this.#history;
    const row = written.row(version);
    if (row < 0) return this.#tell("phantom-value", version, sighting, "which nobody wrote");
    if (requests.key(row) !== sighting.key) {
      const other = this.#history.keys.name(requests.key(row));
      return this.#tell("foreign-value", version, sighting, `which was written to ${other}`);
    }
    if (requests.sent(row) > sighting.before) {
      return this.#tell(
        "future-value",
        version,
        sighting,
        `which was only sent at ${secondsOf(requests.sent(row))}`,
      );
    }
    if (requests.outcome(row) === "fail") {
      this.#tell("failed-write-seen", version, sighting, "all of whose attempts had done nothing");
    }
  }

  #tell(type: AnomalyType, version: number, { key, row, where }: Sighting, clause: string): void {
    const { requests, keys, written } = this.#history;
    const label = version < 0 ? `unreadable in ${key}` : `${version} in ${key}`;
    if (this.#told.has(`${type} ${label}`)) return;
    this.#told.add(`${type} ${label}`);
    const writeRow = written.row(version);
    const write = written.name(version);
    const what = version < 0 ? "bytes that name no write" : write;
    const builtOn = row >= 0 && requests.version(row) >= 0;
    this.#findings.found(type, () => ({
      key: keys.name(key),
      sentence: `${keys.name(key)} ${builtOn ? "was built on" : "showed"} ${what}, ${clause}.`,
      story: [
        ...(writeRow < 0 ? [] : [wroteSentence(this.#history, version)]),
        `It was first seen in ${where()}.`,
        ...(row < 0 ? [] : faultSentences(this.#history, requests.sent(row), requests.done(row))),
      ],
      requests: [writeRow, row].filter((one) => one >= 0).map((one) => requests.id(one)),
      writes: version < 0 ? [] : [write],
    }));
  }

  #keyOf(version: number): string {
    const { requests, keys, written } = this.#history;
    return keys.name(requests.key(written.row(version)));
  }
}
