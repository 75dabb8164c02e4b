/** What all requests to a provider have in common, compiled. */
import { parseDurationMs } from '../../kernel/duration.ts';
import { invariant } from '../../kernel/invariant.ts';
import type { RequestParts } from '../method/plan.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import {
  compileScalars,
  compileTemplates,
  compileValue,
  REQUEST_ROOTS,
} from '../template/values.ts';
import type { BodySource, ScalarSource } from '../template/values-source.ts';
import type { BodyFormat } from './source.ts';

export interface RequestSource {
  readonly path: string;
  readonly method?: string | undefined;
  readonly query: Readonly<Record<string, ScalarSource>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodySource | undefined;
  readonly body_format: BodyFormat;
  readonly content_type?: string | undefined;
  readonly timeout?: string | undefined;
  readonly base_url?: string | undefined;
}

/** @param fallback the HTTP method where the source names none */
export function compileRequest(
  source: RequestSource,
  path: SourcePath,
  context: CompileContext,
  fallback = 'GET',
): RequestParts {
  const { body, base_url: baseUrl } = source;
  return {
    httpMethod: source.method ?? fallback,
    path: context.template(source.path, [...path, 'path'], REQUEST_ROOTS),
    query: compileScalars(source.query, [...path, 'query'], context),
    headers: compileTemplates(source.headers, [...path, 'headers'], REQUEST_ROOTS, context),
    body: body === undefined ? undefined : compileValue(body, [...path, 'body'], context),
    bodyFormat: source.body_format,
    contentType: source.content_type,
    timeoutMs: source.timeout === undefined ? undefined : durationMs(source.timeout),
    baseUrl:
      baseUrl === undefined
        ? undefined
        : context.template(baseUrl, [...path, 'base_url'], ['conn']),
  };
}

export function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  invariant(ms !== undefined, 'the schema let only durations through');
  return ms;
}
