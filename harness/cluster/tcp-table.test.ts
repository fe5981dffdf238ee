import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { flowsNow, flowsOf } from "./tcp-table.ts";

describe("the table of TCP connections", () => {
  it("is read as what each local end of an established one sends", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0101007F:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
      "   1: 0101007F:1B58 0201007F:9C41 01 00000000:00000000 00:00000000 00000000     0        0 2 1",
      "   2: 0201007F:9C41 0101007F:1B58 01 00000000:00000000 00:00000000 00000000     0        0 3 1",
      "   3: 0201007F:9C42 0101007F:1B58 06 00000000:00000000 00:00000000 00000000     0        0 0 3",
      "",
    ].join("\n");

    expect(flowsOf(table)).toEqual([
      { from: "127.0.1.1", fromPort: 7000, to: "127.0.1.2", toPort: 40_001 },
      { from: "127.0.1.2", fromPort: 40_001, to: "127.0.1.1", toPort: 7000 },
    ]);
    expect(flowsOf("no such table")).toEqual([]);
  });

  it("has both ends of a connection of this process", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, "connection");
    const near = connect(port, "127.0.0.1");
    await Promise.all([accepted, once(near, "connect")]);
    const nearPort = near.localPort;

    const flows = flowsNow();
    near.destroy();
    server.close();

    const ends = { from: "127.0.0.1", to: "127.0.0.1" };
    expect(flows).toContainEqual({ ...ends, fromPort: nearPort, toPort: port });
    expect(flows).toContainEqual({ ...ends, fromPort: port, toPort: nearPort });
  });
});
