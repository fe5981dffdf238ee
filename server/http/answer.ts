/** What an HTTP call is answered with, as a value. The listener alone writes to sockets. */
import { type ErrorName, errors } from "../outcomes.ts";

export type Answer = {
  readonly status: number;
  /** Header names in lower case. `content-length` is added when the answer is written. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text leaves in one piece with its headers; bytes are values of clients. */
  readonly body: Uint8Array | string;
};

/** Whether a failed call may have had an effect: `none` it has not and never will, `unknown` nobody can tell. */
export type Effect = "none" | "unknown";

export type Failure = {
  readonly error: ErrorName;
  readonly effect: Effect;
  /** One sentence for a person. Never a stack trace. */
  readonly detail: string;
  readonly needed?: number | undefined;
  readonly had?: number | undefined;
};

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}

export function textAnswer(status: number, text: string): Answer {
  return {
    status,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    body: text,
  };
}

/** `{error, outcome, detail, needed?, had?}` with the status that `outcomes.ts` gives the error. */
export function failureAnswer({ error, effect, detail, needed, had }: Failure): Answer {
  const headers: Record<string, string> = error === "overloaded" ? { "retry-after": "1" } : {};
  return jsonAnswer(errors[error].status, { error, outcome: effect, detail, needed, had }, headers);
}

/** A call that was refused before anything was done. */
export function refusal(error: ErrorName, detail: string): Answer {
  return failureAnswer({ error, effect: "none", detail });
}
