import { expect, test } from "vitest";
import { adminRoutes } from "./admin.ts";
import { withNode } from "./node-fixture.ts";
import { expectDocumented, type Method, methods, type Paths, statusesOf, upper } from "./openapi-fixture.ts";

const orders = ["join", "leave", "remove", "replace", "cancel"];
const looks = ["members", "history", "strangers", "transfer", "handoff", "drain", "openapi.json"];
const acts = ["transfer/pause", "transfer/resume", "handoff/pause", "handoff/resume", "drain/cancel"];

/** What an only member can be made to say; every order is refused, since it needs itself and has heard of nobody. */
const calls: readonly [method: Method, path: string, query: string, status: number][] = [
  ...orders.flatMap((order): readonly [Method, string, string, number][] => [
    ["post", order, "?node=a", 409],
    ["post", order, "", 400],
    ["get", `plan/${order}`, "?node=a", 409],
    ["get", `plan/${order}`, "?node=a&colour=red", 400],
  ]),
  ...looks.map((look): [Method, string, string, number] => ["get", look, "", 200]),
  ...looks.map((look): [Method, string, string, number] => ["get", look, "?colour=red", 400]),
  ...acts.map((act): [Method, string, string, number] => ["post", act, "", 200]),
  ...acts.map((act): [Method, string, string, number] => ["post", act, "?colour=red", 400]),
  ["post", "drain", "?timeout=1", 200],
  ["post", "drain", "?timeout=0", 400],
  ["post", "drain/cancel", "", 200],
  ["post", "repair", "?partition=0", 200],
  ["post", "repair", "?bucket=b&key=k", 200],
  ["post", "repair", "?bucket=b", 400],
];

test("every call of the admin port is answered as it is described, and what is described is answered", async () => {
  await withNode(async ({ call }) => {
    const { paths } = (await call("GET", "/admin/openapi.json")).json() as { readonly paths: Paths };
    const seen = new Set<string>();

    for (const [method, path, query, status] of calls) {
      const answer = await call(upper(method), `/admin/${path}${query}`);

      const place = `${method} ${path}${query}`;
      expect([place, answer.status]).toEqual([place, status]);
      expectDocumented(paths[`/admin/${path}`]?.[method]?.responses[status], answer, place);
      seen.add(`${method} /admin/${path} ${status}`);
    }

    // A fault, a node that does not serve, and orders that are carried out, which conformance.sh has.
    const unseen = statusesOf(paths).filter((one) => !seen.has(one) && !/ (500|503)$/.test(one));
    expect(unseen).toEqual([
      ...orders.map((order) => `post /admin/${order} 200`),
      ...orders.map((order) => `get /admin/plan/${order} 200`),
      "post /admin/repair 409",
    ]);
  });
});

test("every route of the admin port is described, and nothing else", async () => {
  await withNode(async ({ call }) => {
    const { paths } = (await call("GET", "/admin/openapi.json")).json() as { readonly paths: Paths };

    const described = Object.entries(paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method] !== undefined).map((method) => `${upper(method)} ${path}`),
    );

    const node = undefined as unknown as Parameters<typeof adminRoutes>[0];
    const served = adminRoutes(node).map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(served.toSorted());
  });
});
