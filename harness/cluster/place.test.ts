import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { busyPort, loopbackPlaces, privatePlaces } from "./place.ts";

/** A port that somebody holds while `act` runs. */
async function holding<T>(act: (port: number) => Promise<T>): Promise<T> {
  const holder = createServer();
  holder.listen(0, "127.0.0.1");
  await once(holder, "listening");
  try {
    return await act((holder.address() as AddressInfo).port);
  } finally {
    holder.close();
  }
}

describe("the places of nodes", () => {
  it("are four distinct ports a node on loopback, all free", async () => {
    const found = await loopbackPlaces(["n1", "n2", "n3", "n4", "n5"]);

    const places = found.type === "found" ? found.places : [];
    const ports = places.flatMap(({ rpcPort, httpPort, verificationPort, adminPort }) => [
      rpcPort,
      httpPort,
      verificationPort,
      adminPort,
    ]);

    expect(new Set(ports).size).toBe(20);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(await Promise.all(places.map(busyPort))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are refused by the name of the first busy port when they were asked for", async () => {
    const refused = await holding(async (port) => ({ port, outcome: await loopbackPlaces(["n1"], port) }));

    expect(refused.outcome).toEqual({
      type: "refused",
      reason: `Port ${refused.port} on 127.0.0.1 is in use; the cluster needs 4 ports from ${refused.port} on.`,
    });
  });

  it("tell which port somebody else holds", async () => {
    const [place] = privatePlaces(["n1"]);

    const seen = await holding(async (port) => ({
      port,
      busy:
        place === undefined
          ? undefined
          : await busyPort({ ...place, host: "127.0.0.1", httpPort: port, rpcPort: port }),
    }));

    expect(seen.busy).toBe(seen.port);
  });

  it("are addresses of their own in a private network", () => {
    expect(privatePlaces(["n1", "n2"]).map(({ node, host }) => [node, host])).toEqual([
      ["n1", "127.0.1.1"],
      ["n2", "127.0.1.2"],
    ]);
  });
});
