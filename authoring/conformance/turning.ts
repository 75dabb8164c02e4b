/**
 * Pages after which there is another: the fixture's own, or its first page changed until the engine
 * takes it for one.
 */
import type { Pagination } from '#shared/integration/paging/plan.ts';
import type { Json } from '#shared/kernel/json.ts';
import { paginator } from '#shared/list/paging/paginator.ts';
import type { FixtureAnswer } from '../fixtures/fixture.ts';
import { plainPath } from '../lint/syntax.ts';
import { firstPage, isJsonAnswer, pageAnswer } from './answers.ts';
import { moreMembers, stateMembers } from './flags.ts';
import type { ListUnderTest } from './list-under-test.ts';
import { memberAt, withMember } from './members.ts';

/** The first page, with a next; undefined where none could be made. */
export function turningPage(list: ListUnderTest): FixtureAnswer | undefined {
  return turningFrom(list, [pageAnswer(list), withFullPage(list, pageAnswer(list))]);
}

/** The same with as many records as are asked for, where it is known how many. */
export function fullTurningPage(list: ListUnderTest): FixtureAnswer | undefined {
  return turningFrom(list, [withFullPage(list, pageAnswer(list))]);
}

function turningFrom(
  list: ListUnderTest,
  bases: readonly FixtureAnswer[],
): FixtureAnswer | undefined {
  if (!isJsonAnswer(pageAnswer(list))) return undefined;
  const { pagination } = list.method;
  const all = [...bases, ...bases.map((base) => withNextToken(list, pagination, base))];
  // Those that say "more" first: where we count ourselves, two pages in all would be too few.
  const saying = all.flatMap((answer) => [
    ...withMore(pagination, answer),
    ...withHighCounts(pagination, answer),
  ]);
  return [...saying, ...all].find((answer) => hasNext(list, answer));
}

/** Whether the engine would ask for another page after this first one. */
export function hasNext(list: ListUnderTest, answer: FixtureAnswer): boolean {
  const { pagination } = list.method;
  const kind = paginator(pagination);
  const scope = { status: answer.status, headers: answer.headers, body: answer.body };
  const { page } = kind.ask(undefined, {});
  const size = 'size' in pagination ? pagination.size?.value : undefined;
  const records = recordsIn(list, answer);
  try {
    const next = kind.next(undefined, {
      integration: list.opened.compiled.name,
      scope,
      url: new URL(list.exchanges[firstPage(list)]?.request.url ?? 'https://example.com'),
      records,
      count: records.length,
      mark: '',
      page: { ...page, ...(size === undefined ? {} : { size }) },
      instants: {},
    });
    return next !== undefined;
  } catch {
    // An answer that cannot be paged at all has no next page either.
    return false;
  }
}

export function recordsIn(list: ListUnderTest, answer: FixtureAnswer): readonly unknown[] {
  const { status, headers, body } = answer;
  const found = list.method.records?.evaluate({ status, headers, body });
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
}

/** As many records as were asked for, where that is what tells. */
function withFullPage(list: ListUnderTest, answer: FixtureAnswer): FixtureAnswer {
  const { pagination } = list.method;
  const size =
    pagination.kind === 'range'
      ? pagination.length
      : 'size' in pagination
        ? pagination.size?.value
        : undefined;
  const path = list.recordsPath;
  const records = path && memberAt(answer.body, path);
  if (!size || !path || !Array.isArray(records) || records.length === 0) return answer;
  const many = Array.from({ length: size }, (_, index) => records[index % records.length] ?? null);
  return { ...answer, body: withMember(answer.body, path, many) };
}

export const SECOND_PAGE = 'page-2-of-list';

/** With a cursor, a URL or a Link that leads on. */
function withNextToken(
  list: ListUnderTest,
  pagination: Pagination,
  answer: FixtureAnswer,
): FixtureAnswer {
  const url = new URL(list.exchanges[firstPage(list)]?.request.url ?? 'https://example.com');
  url.searchParams.set('after', SECOND_PAGE);
  return withNext(pagination, answer, { cursor: SECOND_PAGE, url: url.href }) ?? answer;
}

/** Undefined where the place of the token is computed. */
export function withNext(
  pagination: Pagination,
  answer: FixtureAnswer,
  next: { readonly cursor: string; readonly url: string },
): FixtureAnswer | undefined {
  switch (pagination.kind) {
    case 'cursor':
      return placed(answer, pagination.cursor.text, next.cursor);
    case 'next_url':
      return placed(answer, pagination.next.text, next.url);
    case 'link_header':
      return { ...answer, headers: { ...answer.headers, link: linkOf(pagination, next) } };
    default:
      return undefined;
  }
}

function placed(answer: FixtureAnswer, text: string, value: string): FixtureAnswer | undefined {
  const [root, ...rest] = plainPath(text) ?? [];
  if (root === 'body') return { ...answer, body: withMember(answer.body, rest, value) };
  const [name] = rest;
  if (root !== 'headers' || name === undefined || rest.length > 1) return undefined;
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

function linkOf(
  { rel, attribute, onlyIf }: Extract<Pagination, { kind: 'link_header' }>,
  next: { readonly cursor: string; readonly url: string },
): string {
  const attributes = [
    `rel="${rel}"`,
    ...(attribute ? [`${attribute.name}="${next.cursor}"`] : []),
    ...(onlyIf ? [`${onlyIf.attribute}="${onlyIf.equals}"`] : []),
  ];
  return `<${next.url}>; ${attributes.join('; ')}`;
}

const SAYS_MORE: readonly Json[] = [true, 1_000_000, false, 'more'];

/** With the members that `more` reads changed, all alike. */
function withMore(pagination: Pagination, answer: FixtureAnswer): readonly FixtureAnswer[] {
  const paths = moreMembers(pagination);
  return paths.length === 0
    ? []
    : SAYS_MORE.map((value) => ({
        ...answer,
        body: paths.reduce<Json | undefined>(
          (body, path) => withMember(body, path, value),
          answer.body,
        ),
      }));
}

/** With every number that a state is made from raised: `pages`, `total`. */
function withHighCounts(pagination: Pagination, answer: FixtureAnswer): readonly FixtureAnswer[] {
  const counts = stateMembers(pagination).filter(
    (path) => typeof memberAt(answer.body, path) === 'number',
  );
  if (counts.length === 0) return [];
  const body = counts.reduce<Json | undefined>(
    (changed, path) => withMember(changed, path, 1_000_000),
    answer.body,
  );
  return [{ ...answer, body }];
}
