/** Rows from events: what tests, the notation and every event that is not a request come by. */
import type { CartContents, CartEffect, Completion, Invocation, Written } from "./event.ts";
import {
  acknowledgementOf,
  actions,
  attemptOutcomes,
  type CompletionRow,
  codecs,
  durabilities,
  type InvocationRow,
  kinds,
  outcomes,
  roles,
  type Vocabulary,
  type WrittenRow,
} from "./rows.ts";

export const fillInvocation = (row: InvocationRow, invocation: Invocation, words: Vocabulary): void => {
  row.id = invocation.id;
  row.process = invocation.process;
  row.session = words.sessions.number(invocation.session);
  row.operation = words.operations.number(invocation.operation);
  row.kind = kinds.indexOf(invocation.kind);
  row.key = words.keys.number(invocation.key);
  row.entry = words.nodes.number(invocation.entry);
  row.intended = invocation.intended;
  row.at = invocation.at;
  row.isFinal = invocation.final === true;
  row.doesWrite = invocation.written !== undefined;
  if (invocation.written !== undefined) fillWritten(row.written, invocation.written, words);
};

const fillWritten = (row: WrittenRow, written: Written, words: Vocabulary): void => {
  row.clear();
  row.version = words.versions.number(written.write);
  row.digest = words.digests.number(written.digest);
  row.bytes = written.bytes;
  for (const parent of written.parents) row.parents.push(words.versions.number(parent));
  if (written.effect !== undefined) fillEffect(row, written.effect, words);
  if (written.contents !== undefined) fillContents(row, written.contents, words);
  for (const tag of written.sold ?? []) row.sold.push(words.tags.number(tag));
};

const fillEffect = (row: WrittenRow, { action, adds, removes }: CartEffect, words: Vocabulary): void => {
  row.action = Math.max(0, actions.indexOf(action));
  for (const { tag, item } of adds) {
    row.added.push(words.tags.number(tag));
    row.addedItems.push(words.items.number(item));
  }
  for (const { item, observed } of removes) {
    const number = words.items.number(item);
    row.removedItems.push(number);
    for (const tag of observed) {
      row.removed.push(words.tags.number(tag));
      row.itemsOfRemoved.push(number);
    }
  }
};

const fillContents = (row: WrittenRow, contents: CartContents, words: Vocabulary): void => {
  row.codec = codecs.indexOf(contents.codec);
  if (contents.codec === "union") {
    for (const { item } of contents.lines) row.live.push(words.items.number(item));
    return;
  }
  for (const { tag, item } of contents.live) {
    row.live.push(words.tags.number(tag));
    row.liveItems.push(words.items.number(item));
  }
  for (const tag of contents.removed) row.dead.push(words.tags.number(tag));
};

export const fillCompletion = (row: CompletionRow, completion: Completion, words: Vocabulary): void => {
  row.clear();
  row.id = completion.id;
  row.at = completion.at;
  row.outcome = outcomes.indexOf(completion.type);
  row.error = words.errors.number(completion.type === "ok" ? "" : completion.error);
  for (const { node, outcome, error, from, until } of completion.attempts) {
    row.attemptNodes.push(words.nodes.number(node));
    row.attemptOutcomes.push(attemptOutcomes.indexOf(outcome));
    row.attemptErrors.push(words.errors.number(error ?? ""));
    row.attemptTimes.push(from, until);
  }
  if (completion.type !== "ok") return;
  for (const { write, digest } of completion.observed ?? []) {
    row.observed.push(write === null ? -1 : words.versions.number(write));
    row.digests.push(words.digests.number(digest));
  }
  for (const write of completion.tombstones ?? []) row.tombstones.push(words.versions.number(write));
  for (const { node, role, durability } of completion.acknowledged ?? []) {
    const number = words.nodes.number(node);
    row.acknowledged.push(acknowledgementOf(number, roles.indexOf(role), durabilities.indexOf(durability)));
  }
  if (completion.coordinator !== undefined) row.coordinator = words.nodes.number(completion.coordinator);
};
