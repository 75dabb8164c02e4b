import { createCredential } from '#shared/account/credential.ts';
import { CredentialChangedError, type RefreshIntent } from '#shared/account/credential-vault.ts';
import { credentialKey } from '#shared/aws/keys.ts';
import { EnvelopeTamperedError } from '#shared/encryption/key-ring.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import type { Lease } from '#shared/lease/lease.ts';
import { accountStores, anAccount } from '../../support/builders/accounts.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

let dynamo: TestDynamo;
let vault: ReturnType<typeof accountStores>['vault'];
let account = anAccount();
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
  vault = accountStores(dynamo.table, new VirtualClock()).vault;
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  count += 1;
  account = anAccount({ id: brandId<'ia'>(`ia_${count}`) });
});

const INTENT: RefreshIntent = { tokenHash: 'h', startedAtMs: 1, state: 'calling', retry: false };
const token = (text: string, expiresAtMs?: number) =>
  createCredential({ access_token: text, refresh_token: 'rt' }, expiresAtMs);

/** As the lease store would have written it onto the item. */
async function leaseFor(owner: string, fence: number): Promise<Lease> {
  const set = { leaseOwner: owner, leaseFence: fence, leaseExpiresAtMs: 99, leaseGrant: 'g' };
  await dynamo.table.update(credentialKey(account.id), { set });
  return { key: account.id, owner, fence, expiresAtMs: 99 };
}

describe('the credential vault', () => {
  it('gives back what was put, with its version', async () => {
    expect(await vault.put(account, token('at1', 5_000), 0)).toBe(1);

    const held = await vault.read(account);

    expect(held.version).toBe(1);
    expect(held.credential.expiresAtMs).toBe(5_000);
    expect(held.credential.fields.reveal()).toEqual({ access_token: 'at1', refresh_token: 'rt' });
  });

  it('stores nothing that can be read without the key', async () => {
    await vault.put(account, token('canary-secret'));

    const item = await dynamo.table.get(credentialKey(account.id));

    const bytes = Buffer.from((item!['sealed'] as { ciphertext: Uint8Array }).ciphertext);
    expect(bytes.includes('canary')).toBe(false);
    expect(JSON.stringify(item)).not.toContain('canary');
  });

  it('does not open the credential of one account for another', async () => {
    await vault.put(account, token('at1'));
    const item = await dynamo.table.get(credentialKey(account.id));
    const thief = anAccount({ id: brandId<'ia'>('ia_thief') });
    await dynamo.table.put({ ...item, ...credentialKey(thief.id) } as never);

    await expect(vault.read(thief)).rejects.toThrow(EnvelopeTamperedError);
  });

  it('raises the version with every put, and drops an expiry that no longer is', async () => {
    await vault.put(account, token('at1', 5_000));

    expect(await vault.put(account, token('at2'))).toBe(2);
    expect((await vault.read(account)).credential.expiresAtMs).toBeUndefined();
  });

  it('refuses a put that expects another version', async () => {
    await vault.put(account, token('at1'));

    await expect(vault.put(account, token('x'), 0)).rejects.toThrow(CredentialChangedError);
    await expect(vault.put(account, token('x'), 2)).rejects.toThrow(CredentialChangedError);
    expect(await vault.put(account, token('at2'), 1)).toBe(2);
  });

  it('misses what is not there', async () => {
    await expect(vault.read(account)).rejects.toThrow(NotFoundError);
    expect(await vault.isNewerThan(account.id, 0)).toBe(false);
  });

  it('stores a renewed credential, ends the note and gives the lease back in one write', async () => {
    await vault.put(account, token('at1'));
    const guard = { version: 1, lease: await leaseFor('a', 3) };
    await vault.recordIntent(account.id, guard, INTENT);
    expect((await vault.read(account)).intent).toEqual(INTENT);

    expect(await vault.putRefreshed(account, guard, token('at2', 9_000))).toBe(2);

    const held = await vault.read(account);
    expect(held.intent).toBeUndefined();
    expect(held.credential.fields.reveal()['access_token']).toBe('at2');
    expect(await dynamo.table.get(credentialKey(account.id))).toMatchObject({
      leaseFence: 3,
      leaseExpiresAtMs: 0,
    });
  });

  it.each([
    ['another version', { version: 2 }, {}],
    ['a lower fence', {}, { fence: 2 }],
    ['another owner', {}, { owner: 'b' }],
  ])('refuses every write of a renewal under %s', async (_, guardChange, leaseChange) => {
    await vault.put(account, token('at1'));
    const lease = await leaseFor('a', 3);
    const stale = { version: 1, ...guardChange, lease: { ...lease, ...leaseChange } };

    await expect(vault.recordIntent(account.id, stale, INTENT)).rejects.toThrow(
      CredentialChangedError,
    );
    await expect(vault.clearIntent(account.id, stale)).rejects.toThrow(CredentialChangedError);
    await expect(vault.putRefreshed(account, stale, token('x'))).rejects.toThrow(
      CredentialChangedError,
    );
  });

  it('ends the note of a renewal under way when the user connects again', async () => {
    await vault.put(account, token('at1'));
    const guard = { version: 1, lease: await leaseFor('a', 1) };
    await vault.recordIntent(account.id, guard, INTENT);

    await vault.put(account, token('new'));

    expect((await vault.read(account)).intent).toBeUndefined();
    await expect(vault.putRefreshed(account, guard, token('late'))).rejects.toThrow(
      CredentialChangedError,
    );
  });

  it('does not bring a deleted credential back', async () => {
    await vault.put(account, token('at1'));
    const guard = { version: 1, lease: await leaseFor('a', 1) };
    await dynamo.table.delete(credentialKey(account.id));

    await expect(vault.putRefreshed(account, guard, token('late'))).rejects.toThrow(
      CredentialChangedError,
    );
    expect(await dynamo.table.get(credentialKey(account.id))).toBeUndefined();
  });
});
