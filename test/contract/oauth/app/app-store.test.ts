import { appKey } from '#shared/aws/keys.ts';
import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createAppStore } from '#shared/oauth/app/app-store.ts';
import { aSealer } from '../../../support/builders/api-requests.ts';
import { startDynamo, type TestDynamo } from '../../../support/servers/dynamo.ts';

const ENVIRONMENT = brandId<'env'>('env_1');
const APP = { client: { id: 'id', secret: 's3cret' }, webhookSecrets: ['s3cret-2'] };

describe('createAppStore', () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  const aStore = () =>
    createAppStore({ table: dynamo.table, sealer: aSealer(), clock: { now: () => 0 } });

  it('gives back what was put, the newest where there are several', async () => {
    await aStore().put(ENVIRONMENT, 'acme', Transient.of({ webhookSecrets: [] }));
    await aStore().put(ENVIRONMENT, 'acme', Transient.of(APP));

    expect((await aStore().get(ENVIRONMENT, 'acme'))?.reveal()).toEqual(APP);
  });

  it('has none where none was put', async () => {
    expect(await aStore().get(ENVIRONMENT, 'other')).toBeUndefined();
    expect(await aStore().get(brandId('env_2'), 'acme')).toBeUndefined();
  });

  it('keeps no secret readable', async () => {
    await aStore().put(ENVIRONMENT, 'sealed', Transient.of(APP));

    const item = await dynamo.table.get(appKey(ENVIRONMENT, 'sealed'));

    const bytes = JSON.stringify(item, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(bytes).not.toContain('s3cret');
  });

  it('does not open for another integration', async () => {
    const sealer = aSealer();
    const store = createAppStore({ table: dynamo.table, sealer, clock: { now: () => 0 } });
    await store.put(ENVIRONMENT, 'first', Transient.of(APP));
    const { sealed } = (await dynamo.table.get(appKey(ENVIRONMENT, 'first'))) as never;
    await dynamo.table.put({ ...appKey(ENVIRONMENT, 'second'), sealed });

    await expect(store.get(ENVIRONMENT, 'second')).rejects.toMatchObject({
      code: 'envelope_tampered',
    });
  });
});
