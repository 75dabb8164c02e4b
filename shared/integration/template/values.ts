/** Query values and bodies, compiled: literals stay, templates look up, expressions are evaluated. */

import { isJsonObject, type Json } from '../../kernel/json.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import type { CompileContext, SourcePath } from './context.ts';
import type { Scope, ValueOf } from './scope.ts';
import type { Template } from './template.ts';
import type { BodySource, ScalarSource } from './values-source.ts';

/** What a request's templates and expressions may look up. Credentials are not among it. */
export const REQUEST_ROOTS = [
  'conn',
  'params',
  'id',
  'input',
  'since',
  'until',
  'page',
  'parent',
  'job',
  'properties',
  'op',
] as const;

export function compileScalars(
  sources: Readonly<Record<string, ScalarSource>>,
  path: SourcePath,
  context: CompileContext,
): Readonly<Record<string, ValueOf>> {
  return mapRecord(sources, (source, name) => compileValue(source, [...path, name], context));
}

export function compileTemplates(
  sources: Readonly<Record<string, string>>,
  path: SourcePath,
  roots: readonly string[],
  context: CompileContext,
): Readonly<Record<string, Template>> {
  return mapRecord(sources, (source, name) => context.template(source, [...path, name], roots));
}

export function compileValue(
  source: BodySource,
  path: SourcePath,
  context: CompileContext,
): ValueOf {
  if (typeof source === 'string') {
    const template = context.template(source, path, REQUEST_ROOTS);
    if (template.paths.length === 0) return () => source;
    const params = template.paths.filter((place) => place.startsWith('params.'));
    return (scope) =>
      params.some((place) => isAbsent(scope, place)) ? undefined : asJson(template.value(scope));
  }
  if (typeof source !== 'object' || source === null) return () => source;
  if (Array.isArray(source)) {
    const items = source.map((item: BodySource, index) =>
      compileValue(item, [...path, index], context),
    );
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if ('expr' in source) return compileWrapped(source, path, context);
  const members = Object.entries(source).map(
    ([name, member]) => [name, compileValue(member, [...path, name], context)] as const,
  );
  return (scope) => {
    const entries = members.map(([name, compute]) => [name, compute(scope)] as const);
    return Object.fromEntries(entries.filter(isPresent));
  };
}

function compileWrapped(
  source: Readonly<Record<string, BodySource>>,
  path: SourcePath,
  context: CompileContext,
): ValueOf {
  const text = source['expr'];
  if (Object.keys(source).length > 1 || typeof text !== 'string') {
    context.fault(path, '{ expr } holds one expression and nothing beside it');
    return () => undefined;
  }
  const expression = context.expression(text, [...path, 'expr']);
  return (scope: Scope) => asJson(expression.evaluate(scope));
}

/** Of a parameter that nobody gave nothing is sent: those that are needed were asked for before. */
function isAbsent({ params }: Scope, place: string): boolean {
  const [, name = ''] = place.split('.');
  return isJsonObject(params) && params[name] === undefined;
}

/** What expressions yield is JSON, or nothing. */
function asJson(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map((item) => asJson(item) ?? null);
  if (!isJsonObject(value)) return undefined;
  return value;
}

function isPresent(entry: readonly [string, Json | undefined]): entry is readonly [string, Json] {
  return entry[1] !== undefined;
}
