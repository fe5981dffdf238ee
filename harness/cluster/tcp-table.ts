/** Which TCP connections stand in this network, as /proc/net/tcp tells it: one line for each end that lives here. */
import { readFileSync } from "node:fs";
import type { TcpFlow } from "./nft-rules.ts";

const established = "01";

/** "0101007F:1B58" to 127.0.1.1 and 7000; the address is in the order of bytes of this machine. */
function endOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const [address, port] = text.split(":");
  if (address === undefined || port === undefined || !/^[0-9A-F]{8}$/.test(address)) return undefined;
  const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(address.slice(at, at + 2), 16));
  return { host: bytes.join("."), port: Number.parseInt(port, 16) };
}

/** Established connections of a text such as /proc/net/tcp, each as what its local end sends. */
export function flowsOf(table: string): readonly TcpFlow[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", remote = "", state] = line.trim().split(/\s+/);
    const [from, to] = [endOf(local), endOf(remote)];
    if (state !== established || from === undefined || to === undefined) return [];
    return [{ from: from.host, fromPort: from.port, to: to.host, toPort: to.port }];
  });
}

/** Those of this moment; the network is that of this process. */
export const flowsNow = (): readonly TcpFlow[] => flowsOf(readFileSync("/proc/self/net/tcp", "utf8"));
