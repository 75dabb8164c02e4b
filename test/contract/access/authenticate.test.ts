import { createApiKeyStore } from '#shared/access/api-key-store.ts';
import { createAuthenticate } from '#shared/access/authenticate.ts';
import { bootstrapEnvironment } from '#shared/access/bootstrap-environment.ts';
import { createEnvironmentStore } from '#shared/access/environment.ts';
import { ConflictError, NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

const clock = new VirtualClock();
let dynamo: TestDynamo;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const deps = () => ({ table: dynamo.table, clock, random: systemRandom });
function freshEnvironment() {
  count += 1;
  return brandId<'env'>(`env_${count}`);
}

describe('the first environment', () => {
  it('comes with a key that may do everything but break glass', async () => {
    const { environment, adminKey } = await bootstrapEnvironment(deps(), { name: 'production' });
    const authenticate = createAuthenticate({ apiKeys: createApiKeyStore(deps()), clock });

    expect(await createEnvironmentStore(deps()).get(environment.id)).toEqual({
      id: environment.id,
      name: 'production',
      createdAtMs: clock.now(),
    });
    expect(await authenticate(adminKey)).toMatchObject({
      environmentId: environment.id,
      scopes: ['read', 'write', 'proxy', 'sync', 'admin', 'audit'],
    });
  });

  it('is not made twice', async () => {
    const request = { name: 'sandbox', environmentId: freshEnvironment() };
    await bootstrapEnvironment(deps(), request);

    await expect(bootstrapEnvironment(deps(), request)).rejects.toThrow(ConflictError);
  });

  it('is missed by its name where it does not exist', async () => {
    await expect(createEnvironmentStore(deps()).get(freshEnvironment())).rejects.toThrow(
      NotFoundError,
    );
  });
});

describe('API keys', () => {
  it('are listed without anything that proves them', async () => {
    const store = createApiKeyStore(deps());
    const environmentId = freshEnvironment();
    const { apiKey } = await store.create(environmentId, { scopes: ['read'], name: 'ci' });

    const { items, next } = await store.list(environmentId, { limit: 10 });

    expect(items).toEqual([apiKey]);
    expect(Object.keys(items[0]!).sort()).toEqual([
      'createdAtMs',
      'environmentId',
      'id',
      'name',
      'scopes',
    ]);
    expect(next).toBeUndefined();
  });

  it('are stored without their secret', async () => {
    const store = createApiKeyStore(deps());
    const { apiKey, key } = await store.create(freshEnvironment(), { scopes: ['read'] });

    const item = await dynamo.table.get({ pk: `KEY#${apiKey.id}`, sk: 'META' });

    expect(JSON.stringify(item)).not.toContain(key.slice(-43));
  });

  it('end when deleted, and only in their own environment', async () => {
    const store = createApiKeyStore(deps());
    const environmentId = freshEnvironment();
    const { apiKey } = await store.create(environmentId, { scopes: ['read'] });

    await expect(store.delete(freshEnvironment(), apiKey.id)).rejects.toThrow(NotFoundError);
    expect(await store.find(apiKey.id)).toBeDefined();
    await store.delete(environmentId, apiKey.id);

    expect(await store.find(apiKey.id)).toBeUndefined();
    await expect(store.delete(environmentId, apiKey.id)).rejects.toThrow(NotFoundError);
  });
});
