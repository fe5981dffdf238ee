/** For tests: the history that a text in the notation describes. A mistake in the text fails the test. */
import type { HistoryEvent } from "./event.ts";
import { type History, historyOf } from "./history.ts";
import { parseNotation } from "./notation.ts";

export const eventsIn = (text: string): readonly HistoryEvent[] => {
  const notated = parseNotation(text);
  if (notated.type === "fail") throw new Error(notated.error);
  return notated.events;
};

export const historyIn = (text: string): History => historyOf(eventsIn(text));
