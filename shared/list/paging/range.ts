/**
 * Pages by the header Range: `Range: items=0-99`, answered by `Content-Range: items 0-99/1234`. An
 * answer of 416 is past the end; one without Content-Range is the whole list.
 *
 * Source  RFC 9110 §14
 */
import type { RangePagination } from '../../integration/paging/plan.ts';
import type { PageKind, RawPage } from './kind.ts';
import { isFull, readMore } from './more.ts';
import { advance, type PageState, scalarAt } from './state.ts';

export function rangeKind(pagination: RangePagination): PageKind {
  const { unit, start, length, header, answerHeader } = pagination;
  /** From the last position that a range names to the one behind it. */
  const behind = pagination.end === 'inclusive' ? 1 : 0;
  const offsetOf = (state: PageState | undefined) => {
    const at = scalarAt(state);
    return typeof at === 'number' ? at : start;
  };
  return {
    ask(state) {
      const offset = offsetOf(state);
      const value = `${unit}=${offset}-${offset + length - behind}`;
      return {
        token: { param: header, in: 'header', value },
        url: undefined,
        page: { offset, size: length },
      };
    },
    next(state, raw) {
      if (raw.count === 0) return undefined;
      const told = readContentRange(raw, answerHeader);
      const next = told?.end === undefined ? offsetOf(state) + raw.count : told.end + behind;
      const more = readMore(pagination.more, raw) ?? goesOn(told, next, raw, length);
      return more ? advance(state, next, raw.mark, raw.integration) : undefined;
    },
  };
}

interface ContentRange {
  /** The last position of the page. */
  readonly end: number | undefined;
  readonly total: number | undefined;
}

function goesOn(
  told: ContentRange | undefined,
  next: number,
  raw: RawPage,
  length: number,
): boolean {
  if (!told) return false;
  return told.total === undefined ? isFull(raw, length) : next < told.total;
}

const CONTENT_RANGE = /^\S{1,40} (?:\d{1,15}-(\d{1,15})|\*)\/(?:(\d{1,15})|\*)$/;

function readContentRange({ scope }: RawPage, header: string): ContentRange | undefined {
  const match = CONTENT_RANGE.exec(scope.headers[header]?.trim() ?? '');
  if (!match) return undefined;
  return { end: count(match[1]), total: count(match[2]) };
}

function count(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
