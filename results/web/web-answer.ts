/** Answers of `tipcart serve`: text with the headers that keep a browser from doing more than showing it. */

export type WebAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Nothing is kept, framed, guessed at, or told to other sites. */
const guardingHeaders = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** `policy` is the page's own content security policy, without its last word about frames. */
export const htmlAnswer = (status: number, body: string, policy: string): WebAnswer => ({
  status,
  headers: {
    ...guardingHeaders,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `${policy}; frame-ancestors 'none'`,
  },
  body,
});

/** A file to be looked at as text, whatever is in it. */
export const textAnswer = (status: number, body: string): WebAnswer => ({
  status,
  headers: {
    ...guardingHeaders,
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  },
  body,
});

export const redirectAnswer = (path: string): WebAnswer => ({
  status: 303,
  headers: { ...guardingHeaders, location: path },
  body: "",
});
