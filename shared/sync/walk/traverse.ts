/**
 * Walks a job's resources depth first and yields one page at a time: a parents' page first, then
 * for each of its records the children's pages, in the job's order.
 *
 * Resume re-fetches the page of every level of the stack. If the record there is not the one that
 * was remembered, that page starts again: records come twice then, and none is left out.
 *
 * Memory  one page a level, since parents are needed for as long as their children are read; and of
 *         a list without children the page after it, which is sent for before this one is yielded
 * Errors  whatever `fetchPage` throws, unless `skips` says that the list it belongs to is skipped
 */
import { letRequestsOut } from '../../http/let-requests-out.ts';
import { AppError, UpstreamError } from '../../kernel/errors.ts';
import { canonicalJson, type JsonObject } from '../../kernel/json.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { PageCursor, SourcePage, SourceRecord } from '../../unified/fetch-page.ts';
import type { ResourceNode } from '../job/graph.ts';
import type { Frame, Position } from './cursor-stack.ts';
import { type ListPlace, PagePlace, position } from './page-place.ts';

/** Parents from the root down, as placeholders look them up. */
export type Ancestors = ReadonlyMap<string, Transient<JsonObject>>;

export interface TraverseDeps {
  readonly fetchPage: (
    node: ResourceNode,
    ancestors: Ancestors,
    cursor: PageCursor | undefined,
  ) => Promise<SourcePage>;
  /** Whether this failure costs the rest of one list only, not the run. */
  readonly skips: (error: AppError) => boolean;
}

export interface PageUnit {
  readonly kind: 'page';
  readonly resource: string;
  readonly records: readonly SourceRecord[];
  /** Where the run stands once the first `count` of these records are emitted. */
  readonly after: (count: number) => Position;
}

export interface SkippedUnit {
  readonly kind: 'skipped';
  readonly resource: string;
  readonly error: AppError;
  /** A whole list of the job, not one parent's children. */
  readonly isRoot: boolean;
  readonly after: () => Position;
}

export type Unit = PageUnit | SkippedUnit;

export async function* traverse(
  forest: readonly ResourceNode[],
  from: Position,
  deps: TraverseDeps,
): AsyncGenerator<Unit, void, void> {
  if (from.kind === 'end') return;
  const frames = from.kind === 'at' ? from.frames : [];
  const first = frames[0]
    ? forest.findIndex(({ resource }) => resource === frames[0]?.resource)
    : 0;
  for (let at = Math.max(first, 0); at < forest.length; at += 1) {
    const node = forest[at];
    if (!node) return;
    const next = forest[at + 1];
    const follow: Position = next ? position([], { resource: next.resource, index: 0 }) : END;
    yield* walk(node, {
      deps,
      above: [],
      ancestors: new Map(),
      resume: at === first ? frames : [],
      follow,
    });
  }
}

const END: Position = { kind: 'end' };

/** A list that never ends: its next page is the page itself. */
export class RepeatedCursorError extends UpstreamError {
  override readonly name = 'RepeatedCursorError';
  readonly code = 'repeated_cursor';
}

/** One list: what lies above it and what comes after. */
interface Level extends ListPlace {
  readonly deps: TraverseDeps;
  readonly ancestors: Ancestors;
  /** Frames of this level and below, on the way back to where a run stood. */
  readonly resume: readonly Frame[];
}

async function* walk(node: ResourceNode, level: Level): AsyncGenerator<Unit, void, void> {
  let resume = level.resume;
  let cursor = resume[0]?.pageCursor;
  let ahead: PageAhead | undefined;
  while (true) {
    const page = await (ahead?.page ?? fetchOrSkip(node, level, cursor));
    ahead = 'next' in page ? await sendForNext(node, level, page.next) : undefined;
    if (!('records' in page)) {
      yield page;
      return;
    }
    const here = new PagePlace(node, level, page, cursor);
    const { emitted, parent, below } = here.whereToGoOn(resume);
    if (emitted < page.records.length || page.records.length === 0) {
      yield {
        kind: 'page',
        resource: node.resource,
        records: page.records.slice(emitted),
        after: (count) => here.afterEmitting(emitted + count),
      };
    }
    yield* descend(node, here, level, parent, below);
    if (page.next === undefined) return;
    [cursor, resume] = [page.next, []];
  }
}

/** In an object, because a promise of a promise is one promise. */
interface PageAhead {
  readonly page: Promise<SourcePage | SkippedUnit>;
}

/**
 * The page after the one that has come, on its way while that one is mapped and delivered.
 * Undefined where children come first: their pages are many, and it would lie in memory until then.
 */
async function sendForNext(
  node: ResourceNode,
  level: Level,
  cursor: PageCursor | undefined,
): Promise<PageAhead | undefined> {
  if (cursor === undefined || node.children.length > 0) return undefined;
  const page = fetchOrSkip(node, level, cursor);
  // Whoever asks for the page hears of its failure; nobody may.
  page.catch(() => undefined);
  // Mapping the page that has come takes the processor.
  await letRequestsOut();
  return { page };
}

/** For each parent of the page from `start` on: its children. */
async function* descend(
  node: ResourceNode,
  here: PagePlace,
  { deps, above, ancestors }: Level,
  start: number,
  resume: readonly Frame[],
): AsyncGenerator<Unit, void, void> {
  for (const at of here.parents(start)) {
    // The remembered place counts only where the remembered parent still is a record.
    let rest = at === start ? resume : [];
    const first = rest[0]
      ? node.children.findIndex((each) => each.resource === rest[0]?.resource)
      : 0;
    for (let child = Math.max(first, 0); child < node.children.length; child += 1) {
      const childNode = node.children[child];
      const parent = here.record(at);
      if (!childNode || !parent) return;
      yield* walk(childNode, {
        deps,
        above: [...above, here.frame(at, at)],
        ancestors: new Map([...ancestors, [node.resource, parent]]),
        resume: rest,
        follow: here.afterChild(at, child),
      });
      rest = [];
    }
  }
}

async function fetchOrSkip(
  node: ResourceNode,
  { deps, ancestors, above, follow }: Level,
  cursor: PageCursor | undefined,
): Promise<SourcePage | SkippedUnit> {
  try {
    const page = await deps.fetchPage(node, ancestors, cursor);
    const stands = page.next !== undefined && cursor !== undefined;
    if (!stands || canonicalJson(page.next ?? null) !== canonicalJson(cursor)) return page;
    throw new RepeatedCursorError(
      'a list gave the same cursor twice',
      { resource: node.resource },
      { retry: 'never' },
    );
  } catch (error) {
    if (!(error instanceof AppError) || !deps.skips(error)) throw error;
    const isRoot = above.length === 0;
    return { kind: 'skipped', resource: node.resource, error, isRoot, after: () => follow };
  }
}
