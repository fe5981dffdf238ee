/**
 * What every client must do, whoever drives it: one suite over the simulated world and over real sockets. The suite
 * waits through `until`, which runs a world or just awaits.
 */
import { describe, expect, test } from "vitest";
import type { Client } from "./client.ts";
import type { ReadEnding, WriteEnding } from "./entry.ts";

export type ClientUnderTest = {
  readonly client: Client;
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  readonly dispose: () => Promise<void>;
};

export type ClientKind = { readonly name: string; readonly make: () => Promise<ClientUnderTest> };

const bytes = (text: string) => new TextEncoder().encode(text);

export function clientContract(kind: ClientKind): void {
  const inContact = async (
    act: (client: Client, until: ClientUnderTest["until"]) => Promise<void>,
  ): Promise<void> => {
    const { client, until, dispose } = await kind.make();
    try {
      await act(client, until);
    } finally {
      await dispose();
    }
  };

  describe(`${kind.name} keeps the client contract:`, () => {
    itemCases(inContact);
    refusalCases(inContact);
    sessionCases(inContact);
  });
}

type InContact = (act: (client: Client, until: ClientUnderTest["until"]) => Promise<void>) => Promise<void>;

function itemCases(inContact: InContact): void {
  test("what was put is got, byte for byte", async () => {
    await inContact(async (client, until) => {
      const value = Uint8Array.from({ length: 256 }, (_, byte) => byte);

      const put = wrote(await until(client.put("b", "k", value)));

      const got = found(await until(client.get("b", "k")));
      expect(got.siblings).toEqual([{ value, writeId: put.writeId }]);
    });
  });

  test.each(["__proto__", "constructor", "toString", "a/b c%2F?#", "..", "ключ 🛒"])(
    "the name %s is a bucket and a key like any other",
    async (name) => {
      await inContact(async (client, until) => {
        wrote(await until(client.put(name, name, bytes(name))));

        expect(textsOf(await until(client.get(name, name)))).toEqual([name]);
        expect(textsOf(await until(client.get(name, `${name} `)))).toEqual([]);
      });
    },
  );

  test("writers that have not seen each other leave siblings, and a write with their context replaces both", async () => {
    await inContact(async (client, until) => {
      wrote(await until(client.put("b", "k", bytes("one"))));
      wrote(await until(client.put("b", "k", bytes("two"))));
      const both = found(await until(client.get("b", "k")));

      wrote(await until(client.put("b", "k", bytes("merged"), { context: both.context })));

      expect(textsOf(both)).toEqual(["one", "two"]);
      expect(textsOf(await until(client.get("b", "k")))).toEqual(["merged"]);
    });
  });

  test("a delete removes what its context has seen and leaves what came after", async () => {
    await inContact(async (client, until) => {
      const seen = wrote(await until(client.put("b", "k", bytes("seen"))));
      wrote(await until(client.put("b", "k", bytes("unseen"))));

      const deleted = wrote(await until(client.delete("b", "k", { context: seen.context })));

      const left = found(await until(client.get("b", "k")));
      expect(textsOf(left)).toEqual(["unseen"]);
      expect(left.tombstones).toEqual([deleted.writeId]);
    });
  });

  test("one write id is one write, however often it is sent", async () => {
    await inContact(async (client, until) => {
      const options = { writeId: "w-1" };
      const first = wrote(await until(client.put("b", "k", bytes("x"), options)));

      const second = wrote(await until(client.put("b", "k", bytes("x"), options)));

      expect(second.dot).toBe(first.dot);
      expect(textsOf(await until(client.get("b", "k")))).toEqual(["x"]);
    });
  });

  test("the acknowledgements say who has the write, and how durable", async () => {
    await inContact(async (client, until) => {
      const { acknowledgements, degraded } = wrote(await until(client.put("b", "k", bytes("x"), { w: 3 })));

      expect(new Set(acknowledgements.map(({ node }) => node)).size).toBe(3);
      expect(acknowledgements.map(({ role }) => role)).toEqual(["home", "home", "home"]);
      expect(degraded).toBe(false);
    });
  });
}

function refusalCases(inContact: InContact): void {
  test.each<[string, (client: Client) => Promise<ReadEnding | WriteEnding>, string]>([
    ["an empty key", (client) => client.get("b", ""), "bad-request"],
    ["half a character", (client) => client.put("b", "\ud800", bytes("x")), "bad-request"],
    ["a key that is too long", (client) => client.get("b", "k".repeat(2000)), "bad-request"],
    ["more copies than there are", (client) => client.get("b", "k", { r: 9 }), "bad-request"],
    [
      "a write id that is none",
      (client) => client.put("b", "k", bytes("x"), { writeId: "ü" }),
      "bad-request",
    ],
    ["a delete of the unseen", (client) => client.delete("b", "k", {}), "bad-request"],
    ["no context", (client) => client.put("b", "k", bytes("x"), { context: "AAAA" }), "bad-context"],
    ["a value that is too large", (client) => client.put("b", "k", new Uint8Array(2 ** 20 + 1)), "too-large"],
  ])("%s is refused, and nothing happened", async (_name, ask, error) => {
    await inContact(async (client, until) => {
      const ending = await until(ask(client));

      expect(ending).toMatchObject({ type: "fail", error, detail: expect.stringMatching(/\.$/) });
      expect(textsOf(await until(client.get("b", "k")))).toEqual([]);
    });
  });

  test("a context of another key is refused", async () => {
    await inContact(async (client, until) => {
      const { context } = wrote(await until(client.put("b", "k", bytes("x"))));

      const ending = await until(client.put("b", "other", bytes("y"), { context }));

      expect(ending).toMatchObject({ type: "fail", error: "bad-context" });
    });
  });
}

function sessionCases(inContact: InContact): void {
  test("a session's writes replace what it has seen, and nothing else", async () => {
    await inContact(async (client, until) => {
      const session = client.session();
      wrote(await until(session.put("b", "k", bytes("one"))));
      wrote(await until(client.put("b", "k", bytes("stranger"))));

      wrote(await until(session.put("b", "k", bytes("two"))));

      expect(textsOf(await until(session.get("b", "k")))).toEqual(["stranger", "two"]);
      wrote(await until(session.delete("b", "k")));
      expect(textsOf(await until(session.get("b", "k")))).toEqual([]);
    });
  });

  test("a covering session sees its own writes, and what it has seen, at once", async () => {
    await inContact(async (client, until) => {
      const session = client.session({ isCovering: true });
      for (const text of ["one", "two", "three"]) {
        wrote(await until(session.put("b", "k", bytes(text))));

        expect(textsOf(await until(session.get("b", "k", { r: 1 })))).toEqual([text]);
      }
    });
  });

  test("requests of one key that overlap in a session are one after the other", async () => {
    await inContact(async (client, until) => {
      const session = client.session();

      const endings = await until(
        Promise.all(["1", "2", "3", "4"].map((text) => session.put("b", "k", bytes(text)))),
      );

      for (const ending of endings) wrote(ending);
      expect(textsOf(await until(session.get("b", "k")))).toEqual(["4"]);
    });
  });
}

export function found(ending: ReadEnding): Extract<ReadEnding, { type: "ok" }> {
  if (ending.type !== "ok") throw new Error(`${ending.error}: ${ending.detail}`);
  return ending;
}

export function wrote(ending: WriteEnding): Extract<WriteEnding, { type: "ok" }> {
  if (ending.type !== "ok") throw new Error(`${ending.type} ${ending.error}: ${ending.detail}`);
  return ending;
}

/** Sorted. */
export function textsOf(ending: ReadEnding): readonly string[] {
  return found(ending)
    .siblings.map(({ value }) => new TextDecoder().decode(value))
    .toSorted();
}
