/** How a list goes on, compiled. */

import type { CompileContext, SourcePath } from '../template/context.ts';
import type { MoreRule, Pagination } from './plan.ts';
import type { PaginationSource } from './source.ts';

/** What the `pagination` block declares by name. */
export type NamedPaginations = Readonly<Record<string, PaginationSource>>;

export function compilePagination(
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

type Paged = Exclude<PaginationSource, { kind: 'none' }>;

function compileKind(
  source: PaginationSource,
  path: SourcePath,
  context: CompileContext,
): Pagination {
  if (source.kind === 'none') return { kind: 'none' };
  const common = compileCommon(source, path, context);
  const expression = (text: string, slot: string) => context.expression(text, [...path, slot]);
  switch (source.kind) {
    case 'page': {
      const token = { param: source.param, in: source.in };
      return { kind: 'page', ...common, token, start: source.start };
    }
    case 'offset': {
      const token = { param: source.param, in: source.in };
      const { start, step } = source;
      if (step === 'asked' && !source.size) context.fault([...path, 'step'], 'needs a size');
      return { kind: 'offset', ...common, token, start, step };
    }
    case 'cursor': {
      const token = { param: source.param, in: source.in };
      const cursor = expression(source.cursor, 'cursor');
      return { kind: 'cursor', ...common, cursor, token, constant: source.constant };
    }
    case 'next_url':
      return { kind: 'next_url', ...common, next: expression(source.next, 'next') };
    case 'link_header': {
      const { rel, attribute } = source;
      return {
        kind: 'link_header',
        ...common,
        rel,
        attribute: attribute && {
          name: attribute.name.toLowerCase(),
          token: { param: attribute.param, in: attribute.in },
        },
        onlyIf: source.only_if && {
          attribute: source.only_if.attribute.toLowerCase(),
          equals: source.only_if.equals,
        },
      };
    }
    case 'range': {
      const { unit, start, length, end, answer_header: answerHeader } = source;
      const header = source.header.toLowerCase();
      return { kind: 'range', ...common, unit, start, length, end, header, answerHeader };
    }
    case 'expr': {
      const init = context.optionalExpression(source.init, [...path, 'init']);
      return { kind: 'expr', ...common, init, next: expression(source.next, 'next') };
    }
  }
}

function compileCommon(source: Paged, path: SourcePath, context: CompileContext) {
  return {
    size: 'size' in source ? source.size : undefined,
    more: compileMore(source, path, context),
    firstPageOnly: 'first_page_only' in source ? source.first_page_only : [],
  };
}

function compileMore(
  source: Paged,
  path: SourcePath,
  context: CompileContext,
): MoreRule | undefined {
  if (source.kind === 'expr' || source.more === undefined) return undefined;
  return {
    expression: context.expression(source.more, [...path, 'more']),
    optional: source.more_optional,
  };
}
