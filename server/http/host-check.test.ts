import { expect, test } from "vitest";
import { isLoopbackAddress, isTrustedHost } from "./host-check.ts";

test.each(["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.3.2.1", "[::1]:80", "[::1]", "node-a.test:1"])(
  "a Host of %s is answered",
  (header) => {
    expect(isTrustedHost(header, "node-a.test")).toBe(true);
  },
);

test.each([
  undefined,
  "",
  "evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example:80",
  "127.0.0.1@evil.example",
  "128.0.0.1",
  "127.1",
  "0x7f.0.0.1",
  "[::2]",
])("a Host of %s is refused", (header) => {
  expect(isTrustedHost(header, "127.0.0.1")).toBe(false);
});

test("loopback is 127.0.0.0/8 and ::1, nothing else", () => {
  const hosts = [
    "127.0.0.1",
    "127.255.255.255",
    "::1",
    "127.0.0.256",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "localhost",
  ];

  expect(hosts.map(isLoopbackAddress)).toEqual([true, true, true, false, false, false, false, false]);
});
