/**
 * What is gossiped, as fields in a fixed order: changes of members, records of holders, digests of both, and how a
 * node introduces itself. See codec.ts.
 */
import type { TableDelta, TableDigest } from "../core/cluster-table.ts";
import type { Holding } from "../core/holdings.ts";
import { type Change, memberStates, type NodeAddress } from "../core/membership.ts";
import type { FieldReader } from "./field-reader.ts";
import type { Introduction } from "./messages.ts";

export function fieldsOfIntroduction({ address, capacity, dc, rack }: Introduction): readonly unknown[] {
  return [fieldsOfAddress(address), capacity, dc, rack];
}

export function readIntroduction(fields: FieldReader): Introduction {
  return {
    address: fields.nested(readAddress),
    capacity: readCapacity(fields),
    dc: fields.text(),
    rack: fields.text(),
  };
}

export function fieldsOfDigest({ changeIds, stamps }: TableDigest): readonly unknown[] {
  return [changeIds, stamps];
}

export function readDigest(fields: FieldReader): TableDigest {
  return {
    changeIds: fields.items((list) => list.text()),
    stamps: fields.items((list) => list.nested((one) => [one.text(), one.text()] as const)),
  };
}

export function fieldsOfDelta({ changes, holdings }: TableDelta): readonly unknown[] {
  return [changes.map(fieldsOfChange), holdings.map(fieldsOfHolding)];
}

export function readDelta(fields: FieldReader): TableDelta {
  return {
    changes: fields.items((list) => list.nested(readChange)),
    holdings: fields.items((list) => list.nested(readHolding)),
  };
}

function fieldsOfChange(change: Change): readonly unknown[] {
  const { nodeId, incarnation, sequence, state, address, capacity, dc, rack, origin } = change;
  const place = address === null ? null : fieldsOfAddress(address);
  const { seat, issuedBy, issuedAtMs } = change;
  return [
    nodeId,
    incarnation,
    sequence,
    state,
    place,
    capacity,
    dc,
    rack,
    seat,
    origin,
    issuedBy,
    issuedAtMs,
  ];
}

function readChange(fields: FieldReader): Change {
  return {
    nodeId: fields.text(),
    incarnation: fields.text(),
    sequence: fields.count(),
    state: fields.oneOf(memberStates),
    address: fields.optional(() => fields.nested(readAddress)) ?? null,
    capacity: readCapacity(fields),
    dc: fields.text(),
    rack: fields.text(),
    seat: fields.count(),
    origin: fields.text(),
    issuedBy: fields.text(),
    issuedAtMs: fields.number(),
  };
}

function fieldsOfHolding({ nodeId, incarnation, version, trees }: Holding): readonly unknown[] {
  return [nodeId, incarnation, version, trees];
}

function readHolding(fields: FieldReader): Holding {
  return {
    nodeId: fields.text(),
    incarnation: fields.text(),
    version: fields.count(),
    trees: fields.items((list) => list.text()),
  };
}

/** More than nothing: shares are divided by their sum. */
function readCapacity(fields: FieldReader): number {
  const capacity = fields.number();
  if (capacity <= 0) fields.fail();
  return capacity;
}

function fieldsOfAddress({ host, rpcPort, httpPort }: NodeAddress): readonly unknown[] {
  return [host, rpcPort, httpPort];
}

function readAddress(fields: FieldReader): NodeAddress {
  return { host: fields.text(), rpcPort: fields.count(), httpPort: fields.count() };
}
