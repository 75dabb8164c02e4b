import type { AccountStore } from '#shared/account/account-store.ts';
import { createCredential } from '#shared/account/credential.ts';
import type { CredentialVault } from '#shared/account/credential-vault.ts';
import { credentialKey } from '#shared/aws/keys.ts';
import { ProviderTimeoutError } from '#shared/http/network-errors.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { createDynamoLeaseStore } from '#shared/lease/dynamo-lease-store.ts';
import {
  type CredentialSourceDeps,
  createCredentialSource,
} from '#shared/oauth/renewal/fresh-credential.ts';
import { IncompleteRenewalError } from '#shared/oauth/token/incomplete-renewal.ts';
import type { RefreshToken } from '#shared/oauth/token/refresh-token.ts';
import { RefreshRefusedError, TokenEndpointError } from '#shared/oauth/token/token-response.ts';
import { NeedsReauthError } from '#shared/wire/provider-errors.ts';
import { accountStores, anAccount } from '../../../support/builders/accounts.ts';
import { aRenewalPlan } from '../../../support/builders/renewal-plan.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../../support/servers/dynamo.ts';

const PLAN = aRenewalPlan();
const HOUR_MS = 3_600_000;

let dynamo: TestDynamo;
let clock: VirtualClock;
let accounts: AccountStore;
let vault: CredentialVault;
let account = anAccount();
let calls = 0;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(async () => {
  clock = new VirtualClock();
  ({ accounts, vault } = accountStores(dynamo.table, clock));
  count += 1;
  calls = 0;
  account = await accounts.create(anAccount({ id: brandId<'ia'>(`ia_${count}`) }));
});

const tokens = (n: number, lifeMs = HOUR_MS) =>
  createCredential({ access_token: `at${n}`, refresh_token: `rt${n}` }, clock.now() + lifeMs);
const renews: RefreshToken = async () => tokens(2);
const refuses: RefreshToken = async () => {
  throw new RefreshRefusedError('refused', { reason: 'invalid_grant' });
};

function source(refresh: RefreshToken = renews, changes: Partial<CredentialSourceDeps> = {}) {
  return createCredentialSource({
    table: dynamo.table,
    accounts,
    vault,
    // Who sleeps moves the time: there is one caller at a time here.
    clock: { now: () => clock.now(), sleep: async (ms) => clock.advance(ms) },
    random: systemRandom,
    planOf: async () => PLAN,
    refresh: (...asked) => {
      calls += 1;
      return refresh(...asked);
    },
    ...changes,
  });
}

async function stored() {
  const held = await vault.read(account);
  return { version: held.version, ...held.credential.fields.reveal(), intent: held.intent };
}
const current = () => accounts.get(account.environmentId, account.id);

describe('a credential that is good', () => {
  it('is given out without a call while it lasts longer than 30 seconds', async () => {
    await vault.put(account, tokens(1, 30_001));

    const held = await source()(account);

    expect(held.credential.fields.reveal()['access_token']).toBe('at1');
    expect(calls).toBe(0);
  });

  it('is given out without a call where it knows no end', async () => {
    await vault.put(account, createCredential({ token: 'api-key' }));

    await source(renews, { planOf: async () => undefined })(account);

    expect(calls).toBe(0);
  });

  it('is given out where the refused one was older', async () => {
    await vault.put(account, tokens(1));
    await vault.put(account, tokens(2));

    expect((await source()(account, { refusedVersion: 1 })).version).toBe(2);
    expect(calls).toBe(0);
  });
});

describe('a renewal', () => {
  it('happens at 30 seconds before the end, and is stored', async () => {
    await vault.put(account, tokens(1, 30_000));

    const held = await source()(account);

    expect(held.version).toBe(2);
    expect(await stored()).toEqual({
      version: 2,
      access_token: 'at2',
      refresh_token: 'rt2',
      intent: undefined,
    });
    expect((await current()).expiresAtMs).toBe(clock.now() + HOUR_MS);
  });

  it('happens for an OAuth client that has no access token yet', async () => {
    await vault.put(account, createCredential({ client_id: 'a', client_secret: 'b' }));
    const planOf = async () => aRenewalPlan({ kind: 'oauth2_cc' });

    const held = await source(renews, { planOf })(account);

    expect(held.credential.fields.reveal()['access_token']).toBe('at2');
  });

  it('notes what it is about to do before the call', async () => {
    await vault.put(account, tokens(1, 0));
    let noted: unknown;

    await source(async () => {
      noted = (await stored()).intent;
      return tokens(2);
    })(account);

    expect(noted).toMatchObject({ state: 'calling', retry: false, startedAtMs: clock.now() });
  });

  it('gives nothing out that could not be stored', async () => {
    await vault.put(account, tokens(1, 0));
    const broken: CredentialVault = {
      ...vault,
      putRefreshed: () => Promise.reject(new Error('table is away')),
    };

    const outcome = source(renews, { vault: broken })(account);

    await expect(outcome).rejects.toThrow('table is away');
    expect(await stored()).toMatchObject({ access_token: 'at1', version: 1 });
  });

  it('uses what the user stored meanwhile instead of its own', async () => {
    await vault.put(account, tokens(1, 0));

    const held = await source(async () => {
      await vault.put(account, tokens(7));
      return tokens(2);
    })(account);

    expect(held.version).toBe(2);
    expect(await stored()).toMatchObject({ access_token: 'at7', version: 2 });
  });

  it('stores the newest token also when it slept past its lease', async () => {
    await vault.put(account, tokens(1, 0));

    const held = await source(async () => {
      clock.advance(60_000);
      await takeLease('successor');
      return tokens(2);
    })(account);

    expect(held.version).toBe(2);
    expect(await stored()).toMatchObject({ access_token: 'at2', version: 2 });
  });

  it('brings nothing back when the account was deleted meanwhile', async () => {
    await vault.put(account, tokens(1, 0));

    const outcome = source(async () => {
      await accounts.delete(account.environmentId, account.id);
      return tokens(2);
    })(account);

    await expect(outcome).rejects.toThrow(NotFoundError);
    expect(await dynamo.table.get(credentialKey(account.id))).toBeUndefined();
  });
});

describe('a renewal whose tokens came and whose rest failed', () => {
  const incomplete = (cause: Error) => async () => {
    throw new IncompleteRenewalError(createCredential({ access_token: 'at2' }, clock.now()), {
      cause,
    });
  };

  it('keeps the tokens, tells the failure, and is tried again at the next use', async () => {
    await vault.put(account, tokens(1, 0));
    const cause = new TokenEndpointError('the swap failed', {}, { retry: 'never' });

    await expect(source(incomplete(cause))(account)).rejects.toBe(cause);
    expect(await stored()).toMatchObject({ access_token: 'at2', version: 2, intent: undefined });

    await source()(account);
    expect(calls).toBe(2);
  });

  it('asks for the user where only they can help', async () => {
    await vault.put(account, tokens(1, 0));
    const cause = new RefreshRefusedError('refused', { reason: 'signing_key_invalid' });

    await expect(source(incomplete(cause))(account)).rejects.toThrow(NeedsReauthError);
    expect(await current()).toMatchObject({
      status: 'needs_reauth',
      statusReason: 'signing_key_invalid',
    });
  });
});

describe('a refusal', () => {
  it('asks for the user, says why, and announces it once', async () => {
    await vault.put(account, tokens(1, 0));
    const announced: string[] = [];
    const announce = async ({ id, status }: typeof account) => {
      announced.push(`${id} ${status}`);
    };
    const ask = source(refuses, { announce });

    await expect(ask(account)).rejects.toThrow(NeedsReauthError);
    await expect(ask(account)).rejects.toThrow(NeedsReauthError);
    await expect(ask(await current())).rejects.toThrow(NeedsReauthError);

    expect(calls).toBe(1);
    expect(await current()).toMatchObject({
      status: 'needs_reauth',
      statusReason: 'invalid_grant',
    });
    expect(announced).toEqual([`${account.id} needs_reauth`]);
  });

  it('means nothing where a newer credential is stored', async () => {
    await vault.put(account, tokens(1, 0));

    const held = await source(async (...args) => {
      await vault.put(account, tokens(7));
      return refuses(...args);
    })(account);

    expect(held.credential.fields.reveal()['access_token']).toBe('at7');
    expect((await current()).status).toBe('active');
  });

  it('of a credential that cannot be renewed asks for the user without a call', async () => {
    await vault.put(account, createCredential({ token: 'api-key' }));
    const ask = source(renews, { planOf: async () => undefined });

    await expect(ask(account, { refusedVersion: 1 })).rejects.toThrow(NeedsReauthError);

    expect(calls).toBe(0);
    expect((await current()).statusReason).toBe('credential_refused');
  });
});

describe('a failure that is nobody’s fault', () => {
  it.each([
    [
      'a clear answer leaves no trace',
      new TokenEndpointError('x', { status: 400 }, { retry: 'never' }),
      undefined,
    ],
    [
      'a server error leaves a doubt',
      new TokenEndpointError('x', { status: 502 }, { retry: 'never' }),
      'unanswered',
    ],
    [
      'a time-out leaves a doubt',
      new ProviderTimeoutError('x', {}, { retry: 'never' }),
      'unanswered',
    ],
  ])('never changes the account: %s', async (_, failure, state) => {
    await vault.put(account, tokens(1, 0));

    await expect(source(() => Promise.reject(failure))(account)).rejects.toBe(failure);

    expect((await current()).status).toBe('active');
    expect((await stored()).intent?.state).toBe(state);
    expect((await source()(account)).version).toBe(2);
  });

  it('is told from a lost rotation only by a later refusal', async () => {
    await vault.put(account, tokens(1, 0));
    const timeout = new ProviderTimeoutError('x', {}, { retry: 'never' });
    await expect(source(() => Promise.reject(timeout))(account)).rejects.toBe(timeout);

    await expect(source(refuses)(account)).rejects.toThrow(NeedsReauthError);

    expect((await current()).statusReason).toBe('lost_rotation');
  });

  it('is another’s lease: the caller waits 12 seconds and may come again', async () => {
    await vault.put(account, tokens(1, 0));
    await takeLease('another');
    const startedAtMs = clock.now();

    const error = await source()(account).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: 'refresh_in_progress', status: 503 });
    expect(clock.now() - startedAtMs).toBeGreaterThanOrEqual(12_000);
    expect(clock.now() - startedAtMs).toBeLessThan(12_600);
    expect((await current()).status).toBe('active');
    expect(calls).toBe(0);
  });
});

describe('an attempt that crashed', () => {
  it('is repeated exactly once, and then given up without a call', async () => {
    await vault.put(account, tokens(1, 0));
    const crashes: RefreshToken = () => new Promise(() => undefined);
    for (let crash = 0; crash < 2; crash += 1) {
      source(crashes)(account).catch(() => undefined);
      await until(() => calls === crash + 1);
      clock.advance(60_000);
    }

    await expect(source()(account)).rejects.toThrow(NeedsReauthError);

    expect(calls).toBe(2);
    expect((await current()).statusReason).toBe('lost_rotation');
  });
});

function takeLease(owner: string) {
  const place = { itemOf: () => credentialKey(account.id), itemMustExist: true };
  const leases = createDynamoLeaseStore({
    table: dynamo.table,
    clock,
    random: systemRandom,
    place,
  });
  return leases.acquire({ key: account.id, owner, ttlMs: 45_000 });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
