/** A node that holds nothing and acknowledges everything at once. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { acknowledged, found } from "../client/stub-node.fixture.ts";

export type NullNode = { readonly url: string; readonly server: Server; stop(): Promise<void> };

/** `onRequest` is called before each answer. */
export async function startNullNode(onRequest: () => void = () => {}): Promise<NullNode> {
  const server = createServer((request, response) => {
    onRequest();
    request.resume();
    request.on("end", () => {
      const isRead = request.method === "GET";
      const answer = isRead ? found([]) : acknowledged(String(request.headers["tipcart-write-id"]));
      response.writeHead(isRead ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
