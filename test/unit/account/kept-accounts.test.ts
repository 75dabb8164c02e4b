import { KEPT_MS, keepAccounts } from '#shared/account/kept-accounts.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { anAccount } from '../../support/builders/an-integration.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const ENVIRONMENT = brandId<'env'>('env_1');
const ID = brandId<'ia'>('ia_1');

function aStore() {
  const clock = new VirtualClock();
  let reads = 0;
  let isGone = false;
  const accounts = keepAccounts(
    {
      get: async (environmentId) => {
        reads += 1;
        if (isGone || environmentId !== ENVIRONMENT) throw new NotFoundError('none');
        return anAccount();
      },
    },
    clock,
  );
  return {
    accounts,
    clock,
    reads: () => reads,
    remove: () => {
      isGone = true;
    },
  };
}

describe('keepAccounts', () => {
  it('reads an account once in five seconds, and hands out the same object', async () => {
    const { accounts, clock, reads } = aStore();
    const first = await accounts.get(ENVIRONMENT, ID);
    clock.advance(KEPT_MS - 1);

    expect(await accounts.get(ENVIRONMENT, ID)).toBe(first);
    expect(reads()).toBe(1);
  });

  it('finds out after five seconds that an account is gone', async () => {
    const { accounts, clock, remove } = aStore();
    await accounts.get(ENVIRONMENT, ID);
    remove();
    clock.advance(KEPT_MS);

    await expect(accounts.get(ENVIRONMENT, ID)).rejects.toThrow(NotFoundError);
  });

  it('keeps an account from another environment', async () => {
    const { accounts } = aStore();
    await accounts.get(ENVIRONMENT, ID);

    await expect(accounts.get(brandId<'env'>('env_2'), ID)).rejects.toThrow(NotFoundError);
  });

  it('does not remember that there was none', async () => {
    const { accounts, reads } = aStore();
    await accounts.get(brandId<'env'>('env_2'), ID).catch(() => undefined);
    await accounts.get(ENVIRONMENT, ID);

    expect(reads()).toBe(2);
  });
});
