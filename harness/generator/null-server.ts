/**
 * A store that holds nothing and acknowledges everything at once, over frames and over HTTP: what a generator measures
 * of it is the generator's own, the noise floor of everything that it measures elsewhere.
 */
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { FrameReader, frame } from "./framed-wire.ts";

export type NullServer = {
  readonly framedPort: number;
  readonly httpPort: number;
  stop(): Promise<void>;
};

const host = "127.0.0.1";

export async function startNullServer(): Promise<NullServer> {
  const sockets = new Set<Socket>();
  const framed = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    answerFrames(socket);
  });
  const http = createHttpServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-length": "0" }).end());
  });
  const [framedPort, httpPort] = [await listen(framed), await listen(http)];
  return {
    framedPort,
    httpPort,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      http.closeAllConnections();
      await Promise.all([framed, http].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function answerFrames(socket: Socket): void {
  const reader = new FrameReader();
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    try {
      reader.push(chunk, ([row]) => socket.write(frame([row, "ok"])));
    } catch {
      socket.destroy();
    }
  });
}

const listen = (server: Server | HttpServer): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
