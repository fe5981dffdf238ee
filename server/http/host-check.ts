/**
 * Which Host headers are answered: names and addresses of this machine, and the one listened on.
 *
 * A page in a browser on this machine can be made to resolve its own name to 127.0.0.1 and would then speak to the
 * node as if it were its own server; but it cannot help saying its own name in the Host header.
 */
import { isLoopbackAddress } from "../loopback.ts";

/** `header` as sent, with or without a port. A missing one is refused as HTTP/1.1 wants it. */
export function isTrustedHost(header: string | undefined, listenHost: string): boolean {
  if (header === undefined) return false;
  const name = header
    .replace(/:\d{1,5}$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return name === "localhost" || name === listenHost.toLowerCase() || isLoopbackAddress(name);
}
