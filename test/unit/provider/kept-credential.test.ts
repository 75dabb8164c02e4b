import { createCredential } from '#shared/account/credential.ts';
import type { CredentialRequest } from '#shared/account/credential-source.ts';
import { KEPT_MS, keepCredentials } from '#shared/provider/kept-credential.ts';
import { anAccount } from '../../support/builders/an-integration.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

/** Hands out version 1, 2, 3…, one more for each time that it is asked. */
function setUp() {
  const clock = new VirtualClock();
  const asked: (CredentialRequest | undefined)[] = [];
  const credentials = keepCredentials(async (_account, request) => {
    asked.push(request);
    return { credential: createCredential({ token: 't' }), version: asked.length };
  }, clock);
  return { clock, asked, credentials };
}

describe('keepCredentials', () => {
  it('reads the credential once for many calls of one piece of work', async () => {
    const { credentials, clock, asked } = setUp();
    const account = anAccount();
    await credentials(account);
    clock.advance(KEPT_MS - 1);

    expect((await credentials(account)).version).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('reads it again after a while', async () => {
    const { credentials, clock } = setUp();
    const account = anAccount();
    await credentials(account);
    clock.advance(KEPT_MS);

    expect((await credentials(account)).version).toBe(2);
  });

  it('reads it for every other piece of work, of the same account too', async () => {
    const { credentials } = setUp();
    await credentials(anAccount());

    expect((await credentials(anAccount())).version).toBe(2);
  });

  it('asks for another one when it is refused, and keeps that', async () => {
    const { credentials, asked } = setUp();
    const account = anAccount();
    await credentials(account);
    await credentials(account, { refusedVersion: 1 });

    expect((await credentials(account)).version).toBe(2);
    expect(asked).toEqual([undefined, { refusedVersion: 1 }]);
  });

  it('keeps none that was refused where there is no other', async () => {
    const clock = new VirtualClock();
    let reads = 0;
    const credentials = keepCredentials(async (_account, request) => {
      if (request) throw new Error('no other');
      reads += 1;
      return { credential: createCredential({ token: 't' }), version: 1 };
    }, clock);
    const account = anAccount();
    await credentials(account);
    await expect(credentials(account, { refusedVersion: 1 })).rejects.toThrow('no other');
    await credentials(account);

    expect(reads).toBe(2);
  });
});
