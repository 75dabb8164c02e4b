import { brandId } from '#shared/kernel/id.ts';
import { createWatermarkStore } from '#shared/sync/run/watermark-store.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

const JOB = brandId<'job'>('job_1');
const ACCOUNT = brandId<'ia'>('ia_1');

function aStore() {
  return createWatermarkStore({ table: createMemoryTable(), clock: new VirtualClock() });
}

async function dateOf(store: ReturnType<typeof aStore>) {
  return (await store.get(JOB, ACCOUNT))?.previousRunDateMs;
}

describe('a watermark', () => {
  it('is not there before the first success', async () => {
    expect(await dateOf(aStore())).toBeUndefined();
  });

  it('moves with each run', async () => {
    const store = aStore();
    await store.advance(JOB, ACCOUNT, 1, 1_000);
    await store.advance(JOB, ACCOUNT, 2, 2_000);
    expect(await dateOf(store)).toBe(2_000);
  });

  it('is not moved back by an older run that ends late', async () => {
    const store = aStore();
    await store.advance(JOB, ACCOUNT, 2, 2_000);
    await store.advance(JOB, ACCOUNT, 1, 1_000);
    expect(await dateOf(store)).toBe(2_000);
  });

  it('may be advanced again by the same run', async () => {
    const store = aStore();
    await store.advance(JOB, ACCOUNT, 1, 1_000);
    await store.advance(JOB, ACCOUNT, 1, 1_000);
    expect(await dateOf(store)).toBe(1_000);
  });

  it('stays reset although the run that it overtook ends afterwards', async () => {
    const store = aStore();
    await store.advance(JOB, ACCOUNT, 1, 1_000);
    await store.reset(JOB, ACCOUNT, 2);
    await store.advance(JOB, ACCOUNT, 2, 2_000);
    expect(await dateOf(store)).toBeUndefined();
    await store.advance(JOB, ACCOUNT, 3, 3_000);
    expect(await dateOf(store)).toBe(3_000);
  });
});
