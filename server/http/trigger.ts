/**
 * The calls of the verification port that arm this node to stop itself at one moment of a protocol
 * (`adapters/moments.ts`), take that back, and say how it stands. Each answers with the state it leaves behind.
 */
import type { EventTrigger } from "../adapters/event-trigger.ts";
import { momentNamed, moments } from "../adapters/moments.ts";
import { type Answer, jsonAnswer, refusal } from "./answer.ts";
import type { Route } from "./listener.ts";
import { parseQuery } from "./target.ts";

const path = "/verify/trigger";

export function triggerRoutes(trigger: EventTrigger): readonly Route[] {
  const answerState = (): Answer => jsonAnswer(200, trigger.state);
  return [
    { method: "GET", path, name: "trigger", answer: async () => answerState() },
    { method: "POST", path, name: "arm", answer: async (call) => armedBy(trigger, call.target) },
    {
      method: "DELETE",
      path,
      name: "disarm",
      answer: async () => {
        trigger.disarm();
        return answerState();
      },
    },
  ];
}

/** What the request target of a call to arm the node says, done; nothing is armed where it is refused. */
export function armedBy(trigger: EventTrigger, target: string): Answer {
  const query = parseQuery(target, { event: "text" });
  if (query.type === "bad") return refusal("bad-request", query.detail);
  const moment = momentNamed(query.value.texts.get("event") ?? "");
  if (moment === undefined) {
    return refusal("bad-request", `The parameter event must be one of: ${[...moments.keys()].join(", ")}.`);
  }
  if (trigger.arm(moment)) return jsonAnswer(200, trigger.state);
  return refusal("bad-request", `The node is armed already, with ${trigger.state.armed}; disarm it first.`);
}
