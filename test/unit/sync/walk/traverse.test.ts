import type { JsonObject } from '#shared/kernel/json.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { ResourceNode } from '#shared/sync/job/graph.ts';
import { decodePosition, encodePosition, type Position } from '#shared/sync/walk/cursor-stack.ts';
import { type TraverseDeps, traverse, type Unit } from '#shared/sync/walk/traverse.ts';
import { ProviderError } from '#shared/wire/provider-errors.ts';
import {
  createPagedProvider,
  type PagedProviderOptions,
} from '../../../support/doubles/paged-provider.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';
import { anAccount } from '../../../support/worlds/sync-world.ts';

const START: Position = { kind: 'start' };

function node(resource: string, ...children: ResourceNode[]): ResourceNode {
  return { resource, method: 'list', query: {}, children };
}

/** users; boards with lists, each list with cards; and tags of boards. */
const FOREST = [node('users'), node('boards', node('lists', node('cards')), node('tags'))];

/** 2 of everything below each parent, named by the way down to it. */
const WORLD: PagedProviderOptions['list'] = (resource, { parent }) => {
  const of = parent === undefined ? '' : `${parent}.`;
  return [1, 2, 3]
    .map((at) => ({ id: `${of}${resource[0]}${at}` }))
    .slice(0, resource === 'users' ? 1 : 2);
};

function deps(list = WORLD, pageSize = 1, over: Partial<TraverseDeps> = {}): TraverseDeps {
  const provider = createPagedProvider(new VirtualClock(), { list, pageSize });
  return {
    fetchPage: (at, ancestors, cursor) => {
      const parent = [...ancestors.values()].at(-1)?.reveal()['id'];
      const query: JsonObject = parent === undefined ? {} : { parent };
      return provider.fetchPage({
        requestId: 'r',
        account: anAccount(),
        resource: at.resource,
        method: at.method,
        query: Transient.of(query),
        ...(cursor === undefined ? {} : { cursor }),
      });
    },
    skips: () => false,
    ...over,
  };
}

function idsOf(unit: Unit): readonly string[] {
  if (unit.kind === 'skipped') return [`${unit.resource} skipped`];
  return unit.records.map(({ ref }) => ref ?? '');
}

async function walkFrom(from: Position, with_: TraverseDeps = deps()): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const unit of traverse(FOREST, from, with_)) ids.push(...idsOf(unit));
  return ids;
}

const ALL = [
  'u1',
  ...['b1', 'b2'].flatMap((board) => [
    board,
    ...[`${board}.l1`, `${board}.l2`].flatMap((list) => [list, `${list}.c1`, `${list}.c2`]),
    `${board}.t1`,
    `${board}.t2`,
  ]),
];

/** The pages that were asked for by the time that the first one is yielded. */
async function askedAtFirstUnit(forest: readonly ResourceNode[]): Promise<readonly string[]> {
  const asked: string[] = [];
  const three: PagedProviderOptions['list'] = () => [{ id: '1' }, { id: '2' }, { id: '3' }];
  const plain = deps(three);
  const units = traverse(forest, START, {
    ...plain,
    fetchPage: (at, ancestors, cursor) => {
      asked.push(`${at.resource} ${cursor ?? 0}`);
      return plain.fetchPage(at, ancestors, cursor);
    },
  });
  await units.next();
  await units.return();
  return asked;
}

describe('traverse', () => {
  it('has sent for the next page of a list by the time that it yields one', async () => {
    expect(await askedAtFirstUnit([node('users')])).toEqual(['users 0', 'users 1']);
  });

  it('sends for no further parents before their children are read', async () => {
    expect(await askedAtFirstUnit([node('boards', node('lists'))])).toEqual(['boards 0']);
  });

  it('fails only once the page that failed is asked for', async () => {
    const list: PagedProviderOptions['list'] = () => [{ id: '1' }, { id: '2' }];
    const plain = deps(list);
    const units = traverse([node('users')], START, {
      ...plain,
      fetchPage: (at, ancestors, cursor) =>
        cursor === undefined
          ? plain.fetchPage(at, ancestors, cursor)
          : Promise.reject(new Error('page 2')),
    });

    expect((await units.next()).done).toBe(false);
    await expect(units.next()).rejects.toThrow('page 2');
  });

  it('goes depth first, children in the order of the job', async () => {
    expect(await walkFrom(START)).toEqual(ALL);
  });

  it.each([1, 2, 3])('goes on from every place it has named (page size %i)', async (pageSize) => {
    const seen: string[] = [];
    const whole = await walkFrom(START, deps(WORLD, pageSize));
    for await (const unit of traverse(FOREST, START, deps(WORLD, pageSize))) {
      const ids = idsOf(unit);
      for (let count = 1; count <= ids.length; count += 1) {
        if (unit.kind !== 'page') continue;
        const stored = decodePosition(encodePosition(unit.after(count)));
        const done = [...seen, ...ids.slice(0, count)];
        expect([...done, ...(await walkFrom(stored, deps(WORLD, pageSize)))]).toEqual(whole);
      }
      seen.push(...ids);
    }
    expect(seen).toEqual(whole);
  });

  it('starts a page again where another parent stands in its place', async () => {
    const stored = await positionAfter('b1.l1');
    const shifted: PagedProviderOptions['list'] = (resource, query) =>
      resource === 'boards' ? [{ id: 'b0' }, ...WORLD(resource, query)] : WORLD(resource, query);
    const ids = await walkFrom(stored, deps(shifted));
    expect(ids.slice(0, 2)).toEqual(['b0', 'b0.l1']);
    expect(ids).toContain('b1.l1');
  });

  it('leaves out nothing where records of a half emitted page have moved', async () => {
    const list = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    const forest = [node('x')];
    const [unit] = await collect(
      traverse(
        forest,
        START,
        deps(() => list, 3),
      ),
    );
    if (unit?.kind !== 'page') throw new Error('expected a page');
    const moved = [{ id: 'new' }, ...list];
    const rest = await collect(
      traverse(
        forest,
        unit.after(1),
        deps(() => moved, 4),
      ),
    );
    expect(rest.flatMap(idsOf)).toEqual(['new', 'a', 'b', 'c']);
  });

  it('yields an empty page too, so that a run can be checkpointed behind it', async () => {
    const units = await collect(
      traverse(
        [node('x')],
        START,
        deps(() => []),
      ),
    );
    expect(units).toHaveLength(1);
  });

  it('skips the rest of one list where the failure is about that list', async () => {
    const gone = new ProviderError('gone', 'not_found', { status: 404 });
    const base = deps();
    const with_ = deps(WORLD, 1, {
      skips: () => true,
      fetchPage: async (at, ancestors, cursor) => {
        if (at.resource === 'cards' && ancestors.get('lists')?.reveal()['id'] === 'b1.l1')
          throw gone;
        return base.fetchPage(at, ancestors, cursor);
      },
    });
    expect(await walkFrom(START, with_)).toEqual(
      ALL.flatMap((id) => {
        if (id === 'b1.l1.c1') return ['cards skipped'];
        return id === 'b1.l1.c2' ? [] : [id];
      }),
    );
  });

  it('throws any other failure', async () => {
    const broken = deps(WORLD, 1, {
      fetchPage: async () => {
        throw new ProviderError('down', 'transient', { status: 503 });
      },
    });
    await expect(walkFrom(START, broken)).rejects.toThrow('down');
  });

  it('refuses a list whose next page is the page itself', async () => {
    const stuck = deps(WORLD, 1, {
      fetchPage: async () => ({ records: [], next: { token: 'same' } }),
    });
    await expect(walkFrom(START, stuck)).rejects.toMatchObject({ code: 'repeated_cursor' });
  });
});

async function positionAfter(id: string): Promise<Position> {
  for await (const unit of traverse(FOREST, START, deps())) {
    const at = idsOf(unit).indexOf(id);
    if (at >= 0 && unit.kind === 'page') return unit.after(at + 1);
  }
  throw new Error('no such record');
}

async function collect(units: AsyncIterable<Unit>): Promise<readonly Unit[]> {
  const all: Unit[] = [];
  for await (const unit of units) all.push(unit);
  return all;
}
