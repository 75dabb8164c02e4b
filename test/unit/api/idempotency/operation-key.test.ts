import { operationKey } from '#shared/api/idempotency/operation-key.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const key = (callerKey: string | undefined, environment = 'env_1', account = 'ia_1') =>
  operationKey(
    { environmentId: brandId(environment), accountId: brandId(account), callerKey },
    systemRandom,
  );

describe('operationKey', () => {
  it('is the same for the same key of the caller', () => {
    expect(key('k')).toBe(key('k'));
    expect(key('k')).toMatch(UUID);
  });

  it('is another for another key, environment or account', () => {
    const keys = [key('k'), key('l'), key('k', 'env_2'), key('k', 'env_1', 'ia_2')];

    expect(new Set(keys).size).toBe(4);
  });

  it('is by chance where the caller sends none', () => {
    expect(key(undefined)).toMatch(UUID);
    expect(key(undefined)).not.toBe(key(undefined));
  });
});
