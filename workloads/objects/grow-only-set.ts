/**
 * Sets that only grow, the classic check for lost updates: a client reads a set, puts one element into the union of
 * all that it saw, and writes it back. An element is the id of the write that added it, so every one is unique. In the
 * history a set is a tagged cart from which nothing is ever taken.
 *
 * After every thousand arrivals the clients go on to fresh sets, so that values stay small however long the run is.
 */
import type { CartContents } from "../../checkers/history/event.ts";
import { setCheckers } from "../../checkers/record-checkers.ts";
import { decodeValue, encodeValue, observe } from "../cart/cart-value.ts";
import { zipfianIndex } from "../generator/keys.ts";
import { streamOf } from "../generator/stream.ts";
import { contextOf, endOf, parentsIn } from "../records/record-workload.ts";
import type { Applied, ClientProcess, Wish, Workload } from "../workload.ts";

type SetWish = Wish & { readonly action: "add" | "read"; readonly key: string };

/** At once. */
const setCount = 20;
const epochArrivals = 1_000;
const addShare = 0.4;

export const growOnlySet = ({ seed }: { readonly seed: number }): Workload<SetWish, null> => {
  const draw = zipfianIndex(setCount);
  return {
    name: "grow-only-set",
    checkers: setCheckers,
    observe,
    requestsPerWish: 1 + addShare,
    newMemory: () => null,
    wish: (index) => {
      const stream = streamOf(seed, `set wish ${index}`);
      return {
        action: stream.uniform() < addShare ? "add" : "read",
        key: `set/${Math.floor(index / epochArrivals)}/${draw(stream)}`,
        session: `client/${stream.integer(0, 99)}`,
        entry: stream.integer(0, 2 ** 20),
      };
    },
    apply,
  };
};

async function apply({ action, key }: SetWish, client: ClientProcess): Promise<Applied> {
  const write = client.nextOperation();
  const read = await client.store.get(key);
  if (read.type === "fail" || action === "read") return endOf(read);
  const added = { tag: `${write}/element`, item: write, quantity: 1 };
  const elements = new Set([...read.siblings.flatMap(elementsIn), write]);
  const contents: CartContents = {
    codec: "tagged",
    live: [...elements].map((item) => ({ tag: `${item}/element`, item, quantity: 1 })),
    removed: [],
  };
  const parents = parentsIn(read);
  const value = encodeValue(
    { key, write, parents },
    { elements: [...elements] },
    streamOf(0, write).bytes(16),
  );
  const context = contextOf(read);
  const effect = { action: "add", adds: [added], removes: [] } as const;
  const asked = { key, value, write, parents, effect, contents };
  return endOf(await client.store.put({ ...asked, ...(context === undefined ? {} : { context }) }));
}

/** Of bytes that are no set, none: what they are, the checkers will say. */
const elementsIn = (bytes: Uint8Array): readonly string[] => {
  const fields = decodeValue(bytes)?.fields;
  if (typeof fields !== "object" || fields === null || !("elements" in fields)) return [];
  const { elements } = fields;
  return Array.isArray(elements) ? elements.filter((one) => typeof one === "string") : [];
};
