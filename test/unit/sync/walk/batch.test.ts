import { Transient } from '#shared/kernel/transient.ts';
import {
  type Batch,
  type BatchOptions,
  batches,
  MAX_BATCH_BYTES,
  MAX_BATCH_PAGES,
} from '#shared/sync/walk/batch.ts';
import type { Unit } from '#shared/sync/walk/traverse.ts';
import type { SourceRecord } from '#shared/unified/fetch-page.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

const CLOCK = new VirtualClock();

function record(id: string, bytes = 0): SourceRecord {
  return { kind: 'record', ref: id, value: Transient.of({ id, text: 'x'.repeat(bytes) }) };
}

function rejected(id: string): SourceRecord {
  return { kind: 'rejected', ref: id, code: 'record_invalid', message: 'no' };
}

function page(resource: string, records: readonly (string | SourceRecord)[]): Unit {
  return {
    kind: 'page',
    resource,
    records: records.map((each) => (typeof each === 'string' ? record(each) : each)),
    after: (count) => ({
      kind: 'at',
      frames: [{ resource: `${resource} after ${records.length}`, index: count }],
    }),
  };
}

async function cut(
  units: readonly Unit[],
  over: Partial<BatchOptions> = {},
  failure?: Error,
): Promise<readonly Batch[]> {
  const options: BatchOptions = {
    resources: ['x', 'y'],
    from: { kind: 'start' },
    uncut: 0,
    recordsPerEvent: 4,
    stopsAtFault: false,
    slowMs: 1_000,
    clock: CLOCK,
    ...over,
  };
  async function* source() {
    yield* units;
    if (failure) throw failure;
  }
  const found: Batch[] = [];
  try {
    for await (const batch of batches(source(), options)) found.push(batch);
  } catch (error) {
    if (error !== failure) throw error;
  }
  return found;
}

function shape(found: readonly Batch[]): readonly string[] {
  return found.map(({ groups }) =>
    [...groups]
      .map(
        ([resource, group]) =>
          `${resource}:${group.map(({ json }) => JSON.parse(json.reveal()).id).join('')}`,
      )
      .join(' '),
  );
}

describe('batches', () => {
  it('join pages that fit together', async () => {
    expect(shape(await cut([page('x', ['a']), page('x', ['b', 'c']), page('y', ['d'])]))).toEqual([
      'x:abc y:d',
    ]);
  });

  it('put parents before children, whatever came first', async () => {
    const units = [page('y', ['child of 1']), page('x', ['2']), page('y', ['child of 2'])];
    expect(shape(await cut(units))).toEqual(['x:2 y:child of 1child of 2']);
  });

  it('end before a page that does not fit whole', async () => {
    expect(shape(await cut([page('x', ['a', 'b', 'c']), page('x', ['d', 'e'])]))).toEqual([
      'x:abc',
      'x:de',
    ]);
  });

  it('cut a page only where it is too large by itself', async () => {
    const large = page('x', ['a', 'b', 'c', 'd', 'e', 'f']);
    const found = await cut([large, page('x', ['g'])]);
    expect(shape(found)).toEqual(['x:abcd', 'x:efg']);
    expect(found[0]?.after).toEqual({
      kind: 'at',
      frames: [{ resource: 'x after 6', index: 4 }],
    });
  });

  it('hold at most what an event may weigh', async () => {
    const half = MAX_BATCH_BYTES / 2;
    const found = await cut([page('x', [record('a', half), record('b', half), record('c', 1)])]);
    expect(shape(found)).toEqual(['x:a', 'x:bc']);
  });

  it('make a fault of a record that no event can hold', async () => {
    const [batch] = await cut([page('x', ['a', record('huge', MAX_BATCH_BYTES), 'b'])]);
    expect(batch?.faults).toEqual([
      {
        resource: 'x',
        code: 'record_too_large',
        message: 'the record alone is larger than an event may be',
        ref: 'huge',
      },
    ]);
    expect(shape(batch ? [batch] : [])).toEqual(['x:ab']);
    expect(batch?.fetched.get('x')).toBe(3);
  });

  it('end after so many pages, although they are empty', async () => {
    const empty = Array.from({ length: MAX_BATCH_PAGES + 1 }, () => page('x', []));
    expect((await cut(empty)).map(({ pages }) => pages)).toEqual([MAX_BATCH_PAGES, 1]);
  });

  it('are the same again from the place where one ended', async () => {
    const units = [
      page('x', ['a', 'b']),
      page('x', ['c', 'd']),
      page('x', ['e']),
      page('x', ['f']),
    ];
    const whole = await cut(units);
    expect(shape(await cut(units.slice(2)))).toEqual(shape(whole.slice(1)));
  });

  it('keep what was read before a failure, and say that it is cut', async () => {
    const found = await cut([page('x', ['a'])], {}, new Error('down'));
    expect(found.map(({ isCut, pages }) => [isCut, pages])).toEqual([[true, 1]]);
  });

  it('drop what was read before a failure where it may have been delivered', async () => {
    expect(await cut([page('x', ['a'])], { uncut: 1 }, new Error('down'))).toEqual([]);
  });

  it('end where an earlier try has cut them', async () => {
    const units = [page('x', ['a']), page('x', ['b']), page('x', ['c'])];
    const found = await cut(units, { firstPages: 2, uncut: 2 });
    expect(shape(found)).toEqual(['x:ab', 'x:c']);
    expect(found.map(({ isCut }) => isCut)).toEqual([false, false]);
  });

  it('end early where pages come slowly', async () => {
    const found = await cut([page('x', ['a']), page('x', ['b'])], { slowMs: 0 });
    expect(found.map(({ isCut }) => isCut)).toEqual([true, true]);
  });

  it('end at the first fault where it ends the run', async () => {
    const units = [page('x', ['a', rejected('b'), 'c'])];
    const [first] = await cut(units, { stopsAtFault: true });
    expect(shape(first ? [first] : [])).toEqual(['x:a']);
    expect(first?.faults).toHaveLength(1);
  });
});
