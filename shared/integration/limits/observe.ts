/** What answers tell of limits while they are not reached, compiled. */

import type { LimitAnswer } from '../../http/limit-answer.ts';
import type { LimitTexts, LimitWindow, ObserveRule } from '../../http/rate-limit.ts';
import { durationMs } from '../request/compile.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { checkExample } from './example.ts';
import { asText, jsonOf, membersOf } from './limit-text.ts';
import type { RateLimitSource } from './rate-limit-source.ts';

type ObserveSource = RateLimitSource['observe'][number];
type Reading = Pick<ObserveRule, 'unit' | 'read'>;

export function compileObserve(
  source: ObserveSource,
  path: SourcePath,
  context: CompileContext,
): ObserveRule {
  return {
    scope: source.scope,
    scopeHeader: source.scope_header,
    window: compileWindow(source.window, [...path, 'window'], context),
    ...compileReading(source, path, context),
  };
}

function compileWindow(
  source: ObserveSource['window'],
  path: SourcePath,
  context: CompileContext,
): LimitWindow | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string') return { ms: durationMs(source) };
  checkExample(source.example, source.unit, path, context);
  if (!['seconds', 'minutes', 'millis', 'go_duration'].includes(source.unit)) {
    context.fault([...path, 'unit'], 'must be a unit of lengths of time');
  }
  return { header: source.header, unit: source.unit };
}

function compileReading(source: ObserveSource, path: SourcePath, context: CompileContext): Reading {
  if ('pattern' in source) return compileComposite(source, path, context);
  if ('json' in source) return compileJson(source, path, context);
  if ('body' in source) {
    const body = context.expression(source.body, [...path, 'body']);
    const read = (answer: LimitAnswer) => textsOf(membersOf(body, answer));
    return { unit: source.unit ?? 'seconds', read };
  }
  return compileSeparate(source, path, context);
}

function compileSeparate(
  source: Exclude<ObserveSource, { header: string } | { body: string }>,
  path: SourcePath,
  context: CompileContext,
): Reading {
  const { limit, remaining, used, reset } = source;
  if (reset) checkExample(reset.example, reset.unit, [...path, 'reset'], context);
  if (limit === undefined && remaining === undefined) {
    context.fault(path, 'needs limit or remaining');
  }
  if (used !== undefined && (limit === undefined || remaining !== undefined)) {
    context.fault([...path, 'used'], 'must stand beside limit, instead of remaining');
  }
  const read = ({ headers }: LimitAnswer): LimitTexts => {
    const text = (name: string | undefined) => (name === undefined ? undefined : headers[name]);
    return {
      limit: text(limit),
      remaining: text(remaining),
      used: text(used),
      reset: text(reset?.header),
    };
  };
  return { unit: reset?.unit ?? 'seconds', read };
}

function compileComposite(
  source: Extract<ObserveSource, { pattern: string }>,
  path: SourcePath,
  context: CompileContext,
): Reading {
  const { header, unit } = source;
  const pattern = context.pattern(source.pattern, [...path, 'pattern']);
  const names = ['limit', 'remaining', 'used', 'reset'];
  for (const name of pattern.groupNames) {
    if (!names.includes(name)) {
      context.fault([...path, 'pattern'], `the pattern has a group that is none of ${names}`);
    }
  }
  const texts = (value: string | undefined) =>
    value === undefined ? undefined : pattern.groups(value);
  if (pattern.groupNames.length > 0) {
    checkTexts(texts(source.example), unit, path, context);
  }
  return { unit: unit ?? 'seconds', read: ({ headers }) => texts(headers[header]) ?? {} };
}

function compileJson(
  source: Extract<ObserveSource, { json: string }>,
  path: SourcePath,
  context: CompileContext,
): Reading {
  const { header, unit } = source;
  const faultsBefore = context.faults.length;
  const json = context.expression(source.json, [...path, 'json']);
  const texts = (value: string | undefined) =>
    value === undefined ? {} : textsOf(membersOf(json, jsonOf(value)));
  if (context.faults.length === faultsBefore) {
    checkTexts(texts(source.example), unit, path, context);
  }
  return { unit: unit ?? 'seconds', read: ({ headers }) => texts(headers[header]) };
}

function checkTexts(
  found: LimitTexts | undefined,
  unit: Reading['unit'] | undefined,
  path: SourcePath,
  context: CompileContext,
): void {
  if (!found || Object.values(found).every((text) => text === undefined)) {
    context.fault([...path, 'example'], 'nothing of a limit is found in the example');
    return;
  }
  if (found.reset === undefined) return;
  if (unit === undefined) context.fault([...path, 'unit'], 'reset needs a unit');
  else checkExample(found.reset, unit, path, context);
}

function textsOf(members: Readonly<Record<string, unknown>>): LimitTexts {
  return {
    limit: asText(members['limit']),
    remaining: asText(members['remaining']),
    used: asText(members['used']),
    reset: asText(members['reset']),
  };
}
