/** The steps of a token exchange, and what is read from an answer, compiled. */

import { mapRecord } from '../../kernel/map-record.ts';
import { durationMs } from '../request/compile.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileScalars, compileTemplates, compileValue } from '../template/values.ts';
import { lowerNames } from './compile-apply.ts';
import { noteLookups, withRoots } from './lookups.ts';
import type { BasicPair, Captures, Expiry, Mint, RequestStep, Step, Steps } from './plan.ts';
import type { MintSource, StepSource } from './token-request-source.ts';

export const STEP_ROOTS = ['conn', 'cred', 'app', 'step'] as const;

type RequestStepSource = Exclude<StepSource, { mint: unknown }>;
type ExpirySource =
  | { readonly unknown: 'refresh_on_401' }
  | { readonly after: string }
  | { readonly seconds: string }
  | { readonly at: string };

/** Steps in order, and the names that all of them together make. */
export function compileSteps(
  sources: readonly StepSource[],
  path: SourcePath,
  context: CompileContext,
): { readonly steps: Steps; readonly made: ReadonlySet<string> } {
  const made = new Set<string>();
  const noted = noteLookups(context);
  const list = sources.map((source, index): Step => {
    const at = [...path, index];
    const seeing = seeingSteps(noted.context, made);
    const step: Step =
      'mint' in source
        ? {
            kind: 'mint',
            as: source.mint.as,
            mint: compileMint(source.mint, [...at, 'mint'], seeing),
          }
        : compileRequest(source, at, seeing);
    for (const name of step.kind === 'mint' ? [step.as] : Object.keys(step.capture)) made.add(name);
    return step;
  });
  return { steps: { list, usesClient: noted.lookups.usesClient }, made };
}

/** Templates that name a step's value which no step before them makes would fail at every call. */
export function seeingSteps(context: CompileContext, made: ReadonlySet<string>): CompileContext {
  const known = new Set(made);
  return {
    ...context,
    template(text, path, roots) {
      const template = context.template(text, path, roots);
      for (const [root, name] of template.paths.map((place) => place.split('.'))) {
        if (root === 'step' && !known.has(name ?? '')) {
          context.fault(path, 'looks up what no step before it makes');
        }
      }
      return template;
    },
  };
}

function compileRequest(
  source: RequestStepSource,
  path: SourcePath,
  bare: CompileContext,
): RequestStep {
  const context = withRoots(bare, STEP_ROOTS);
  return {
    kind: 'request',
    url: context.template(source.url, [...path, 'url'], STEP_ROOTS),
    method: source.method,
    query: compileScalars(source.query, [...path, 'query'], context),
    headers: compileTemplates(
      lowerNames(source.headers),
      [...path, 'headers'],
      STEP_ROOTS,
      context,
    ),
    basic: compileBasic(source.basic, [...path, 'basic'], STEP_ROOTS, context),
    body:
      source.body === undefined ? undefined : compileValue(source.body, [...path, 'body'], context),
    bodyFormat: source.body_format,
    ok: context.optionalExpression(source.ok, [...path, 'ok']),
    capture: compileExpressions(source.capture, [...path, 'capture'], context),
  };
}

export function compileBasic(
  source: { readonly username: string; readonly password: string } | undefined,
  path: SourcePath,
  roots: readonly string[],
  context: CompileContext,
): BasicPair | undefined {
  if (!source) return undefined;
  return {
    username: context.template(source.username, [...path, 'username'], roots),
    password: context.template(source.password, [...path, 'password'], roots),
  };
}

export function compileMint(source: MintSource, path: SourcePath, bare: CompileContext): Mint {
  const context = withRoots(bare, STEP_ROOTS);
  return {
    alg: source.alg,
    key: context.template(source.key, [...path, 'key'], STEP_ROOTS),
    keyEncoding: source.key_encoding,
    ttlMs: durationMs(source.ttl),
    claims: compileScalars(source.claims, [...path, 'claims'], context),
    header: compileTemplates(source.header, [...path, 'header'], STEP_ROOTS, context),
  };
}

export function compileExpiry(
  source: ExpirySource | undefined,
  path: SourcePath,
  context: CompileContext,
): Expiry | undefined {
  if (!source) return undefined;
  if ('unknown' in source) return { kind: 'unknown' };
  if ('after' in source) return { kind: 'after', ms: durationMs(source.after) };
  if ('seconds' in source) {
    const expression = context.expression(source.seconds, [...path, 'seconds']);
    return { kind: 'seconds', expression };
  }
  return { kind: 'at', expression: context.expression(source.at, [...path, 'at']) };
}

export function compileExpressions(
  sources: Readonly<Record<string, string>>,
  path: SourcePath,
  context: CompileContext,
): Captures {
  return mapRecord(sources, (text, name) => context.expression(text, [...path, name]));
}
