/**
 * Between plain JSON values with bytes and DynamoDB's typed attribute values.
 *
 * Shape   string S, number N, boolean BOOL, null NULL, Uint8Array B, array L, object M.
 *         An undefined member of an object is left out. Sets are not used.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../kernel/errors.ts';
import type { Persistable } from '../kernel/transient.ts';

export type AttributeMap = Record<string, AttributeValue>;

/** @throws InvariantError for a value that DynamoDB cannot hold */
export function marshal(value: Persistable): AttributeValue {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return marshalNumber(value);
  if (value instanceof Uint8Array) return { B: value };
  if (isList(value)) return { L: value.map(marshal) };
  if (typeof value === 'object') return { M: marshalMembers(value) };
  throw new InvariantError('expected that only plain values are stored');
}

export function marshalMembers(members: Readonly<Record<string, Persistable>>): AttributeMap {
  const attributes: AttributeMap = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) attributes[name] = marshal(value);
  }
  return attributes;
}

export function unmarshalMembers(attributes: Readonly<AttributeMap>): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) members[name] = unmarshal(attribute);
  return members;
}

function unmarshal(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.B !== undefined) return attribute.B;
  if (attribute.L !== undefined) return attribute.L.map(unmarshal);
  if (attribute.M !== undefined) return unmarshalMembers(attribute.M);
  throw new InvariantError('expected that a stored attribute has a type of ours');
}

function marshalNumber(value: number): AttributeValue {
  if (!Number.isFinite(value)) throw new InvariantError('expected that a stored number is finite');
  return { N: String(value) };
}

function isList(value: Persistable): value is readonly Persistable[] {
  return Array.isArray(value);
}
