/** Resources and their methods, compiled. */
import { parseDurationMs } from '../../kernel/duration.ts';
import type { Incremental, Method, Pagination, Resource } from '../integration.ts';
import type { PaginationSource } from '../schema/pagination.ts';
import type { IncrementalSource, MethodSource, ResourceSource } from '../schema/resource.ts';
import type { CompileContext, SourcePath } from './context.ts';
import {
  compileScalars,
  compileTemplates,
  compileValue,
  mapRecord,
  REQUEST_ROOTS,
} from './values.ts';

/** A method whose name says what it does need not say with which HTTP method. */
const HTTP_METHOD: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
};

/** What the `pagination` block declares by name. */
type NamedPaginations = Readonly<Record<string, PaginationSource>>;

export function compileResource(
  name: string,
  source: ResourceSource,
  paginations: NamedPaginations,
  context: CompileContext,
): Resource {
  const path = ['resources', name];
  const { id, ...methods } = source;
  return {
    name,
    id: context.optionalExpression(id, [...path, 'id']),
    methods: mapRecord(methods, (method, methodName) =>
      compileMethod(methodName, method, [...path, methodName], paginations, context),
    ),
  };
}

export function compileMethod(
  name: string,
  source: MethodSource,
  path: SourcePath,
  paginations: NamedPaginations,
  context: CompileContext,
): Method {
  const expression = (slot: 'records' | 'record' | 'map' | 'filter' | 'ok') =>
    context.optionalExpression(source[slot], [...path, slot]);
  const pagination = compilePagination(source.pagination, path, paginations, context);
  if (pagination.kind !== 'none' && source.records === undefined) {
    context.fault(path, 'a method that pages needs records');
  }
  const target = context.template(source.path, [...path, 'path'], REQUEST_ROOTS);
  return {
    name,
    httpMethod: source.method ?? HTTP_METHOD[name] ?? 'GET',
    path: target,
    query: compileScalars(source.query, [...path, 'query'], context),
    headers: compileTemplates(source.headers, [...path, 'headers'], REQUEST_ROOTS, context),
    body:
      source.body === undefined ? undefined : compileValue(source.body, [...path, 'body'], context),
    bodyFormat: source.body_format,
    // A path that names the record needs its id, declared or not.
    params: target.paths.includes('id') ? ['id', ...source.params] : source.params,
    records: expression('records'),
    record: expression('record'),
    map: expression('map'),
    filter: expression('filter'),
    ok: expression('ok'),
    pagination,
    incremental: compileIncremental(source.incremental, [...path, 'incremental'], context),
    timeoutMs: source.timeout === undefined ? undefined : parseDurationMs(source.timeout),
  };
}

function compileIncremental(
  source: IncrementalSource | undefined,
  path: SourcePath,
  context: CompileContext,
): Incremental | undefined {
  if (!source) return undefined;
  return {
    cursor: context.expression(source.cursor, [...path, 'cursor']),
    format: source.format,
    mode: source.mode,
    since: source.since && {
      param: source.since.param,
      in: source.since.in,
      value: context.template(source.since.value, [...path, 'since', 'value'], ['since']),
    },
    lookbackMs: source.lookback === undefined ? 0 : (parseDurationMs(source.lookback) ?? 0),
    omitAtEpoch: source.omit_at_epoch,
  };
}

function compilePagination(
  reference: string | PaginationSource | undefined,
  methodPath: SourcePath,
  paginations: NamedPaginations,
  context: CompileContext,
): Pagination {
  const path = [...methodPath, 'pagination'];
  if (reference === undefined) return { kind: 'none' };
  if (typeof reference !== 'string') return compileKind(reference, path, context);
  const named = Object.hasOwn(paginations, reference) ? paginations[reference] : undefined;
  if (named) return compileKind(named, ['pagination', reference], context);
  context.fault(path, 'names no entry of `pagination`');
  return { kind: 'none' };
}

function compileKind(
  source: PaginationSource,
  path: SourcePath,
  context: CompileContext,
): Pagination {
  if (source.kind === 'none') return { kind: 'none' };
  const common = {
    size: source.size,
    more:
      source.more === undefined
        ? undefined
        : {
            expression: context.expression(source.more, [...path, 'more']),
            optional: source.more_optional,
          },
    firstPageOnly: source.first_page_only,
  };
  switch (source.kind) {
    case 'page':
    case 'offset': {
      const token = { param: source.param, in: source.in };
      return { kind: source.kind, ...common, token, start: source.start };
    }
    case 'cursor': {
      const cursor = context.expression(source.cursor, [...path, 'cursor']);
      return { kind: 'cursor', ...common, cursor, token: { param: source.param, in: source.in } };
    }
    case 'next_url':
      return {
        kind: 'next_url',
        ...common,
        next: context.expression(source.next, [...path, 'next']),
      };
    case 'link_header':
      return { kind: 'link_header', ...common, rel: source.rel };
  }
}
