/**
 * What shoppers want, one wish an arrival, drawn from the seed alone. Every wish has a stream of its own, named after
 * its number, so that the n-th wish does not depend on the others and can be asked for out of order.
 *
 * The weights lean towards what breaks stores: popular carts that several devices write at once, carts that are
 * written from contexts that have grown old, and keys that nobody reads until the end.
 */
import { type IndexDraw, scrambled, zipfianIndex } from "../generator/keys.ts";
import { type Stream, streamOf } from "../generator/stream.ts";
import type { Wish } from "../workload.ts";

/**
 * The mix. `weight` is a share of the arrivals, `requests` what one such wish costs on average, as counted over a long
 * run: forced checkouts, empty carts and carts that have moved on are in it.
 *
 * - add: read the cart, put it back with one line more
 * - late-add: the same, built on the cart as this device last displayed it, with its old context
 * - remove, set-quantity: of an item that is in the cart
 * - read: display the cart; nothing is written
 * - merge: read, and write the merge back when there was more than one version
 * - checkout: an order record under its own key, then the emptied, closed cart
 * - blind: a put without context, always a new branch
 * - delete: of the cart's key, which closes it as a checkout does
 * - one-shot: a key that is written once and never read under load: only anti-entropy can repair it
 * - renew: write a key, delete it and write it again; nobody else touches it
 * - toggle: add, remove and add the same item, without a pause
 * - robot: four adds to one of few carts without a pause, at times a blind put behind them
 */
export const mix = [
  { action: "add", weight: 34, requests: 2 },
  { action: "late-add", weight: 4, requests: 1.1 },
  { action: "remove", weight: 10, requests: 1.9 },
  { action: "set-quantity", weight: 8, requests: 1.9 },
  { action: "read", weight: 20, requests: 1 },
  { action: "merge", weight: 4, requests: 1.4 },
  { action: "checkout", weight: 3, requests: 2.7 },
  { action: "blind", weight: 2, requests: 1 },
  { action: "delete", weight: 1, requests: 1.9 },
  { action: "one-shot", weight: 7, requests: 1 },
  { action: "renew", weight: 1, requests: 5 },
  { action: "toggle", weight: 3, requests: 5.7 },
  { action: "robot", weight: 3, requests: 8.5 },
] as const;

export type CartAction = (typeof mix)[number]["action"];

export type CartWish = Wish & {
  readonly action: CartAction;
  readonly shopper: string;
  readonly item: string;
  readonly quantity: number;
  /** In [0, 1): which of the items in the cart is meant by a remove, once the cart is known. */
  readonly pick: number;
  /** Number of the arrival; names one-shot keys. */
  readonly serial: number;
  /** Random bytes behind every value of this wish: how many, and from which stream. */
  readonly paddingBytes: number;
  readonly paddingSeed: number;
};

export const shopperCount = 300;
export const itemCount = 24;
export const robotCartCount = 2;

const weightSum = mix.reduce((sum, { weight }) => sum + weight, 0);

/** How many requests an average wish makes. */
export const requestsPerWish =
  mix.reduce((sum, { weight, requests }) => sum + weight * requests, 0) / weightSum;

function drawAction(stream: Stream): CartAction {
  let left = stream.uniform() * weightSum;
  for (const { action, weight } of mix) {
    left -= weight;
    if (left < 0) return action;
  }
  return "read";
}

/** Most values are small; one in fifty is too large for one packet, one in two hundred for one socket buffer. */
function drawPaddingBytes(stream: Stream): number {
  const size = stream.uniform();
  const length = stream.uniform();
  if (size < 0.005) return 32_768 + Math.floor(length * 32_768);
  if (size < 0.025) return 2_048 + Math.floor(length * 6_144);
  return 16 + Math.floor(length * 112);
}

type Who = { readonly shopper: string; readonly session: string; readonly entry: number };

/**
 * Every third shopper has two devices, which enter the cluster at different nodes. Half of all shoppers stay with
 * their node, the others wander: behind a load balancer both are met.
 */
function drawShopper(draw: IndexDraw, stream: Stream): Who {
  const index = draw(stream);
  const device = stream.integer(0, 1);
  const wandering = stream.integer(0, 2 ** 20);
  const shopper = `s${index}`;
  const deviceIndex = index % 3 === 0 ? device : 0;
  const entry = index % 2 === 0 ? index + deviceIndex : wandering;
  return { shopper, session: `${shopper}/${deviceIndex === 0 ? "phone" : "laptop"}`, entry };
}

function drawRobot(stream: Stream): Who {
  const cart = stream.integer(1, robotCartCount);
  const unit = stream.integer(0, 3);
  return { shopper: `robot${cart}`, session: `robot${cart}/${unit}`, entry: cart + unit };
}

/** The wishes of one run, by the number of the arrival. Pure. */
export function cartWishes(seed: number): (index: number) => CartWish {
  const shopperDraw = scrambled(zipfianIndex(shopperCount), shopperCount, streamOf(seed, "shopper ranks"));
  const itemDraw = zipfianIndex(itemCount);
  return (index) => {
    const stream = streamOf(seed, `wish ${index}`);
    const action = drawAction(stream);
    const who = action === "robot" ? drawRobot(stream) : drawShopper(shopperDraw, stream);
    return {
      ...who,
      action,
      item: `item-${itemDraw(stream)}`,
      quantity: stream.integer(1, 5),
      pick: stream.uniform(),
      serial: index,
      paddingBytes: drawPaddingBytes(stream),
      paddingSeed: stream.integer(0, 2 ** 31 - 1),
    };
  };
}
