import { UnprocessableError } from '../../../shared/kernel/errors.ts';
import { createVerifyAccount } from '../../../shared/provider/verify-account.ts';
import { NeedsReauthError, ProviderError } from '../../../shared/wire/provider-errors.ts';
import {
  aCatalogue,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../support/builders/an-integration.ts';

const VERIFY = { verify: { path: '/me', ok: '$exists(body.user.id)' } };

const verify = (answer: Canned, integration: object = VERIFY) =>
  createVerifyAccount({ ...aDeps(aSendHttp(answer)), catalogue: aCatalogue(integration) })(
    anAccount(),
    'req-1',
  );

describe('createVerifyAccount', () => {
  it('is content where the provider knows the account', async () => {
    await expect(verify({ body: { user: { id: 1 } } })).resolves.toBeUndefined();
  });

  it('fails where the answer is not what the integration expects', async () => {
    await expect(verify({ body: { user: {} } })).rejects.toThrow(ProviderError);
  });

  it('asks for a new login where the credential is refused', async () => {
    await expect(verify({ status: 401 })).rejects.toThrow(NeedsReauthError);
  });

  it('says so where the integration cannot verify', async () => {
    await expect(verify({}, {})).rejects.toThrow(UnprocessableError);
  });

  it("asks what is for the account's own alternative", async () => {
    const send = aSendHttp({ body: { user: { id: 1 } } });
    const parts = {
      auth: {
        admin: { kind: 'none' },
        token: { kind: 'token', apply: { headers: { 'x-key': '{{cred.token}}' } } },
      },
      verify: [{ path: '/admin', auth: ['admin'] }, { path: '/me' }],
    };
    await createVerifyAccount({ ...aDeps(send), catalogue: aCatalogue(parts) })(
      anAccount(),
      'req-1',
    );

    expect(send.sent.map(({ url }) => url)).toEqual(['https://api.acme.com/v1/me']);
  });
});
