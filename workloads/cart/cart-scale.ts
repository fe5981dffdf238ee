/**
 * How the load of a run compares with the cart service of the paper (Dynamo §1, §2): tens of millions of requests and
 * over three million checkouts a day, hundreds of thousands of sessions at once. The rate can be had on one machine and
 * is kept; the sessions cannot, so each device here stands for many, and its carts are that much hotter.
 */
import { mix, requestsPerWish, shopperCount } from "./cart-wish.ts";

const secondsOfDay = 86_400;
/** The least that "hundreds of thousands" can mean. */
const paperSessions = 100_000;
/** Every third shopper has a second one. */
const deviceCount = shopperCount + Math.ceil(shopperCount / 3);

/** Share of the requests that read, as counted over a long run. */
export const readShare = 0.52;

/** In one sentence, for `rate` requests/s: the day they would make, and what one device stands for. */
export function cartScale(rate: number): string {
  const checkouts = mix.find(({ action }) => action === "checkout")?.weight ?? 0;
  const wishes = mix.reduce((sum, { weight }) => sum + weight, 0);
  const requestsADay = rate * secondsOfDay;
  const checkoutsADay = (requestsADay / requestsPerWish) * (checkouts / wishes);
  return (
    `In a day this would be ${millions(requestsADay)} requests, ${Math.round(100 * readShare)} % of them reads, and ` +
    `${millions(checkoutsADay)} checkouts, where the paper's cart service had tens of millions and over 3 million; ` +
    `${deviceCount} devices stand for its hundreds of thousands of sessions, one for ${paperSessions / deviceCount} or more.`
  );
}

const millions = (count: number): string => `${(count / 1e6).toPrecision(2)} million`;
