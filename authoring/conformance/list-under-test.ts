/**
 * A list of an integration together with a fixture that plays it well: the good pages that
 * misbehaviours are made from.
 */
import type { Method, Resource } from '#shared/integration/method/plan.ts';
import type { MethodSource } from '#shared/integration/method/source.ts';
import type { ReplayedFixture } from '../engine/replay-all.ts';
import type { Exchange, Fixture } from '../fixtures/fixture.ts';
import { methodsOf } from '../lint/methods.ts';
import { plainPath } from '../lint/syntax.ts';
import type { OpenedIntegration } from '../open-folder.ts';
import { type MadeUp, makeUpFixture } from './made-up-fixture.ts';

export interface ListUnderTest {
  readonly opened: OpenedIntegration;
  /** As the boundary log calls it: `tickets.list`. */
  readonly operation: string;
  readonly resource: Resource;
  readonly method: Method;
  readonly source: MethodSource;
  readonly fixture: Fixture;
  /** All fixtures of the integration: their answers are errors to be played, too. */
  readonly others: readonly Fixture[];
  readonly exchanges: readonly Exchange[];
  /** Which of the exchanges are pages of the list itself, in order; at least one. */
  readonly pages: readonly number[];
  /** Members that lead to the list in the body; undefined where it is computed. */
  readonly recordsPath: readonly string[] | undefined;
}

export interface UnplayedList {
  readonly operation: string;
  readonly reason: string;
}

export async function listsOf(
  opened: OpenedIntegration,
  replayed: readonly ReplayedFixture[],
): Promise<readonly (ListUnderTest | UnplayedList)[]> {
  const others = replayed.map(({ fixture }) => fixture);
  const lists: (ListUnderTest | UnplayedList)[] = [];
  for (const { operation, resource: resourceName, name, source } of methodsOf(opened.source)) {
    const resource = opened.compiled.resources[resourceName];
    const method = resource?.methods[name];
    if (!source.records || !resource || !method) continue;
    const place = { resource: resourceName, method };
    const played = bestFixture(operation, replayed) ?? (await makeUpFixture(opened, place, others));
    const pages = played ? pagesOf(operation, played.operations) : [];
    if (!played || pages.length === 0) {
      lists.push({ operation, reason: 'no fixture lists it, and no page could be made up' });
      continue;
    }
    const { fixture } = played;
    const { exchanges } = fixture;
    const recordsPath = recordsPathOf(source.records);
    const common = { opened, operation, resource, method, source, others };
    lists.push({ ...common, fixture, exchanges, pages, recordsPath });
  }
  return lists;
}

export function isPlayed(list: ListUnderTest | UnplayedList): list is ListUnderTest {
  return 'fixture' in list;
}

/** The one that turns most pages, from the start of the list; one whose answers are all good, if any. */
function bestFixture(operation: string, replayed: readonly ReplayedFixture[]): MadeUp | undefined {
  return replayed
    .filter(
      ({ fixture, replay }) =>
        fixture.expect.records !== undefined &&
        fixture.cursor === undefined &&
        replay.complaints.length === 0,
    )
    .map(({ fixture, replay }) => ({ fixture, operations: replay.operations }))
    .map((played) => ({
      ...played,
      pages: pagesOf(operation, played.operations).length,
      refused: played.fixture.exchanges.some(({ answer }) => answer.status >= 400) ? 1 : 0,
    }))
    .filter(({ pages }) => pages > 0)
    .sort((one, other) => one.refused - other.refused || other.pages - one.pages)[0];
}

function pagesOf(operation: string, operations: readonly string[]): readonly number[] {
  return operations.flatMap((one, index) => (one === operation ? [index] : []));
}

function recordsPathOf(records: string | undefined): readonly string[] | undefined {
  const [root, ...rest] = (records === undefined ? undefined : plainPath(records)) ?? [];
  return root === 'body' ? rest : undefined;
}
