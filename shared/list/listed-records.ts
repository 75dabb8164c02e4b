/**
 * A list's answer, cut into records. A record that an expression fails on is rejected by itself; the
 * page goes on.
 *
 * A list that is not where the integration says is an error, an empty one is not: JSONata makes
 * nothing of either, so the place itself is looked at.
 *
 * Errors  ProviderError where the answer has no list
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import { leadingPathsOf } from '../expression/leading-path.ts';
import type { Method, Resource } from '../integration/method/plan.ts';
import { isJsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import { absentError, structuralError } from '../provider/classify.ts';
import type { Answer } from '../wire/decode/answer.ts';
import type { ListCall, ListedRecord } from './list-call.ts';
import { changedSince } from './since.ts';

/** @throws ProviderError where the list is not where the integration says */
export function rawRecords(call: ListCall, answer: Answer): readonly unknown[] {
  const { method, integration } = call;
  const fail = (reason: string) => structuralError(integration.name, answer.status, reason);
  if (answer.ignored) {
    if (method.records) return [];
    throw absentError(integration.name, answer.status);
  }
  if (answer.unreadable !== undefined) throw fail(answer.unreadable);
  const expression = method.records ?? method.record;
  if (!expression) throw fail('the method declares no records');
  const scope = answer.scope.reveal();
  if (method.records?.text.trim() === 'body' && !isListOrRecord(call, scope.body)) {
    throw fail('the answer is no list');
  }
  const found = evaluate(() => expression.evaluate(scope));
  if (found.value !== undefined && found.value !== null) {
    // JSONata yields a lone item for a list of one.
    return Array.isArray(found.value) ? found.value : [found.value];
  }
  const isNothing = found.failed === undefined && found.value === undefined;
  if (isNothing && method.records && isThere(expression.text, scope)) return [];
  throw fail('the records are not where the integration says');
}

/** Where the whole answer is the list, an object without an id is no record but an error in disguise. */
function isListOrRecord({ resource }: ListCall, body: unknown): boolean {
  return Array.isArray(body) || idOf(resource, body) !== undefined;
}

function isThere(text: string, scope: unknown): boolean {
  return leadingPathsOf(text).some((path) => leadsToNothing(scope, path));
}

/** Whether there is a list, or an object without members, at the end of the path or on the way. */
function leadsToNothing(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) {
    return Array.isArray(value) || isEmptyObject(value);
  }
  if (Array.isArray(value)) {
    return value.length === 0 || value.some((item) => leadsToNothing(item, path));
  }
  return isJsonObject(value) && Object.hasOwn(value, name) && leadsToNothing(value[name], rest);
}

function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Undefined for a record that is filtered out. */
export function toListed(call: ListCall, raw: unknown): ListedRecord | undefined {
  const id = idOf(call.resource, raw);
  const ref = id === undefined ? {} : { ref: id };
  const kept = evaluate(() => keep(call, raw));
  if (kept.failed !== undefined) {
    const message = `the integration's expression failed on the record (${kept.failed})`;
    return { kind: 'rejected', ...ref, code: 'mapping_failed', message };
  }
  if (kept.value === undefined) return undefined;
  const { kind, record } = kept.value;
  if (!isJsonObject(record)) {
    return { kind: 'rejected', ...ref, code: 'model_mismatch', message: 'the record is no object' };
  }
  return { kind, ...ref, value: Transient.of(record) };
}

interface Kept {
  readonly kind: 'record' | 'deleted';
  readonly record: unknown;
}

function keep(call: ListCall, raw: unknown): Kept | undefined {
  const { method } = call;
  const bindings = bindingsOf(call);
  if (!changedSince(method.incremental, call.sinceMs, raw, bindings)) return undefined;
  // Before the filter, which may ask for members that a tombstone has not.
  if (isDeleted(method, raw, bindings)) return { kind: 'deleted', record: raw };
  if (method.filter && method.filter.evaluate(raw, bindings) !== true) return undefined;
  const record = method.map ? (method.map.evaluate(raw, bindings) ?? null) : raw;
  return { kind: 'record', record };
}

type Bindings = Readonly<Record<string, unknown>>;

function isDeleted({ deleted }: Method, raw: unknown, bindings: Bindings): boolean {
  return deleted?.evaluate(raw, bindings) === true;
}

/** What expressions on a record see beside it. */
export function bindingsOf({ params, scope }: ListCall): Bindings {
  const parent = scope?.['parent'];
  return parent === undefined ? { params } : { params, parent };
}

/** The record's id, as text. */
export function idOf(resource: Resource, raw: unknown): string | undefined {
  const found = evaluate(() => resource.id?.evaluate(raw));
  const id = found.value;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

type Evaluated<Value> =
  | { readonly value: Value; readonly failed?: undefined }
  /** Code of the failure. */
  | { readonly value?: undefined; readonly failed: string };

function evaluate<Value>(run: () => Value): Evaluated<Value> {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) return { failed: error.expressionCode };
    if (error instanceof ExpressionBudgetError) return { failed: error.code };
    throw error;
  }
}
