import { describe, expect, it } from "vitest";
import { allPairs, judgeProbe, pairName } from "./links.ts";
import { countedPackets, nftScript, noRules } from "./nft-rules.ts";
import { routeScript } from "./policy-routes.ts";

const all = allPairs(["n1", "n2", "n3"]);
const names = (except: readonly string[]): Set<string> =>
  new Set(all.map(pairName).filter((name) => !except.includes(name)));

describe("a probe of all links", () => {
  it("proves a cut when exactly the cut links are silent", () => {
    expect(judgeProbe(all, [{ from: "n1", to: "n2" }], names(["n1→n2"]))).toEqual({
      type: "done",
      evidence: "no probe passed over n1→n2; one passed over each of the other 5 links",
    });
  });

  it("does not prove a cut over which bytes still pass", () => {
    expect(judgeProbe(all, [{ from: "n1", to: "n2" }], names([]))).toEqual({
      type: "failed",
      reason: "Bytes still pass over n1→n2, which should be cut.",
    });
  });

  it("does not prove a cut that silences more than it should", () => {
    expect(judgeProbe(all, [{ from: "n1", to: "n2" }], names(["n1→n2", "n2→n1"]))).toEqual({
      type: "failed",
      reason: "No byte passes over n2→n1, which should be open.",
    });
  });

  it("proves the heal when all links carry it", () => {
    expect(judgeProbe(all, [], names([]))).toEqual({
      type: "done",
      evidence: "a probe passed over all 6 links",
    });
    expect(judgeProbe(all, [], names(["n3→n1"])).type).toBe("failed");
  });
});

const rule = (packets: number): unknown => ({
  rule: { expr: [{ match: {} }, { counter: { packets, bytes: 0 } }] },
});

describe("the kernel's rules", () => {
  const cut = { from: "127.0.1.1", to: "127.0.1.2" };
  const other = { from: "127.0.1.3", to: "127.0.1.1" };

  it("replace a whole nft table at once, one statement a line", () => {
    expect(nftScript({ ...noRules, cuts: [cut] })).toBe(
      [
        "add table ip tipcart",
        "delete table ip tipcart",
        "table ip tipcart {",
        "  chain input {",
        "    type filter hook input priority 0",
        "    ip saddr 127.0.1.1 ip daddr 127.0.1.2 counter drop",
        "  }",
        "}",
        "",
      ].join("\n"),
    );
  });

  it("say by which connection, how often and how packets are kept from arriving, what is cut first", () => {
    const script = nftScript({
      cuts: [other],
      forgotten: [{ ...cut, fromPort: 40_001, toPort: 7000 }],
      losses: [{ ...cut, percent: 30 }],
      resets: [other],
    });

    expect(script.split("\n").slice(5, -3)).toEqual([
      "    ip saddr 127.0.1.3 ip daddr 127.0.1.1 counter drop",
      "    ip saddr 127.0.1.1 ip daddr 127.0.1.2 tcp sport 40001 tcp dport 7000 counter drop",
      "    ip saddr 127.0.1.1 ip daddr 127.0.1.2 numgen random mod 100 < 30 counter drop",
      "    ip saddr 127.0.1.3 ip daddr 127.0.1.1 tcp flags & rst == 0 counter reject with tcp reset",
    ]);
  });

  it("count what they met", () => {
    const json = JSON.stringify({ nftables: [{ metainfo: {} }, rule(3), rule(4), { chain: {} }] });

    expect(countedPackets(json)).toBe(7);
    expect(countedPackets("Error: no such table")).toBeUndefined();
  });

  it("go from one set of routes to the next: new ones first, then the old ones, the common ones untouched", () => {
    expect(routeScript([cut], [cut, other])).toBe("rule add pref 50 from 127.0.1.3 to 127.0.1.1 blackhole\n");
    expect(routeScript([cut], [other])).toBe(
      "rule add pref 50 from 127.0.1.3 to 127.0.1.1 blackhole\n" +
        "rule del pref 50 from 127.0.1.1 to 127.0.1.2 blackhole\n",
    );
    expect(routeScript([cut], [cut])).toBe("");
  });
});
