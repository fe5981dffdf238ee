/** The dumps of all nodes held against each other, key by key: which homes differ, lack a copy, or hold one too many. */
import type { AnomalyType } from "./anomalies/catalog.ts";
import type { Findings, Told } from "./finding.ts";
import { listed, namesOf } from "./graph/story.ts";
import type { History } from "./history/history.ts";
import { membersAtEnd } from "./history/members-at-end.ts";
import { isUnanswered, lastLooks } from "./quiescence.ts";

type Difference = { readonly key: number; readonly type: AnomalyType; readonly sentence: string };

export class DumpComparison {
  /** Keys that any node stores. */
  readonly keyCount: number;
  /** Nodes of the run that were neither dumped nor looked at, so that a copy they lack proves nothing. */
  readonly undumped: readonly string[];
  readonly #history: History;
  readonly #differences: Difference[] = [];
  readonly #members: ReadonlySet<string>;

  constructor(history: History) {
    this.#history = history;
    const nodes = new Set<string>();
    for (let row = 0; row < history.dumps.count; row++)
      nodes.add(history.nodes.name(history.dumps.node(row)));
    for (const look of lastLooks(history).values()) if (!isUnanswered(look)) nodes.add(look.node);
    this.#members = new Set(membersAtEnd(history));
    this.undumped = [...this.#members].filter((node) => !nodes.has(node));
    let keyCount = 0;
    for (let key = 0; key < history.keys.count; key++) {
      const rows = history.dumpsOfKey(key);
      if (rows.length === 0) continue;
      keyCount += 1;
      this.#compare(key, rows, nodes);
    }
    this.keyCount = keyCount;
  }

  get differingCount(): number {
    return new Set(this.#differences.map(({ key }) => key)).size;
  }

  tellAll(findings: Findings): void {
    for (const difference of this.#differences) findings.found(difference.type, () => this.#told(difference));
  }

  #compare(key: number, rows: Int32Array, dumped: ReadonlySet<string>): void {
    const { dumps, nodes, keys } = this.#history;
    const keyName = keys.name(key);
    const first = rows[0] ?? 0;
    if (rows.some((row) => dumps.homesNumber(row) !== dumps.homesNumber(first))) {
      const sentence = `The nodes do not agree which of them are the homes of ${keyName}.`;
      this.#differences.push({ key, type: "divergent-replicas", sentence });
      return;
    }
    const homes = dumps.homes(first);
    const holders = [...rows].map((row) => nodes.name(dumps.node(row)));
    const strangers = holders.filter((node) => !homes.includes(node));
    if (strangers.length > 0) {
      const sentence = `${listed(strangers)} still stores ${keyName}, whose homes are ${listed(homes)}.`;
      this.#differences.push({ key, type: "misplaced-copy", sentence });
    }
    const departed = homes.filter((node) => this.#members.size > 0 && !this.#members.has(node));
    if (departed.length > 0) {
      const sentence = `${listed(departed)} is still a home of ${keyName}, and no member any more.`;
      this.#differences.push({ key, type: "missing-copy", sentence });
    }
    const lacking = homes.filter((node) => dumped.has(node) && !holders.includes(node));
    if (lacking.length > 0) {
      const sentence = `${listed(lacking)}, a home of ${keyName}, stores nothing of it.`;
      this.#differences.push({ key, type: "missing-copy", sentence });
    }
    const copies = [...rows].filter((row) => homes.includes(nodes.name(dumps.node(row))));
    if (new Set(copies.map((row) => dumps.state(row))).size > 1) {
      const sentence = `The homes of ${keyName} store different states after the cluster came to rest.`;
      this.#differences.push({ key, type: "divergent-replicas", sentence });
    } else if (new Set(copies.map((row) => this.#versionsIn(row))).size > 1) {
      const sentence = `The homes of ${keyName} store different versions, and call their states equal.`;
      this.#differences.push({ key, type: "divergent-replicas", sentence });
    }
  }

  /** What a node says that it stores, whatever it makes of that as a digest: versions with their bytes, and tombstones. */
  #versionsIn(row: number): string {
    const { dumps } = this.#history;
    const digests = dumps.digests(row);
    const versions = Array.from(dumps.observed(row), (version, place) => `${version}:${digests[place]}`);
    return `${versions.toSorted().join()} ${dumps.tombstones(row).toSorted().join()}`;
  }

  #told({ key, sentence }: Difference): Told {
    const { dumps, nodes, keys, written } = this.#history;
    const rows = [...this.#history.dumpsOfKey(key)];
    const seen = rows.flatMap((row) => [...dumps.observed(row), ...dumps.tombstones(row)]);
    return {
      key: keys.name(key),
      sentence,
      story: rows.map((row) => {
        const tombstones = namesOf(this.#history, dumps.tombstones(row)).map(
          (write) => `the tombstone ${write}`,
        );
        const held = listed([...namesOf(this.#history, dumps.observed(row)), ...tombstones]);
        return `${nodes.name(dumps.node(row))} stores ${held} (state ${dumps.stateName(row).slice(0, 12)}).`;
      }),
      requests: [],
      writes: [...new Set(seen)].map((version) => written.name(version)),
    };
  }
}
