/** Resources and their methods, compiled. */

import { mapRecord } from '../../kernel/map-record.ts';
import { compileApply } from '../auth/compile-apply.ts';
import { compileIncremental } from '../incremental/compile.ts';
import { compileErrorRules } from '../limits/compile-error-rules.ts';
import { compileBudget } from '../limits/compile-rate-limit.ts';
import type { ErrorRule } from '../limits/plan.ts';
import { compilePagination, type NamedPaginations } from '../paging/compile.ts';
import type { Pagination } from '../paging/plan.ts';
import { compileJob } from '../pieces/compile-job.ts';
import {
  compileDiscovered,
  compilePartitions,
  compileProperties,
} from '../pieces/compile-partition.ts';
import { compileRequest } from '../request/compile.ts';
import { compileDecode } from '../request/compile-decode.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { REQUEST_ROOTS } from '../template/values.ts';
import type { Method, RequestParts, Resource } from './plan.ts';
import type { MethodSource, ResourceSource } from './source.ts';

/** A method whose name says what it does need not say with which HTTP method. */
const HTTP_METHOD: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
};

export function compileResource(
  name: string,
  source: ResourceSource,
  paginations: NamedPaginations,
  context: CompileContext,
): Resource {
  const path = ['resources', name];
  return {
    name,
    id: context.optionalExpression(source.id, [...path, 'id']),
    discovered: compileDiscovered(source.discovered, [...path, 'discovered'], context),
    methods: mapRecord(methodsOf(source), (method, methodName) =>
      compileMethod(
        methodName,
        method,
        [...path, methodName],
        paginations,
        withDeclaredParams(context, method, source.discovered?.param),
      ),
    ),
  };
}

/** A misspelt parameter would be one that is never given, and leave its place out without a word. */
function withDeclaredParams(
  context: CompileContext,
  { params, optional_params, partitions }: MethodSource,
  discovered: string | undefined,
): CompileContext {
  const known = [
    ...params,
    ...optional_params,
    ...partitions.map(({ param }) => param),
    discovered,
  ];
  return {
    ...context,
    template(text, path, roots) {
      const template = context.template(text, path, roots);
      for (const [root, name] of template.paths.map((place) => place.split('.'))) {
        if (root === 'params' && !known.includes(name)) {
          context.fault(
            path,
            `looks up the parameter \`${name}\`, which the method does not declare`,
          );
        }
      }
      return template;
    },
  };
}

function methodsOf(source: ResourceSource): Readonly<Record<string, MethodSource>> {
  const { id: _id, discovered: _discovered, ...methods } = source;
  return methods;
}

/** What a method declares where it declares nothing but a request. */
export const BARE_METHOD = {
  params: [],
  optional_params: [],
  errors: [],
  partitions: [],
} satisfies Partial<MethodSource>;

export function compileMethod(
  name: string,
  source: MethodSource,
  path: SourcePath,
  paginations: NamedPaginations,
  context: CompileContext,
): Method {
  const expression = (slot: 'records' | 'record' | 'map' | 'filter' | 'deleted' | 'ok') =>
    context.optionalExpression(source[slot], [...path, slot]);
  const pagination = compilePagination(source.pagination, path, paginations, context);
  if (pagination.kind !== 'none' && source.records === undefined) {
    context.fault(path, 'a method that pages needs records');
  }
  checkSince(source, path, paginations, context);
  const request = compileRequest(source, path, context, HTTP_METHOD[name]);
  return {
    name,
    ...request,
    params: neededParams(request, source.params),
    optionalParams: optionalParams(request, source, path, context),
    authNames: source.auth,
    url: source.url === undefined ? undefined : compileUrl(source, source.url, path, context),
    apply: source.apply && compileApply(source.apply, [...path, 'apply'], context),
    decode: compileDecode(source.decode),
    records: expression('records'),
    record: expression('record'),
    map: expression('map'),
    filter: expression('filter'),
    deleted: expression('deleted'),
    ok: expression('ok'),
    errors: errorsOf(source, pagination, path, context),
    pagination,
    incremental: compileIncremental(source.incremental, [...path, 'incremental'], context),
    partitions: compilePartitions(source.partitions, [...path, 'partitions'], context),
    properties: compileProperties(source.properties, [...path, 'properties'], context),
    job: compileJob(
      source.job,
      [...path, 'job'],
      (step, at) => compileRequest(step, at, context),
      context,
    ),
    budget: source.budget && compileBudget(source.budget),
    sendsOperationKey: looksUpOperationKey(source),
  };
}

function looksUpOperationKey({ path, query, headers, body }: MethodSource): boolean {
  return /\bop\.key\b/.test(JSON.stringify([path, query, headers, body]));
}

/** What would not be sent must not be written. */
function compileUrl(source: MethodSource, url: string, path: SourcePath, context: CompileContext) {
  if (Object.keys(source.query).length > 0) {
    context.fault([...path, 'query'], 'must be absent beside url');
  }
  return context.template(url, [...path, 'url'], REQUEST_ROOTS);
}

/** A provider that is never told would be asked for everything, each time. */
function checkSince(
  source: MethodSource,
  path: SourcePath,
  paginations: NamedPaginations,
  context: CompileContext,
): void {
  const { incremental, pagination } = source;
  if (incremental?.mode !== 'server' || incremental.since) return;
  const { path: target, query, headers, body, job } = source;
  const paging = typeof pagination === 'string' ? paginations[pagination] : pagination;
  const text = JSON.stringify([target, query, headers, body, job, paging]);
  if (/\bsince\b/.test(text)) return;
  const message = 'must be present where nothing of the request looks since up';
  context.fault([...path, 'incremental', 'since'], message);
}

/** A path that names the record needs its id, declared or not. */
function neededParams({ path }: RequestParts, declared: readonly string[]): readonly string[] {
  return path.paths.includes('id') && !declared.includes('id') ? ['id', ...declared] : declared;
}

/** A path cannot leave anything out. */
function optionalParams(
  request: RequestParts,
  source: MethodSource,
  path: SourcePath,
  context: CompileContext,
): readonly string[] {
  for (const [index, name] of source.optional_params.entries()) {
    const at = [...path, 'optional_params', index];
    if (source.params.includes(name)) context.fault(at, 'is one of `params` already');
    if (request.path.paths.includes(`params.${name}`)) context.fault(at, 'is needed by the path');
  }
  return source.optional_params;
}

function errorsOf(
  source: MethodSource,
  pagination: Pagination,
  path: SourcePath,
  context: CompileContext,
): readonly ErrorRule[] {
  // RFC 9110 §15.5.17: nothing is there from that offset on.
  const pastTheEnd = { when: 'status = 416', class: 'ignore' } as const;
  const sources = pagination.kind === 'range' ? [...source.errors, pastTheEnd] : source.errors;
  return compileErrorRules(sources, [...path, 'errors'], context);
}
