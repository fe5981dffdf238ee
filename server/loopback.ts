/** Addresses of this machine only: what a node may listen on and speak to, as nobody is authenticated. */

/** 127.0.0.0/8 or ::1, in their plain spelling. */
export function isLoopbackAddress(host: string): boolean {
  if (host === "::1") return true;
  const octets = host.split(".");
  if (octets.length !== 4 || octets[0] !== "127") return false;
  return octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
}
