/**
 * One resource's part of an override, read: every operation against its schema and the model, every
 * expression compiled, every fault noted with its path.
 */

import type * as z from 'zod';
import type { Expression } from '../../expression/expression.ts';
import { isWritable } from '../../integration/mapping/compile.ts';
import { memberPath } from '../../integration/mapping/member-path.ts';
import type { ModelResource } from '../../integration/mapping/model.ts';
import type { MappedFilter } from '../../integration/mapping/plan.ts';
import type { Resource } from '../../integration/method/plan.ts';
import type { CompileContext, SourcePath } from '../../integration/template/context.ts';
import {
  customName,
  isCustomWhole,
  type Layer,
  type LayerOrigin,
  type Operation,
} from './layer.ts';
import { appending } from './overlay-fields.ts';
import { fieldOperation, filterName, filterOperation, writeOperation } from './override-schema.ts';
import { type Members, parse, readMembers } from './read-members.ts';

/** What a layer lies over. */
export interface Ground {
  readonly model: ModelResource;
  /** The integration's. */
  readonly resource: Resource;
}

/** Longer than any mapping has needed, and short enough to compile by the thousand. */
const MAX_EXPRESSION_CHARACTERS = 8_192;

/** Of fields, members and filters together: what a record costs grows with them. */
const MAX_OPERATIONS = 300;

/** Noted faults mean that the layer is not to be used. */
export function readLayer(
  part: unknown,
  path: SourcePath,
  ground: Ground,
  origin: LayerOrigin,
  context: CompileContext,
): Layer {
  const names = ['fields', 'write', 'query'];
  const { fields = {}, write = {}, query = {} } = readMembers(names, part, path, context);
  const count = [fields, write, query].reduce((sum, one) => sum + Object.keys(one).length, 0);
  if (count > MAX_OPERATIONS) {
    context.fault(path, `has more than ${MAX_OPERATIONS} operations`);
    return { origin, fields: new Map(), write: new Map(), query: new Map() };
  }
  return {
    origin,
    fields: readFields(fields, [...path, 'fields'], ground.model, context),
    write: readWrite(write, [...path, 'write'], ground.resource, context),
    query: readQuery(query, [...path, 'query'], context),
  };
}

function readFields(
  source: Members,
  path: SourcePath,
  model: ModelResource,
  context: CompileContext,
): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const [field, given] of Object.entries(source)) {
    const at = [...path, field];
    if (!isField(model, field)) {
      context.fault(at, 'is no field of the model; others are named custom_fields.<name>');
    }
    const operation = readOperation(parse(fieldOperation, given, at, context), at, context);
    if (!operation) continue;
    checkField(field, operation, at, model, context);
    operations.set(field, operation);
  }
  checkTargets(operations, path, (one, other) => one === other, context);
  checkRequired(operations, path, model, context);
  return operations;
}

function isField(model: ModelResource, field: string): boolean {
  return Object.hasOwn(model.properties, field) || customName(field) !== undefined;
}

function checkField(
  field: string,
  operation: Operation,
  at: SourcePath,
  model: ModelResource,
  context: CompileContext,
): void {
  if (operation.op === 'append' && isField(model, field) && !appending(model, field)) {
    context.fault([...at, 'append'], 'the model says of no list or object here');
  }
  if (operation.op !== 'rename') return;
  if (isCustomWhole(field)) context.fault(at, 'is renamed member by member: custom_fields.<name>');
  if (isCustomWhole(operation.to) || !isField(model, operation.to)) {
    context.fault([...at, 'rename'], 'must be a field of the model, or custom_fields.<name>');
  }
}

/** A record without a required field would be refused, every time. */
function checkRequired(
  operations: ReadonlyMap<string, Operation>,
  path: SourcePath,
  model: ModelResource,
  context: CompileContext,
): void {
  const filled = new Set(
    [...operations.values()].map((one) => (one.op === 'rename' ? one.to : '')),
  );
  for (const [field, { op }] of operations) {
    const goesAway = op === 'unset' || op === 'rename';
    if (goesAway && model.required.includes(field) && !filled.has(field)) {
      context.fault([...path, field], 'the model requires this field');
    }
  }
}

/** Two values for one place: which of them it gets must not hang on the order of keys. */
function checkTargets(
  operations: ReadonlyMap<string, Operation>,
  path: SourcePath,
  clash: (one: string, other: string) => boolean,
  context: CompileContext,
): void {
  const renames = [...operations].flatMap(([from, operation]) =>
    operation.op === 'rename' ? [{ from, to: operation.to }] : [],
  );
  for (const { from, to } of renames) {
    const at = [...path, from, 'rename'];
    if (from === to) context.fault(at, 'is the name that it has');
    const taken = renames.some((other) => other.from !== from && clash(other.to, to));
    if (taken) context.fault(at, 'another value is renamed to this');
    const isOwn = [...operations].some(([name, { op }]) => op !== 'rename' && clash(name, to));
    if (isOwn) context.fault(at, 'has an operation of its own in this layer');
  }
}

function readWrite(
  source: Members,
  path: SourcePath,
  resource: Resource,
  context: CompileContext,
): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>();
  if (Object.keys(source).length > 0 && !isWritable(resource)) {
    context.fault(path, 'the resource has neither create nor update');
  }
  for (const [member, given] of Object.entries(source)) {
    const at = [...path, member];
    if (!memberPath(member)) context.fault(at, 'must be names with dots between them');
    const operation = readOperation(parse(writeOperation, given, at, context), at, context);
    if (!operation) continue;
    if (operation.op === 'rename' && !memberPath(operation.to)) {
      context.fault([...at, 'rename'], 'must be names with dots between them');
    }
    operations.set(member, operation);
  }
  const within = (one: string, other: string) =>
    one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
  checkTargets(operations, path, within, context);
  return operations;
}

function readQuery(
  source: Members,
  path: SourcePath,
  context: CompileContext,
): ReadonlyMap<string, MappedFilter | undefined> {
  const filters = new Map<string, MappedFilter | undefined>();
  for (const [name, given] of Object.entries(source)) {
    const at = [...path, name];
    parse(filterName, name, at, context);
    const filter = parse(filterOperation, given, at, context);
    if (filter === undefined) continue;
    if (filter === null) filters.set(name, undefined);
    else {
      const value = readExpression(filter.value, [...at, 'value'], context);
      filters.set(name, { param: filter.param, value });
    }
  }
  return filters;
}

/** Undefined where there is none, or it is too long, which is then noted. */
function readExpression(
  text: string | undefined,
  at: SourcePath,
  context: CompileContext,
): Expression | undefined {
  if (text !== undefined && text.length > MAX_EXPRESSION_CHARACTERS) {
    context.fault(at, `is longer than ${MAX_EXPRESSION_CHARACTERS} characters`);
    return undefined;
  }
  return context.optionalExpression(text, at);
}

function readOperation(
  source: z.output<typeof fieldOperation> | undefined,
  at: SourcePath,
  context: CompileContext,
): Operation | undefined {
  if (!source) return undefined;
  if ('unset' in source) return { op: 'unset' };
  if ('rename' in source) return { op: 'rename', to: source.rename };
  const op = 'set' in source ? 'set' : 'append';
  const text = 'set' in source ? source.set : source.append;
  const expression = readExpression(text, [...at, op], context);
  return expression && { op, expression };
}
