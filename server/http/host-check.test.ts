import { expect, test } from "vitest";
import { isTrustedHost } from "./host-check.ts";

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
