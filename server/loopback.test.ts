import { expect, test } from "vitest";
import { isLoopbackAddress } from "./loopback.ts";

test.each(["127.0.0.1", "127.0.0.0", "127.255.255.255", "::1"])("%s is loopback", (host) => {
  expect(isLoopbackAddress(host)).toBe(true);
});

test.each([
  "127.0.0.256",
  "127.0.0.01",
  "127.1",
  "0.0.0.0",
  "::",
  "10.0.0.1",
  "localhost",
  "",
  "127.0.0.1.x",
])("%s is not", (host) => {
  expect(isLoopbackAddress(host)).toBe(false);
});
