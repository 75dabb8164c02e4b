import { createCredential } from '#shared/account/credential.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createRevokeGrant } from '#shared/oauth/revoke/revoke-grant.ts';
import { aCatalogue, anAccount } from '../../../support/builders/an-integration.ts';
import {
  aTokenCallDeps,
  aTokenServer,
  type TokenServerAnswer,
} from '../../../support/doubles/token-server.ts';

const REVOKE = {
  url: 'https://api.acme.com/revoke/{{cred.refresh_token}}',
  basic: { username: '{{app.client_id}}', password: '{{app.client_secret}}' },
  body: { token: '{{cred.access_token}}' },
};

async function revoke(
  declared: object | undefined,
  answer: TokenServerAnswer = {},
  parts: object = {},
  refreshToken = 'canary-rt',
) {
  const { send, sent } = aTokenServer(answer);
  const logged: unknown[] = [];
  const deps = aTokenCallDeps(send);
  const auth = {
    kind: 'oauth2_code',
    authorize_url: 'https://api.acme.com/a',
    token_url: 'https://api.acme.com/t',
    ...(declared && { revoke: declared }),
  };
  const outcome = await createRevokeGrant(
    {
      ...deps,
      catalogue: aCatalogue({ auth: { main: auth }, ...parts }),
      clientFor: async () => ({
        value: Transient.of({ id: 'client', secret: 's3cret' }),
        isOwn: false,
      }),
      read: async () => ({
        credential: createCredential({ access_token: 'canary-at', refresh_token: refreshToken }),
        version: 1,
      }),
    },
    (message, detail) => {
      logged.push({ message, ...detail });
    },
  )(anAccount({ auth: 'main', connection: { host: 'evil.example' } }), 'req-1');
  return { outcome, sent, logged, notes: deps.notes };
}

describe('the revocation of a grant', () => {
  it('is sent as the integration declares it', async () => {
    const { outcome, sent } = await revoke(REVOKE);

    expect(outcome).toBe('done');
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: 'https://api.acme.com/revoke/canary-rt',
        // base64 of `client:s3cret`
        headers: { authorization: 'Basic Y2xpZW50OnMzY3JldA==' },
        body: 'token=canary-at',
        timeoutMs: 10_000,
      },
    ]);
  });

  it('encodes what lands in the query of its URL', async () => {
    const { sent } = await revoke(
      { url: 'https://api.acme.com/revoke?token={{cred.refresh_token}}&x=1', method: 'GET' },
      {},
      {},
      'a+b&x=2#/=',
    );

    expect(sent).toMatchObject([
      { url: 'https://api.acme.com/revoke?token=a%2Bb%26x%3D2%23%2F%3D&x=1' },
    ]);
  });

  it('may carry the credential as any call does', async () => {
    const { sent } = await revoke({
      url: 'https://api.acme.com/me',
      method: 'DELETE',
      authenticated: true,
    });

    expect(sent).toMatchObject([
      { method: 'DELETE', headers: { authorization: 'Bearer canary-at' } },
    ]);
  });

  it('is nothing where the integration declares none', async () => {
    expect(await revoke(undefined)).toMatchObject({ outcome: 'not_declared', sent: [] });
  });

  it('may fail, and tells the log how, without a secret', async () => {
    const { outcome, logged, notes } = await revoke(REVOKE, { status: 500, body: 'canary' });

    expect(outcome).toBe('failed');
    expect(logged).toEqual([
      { message: 'the provider did not revoke the grant', account_id: 'ia_1', code: 'status_500' },
    ]);
    expect(notes).toMatchObject([
      { operation: 'revoke', status: 500, url: 'https://api.acme.com/revoke/{refresh_token}' },
    ]);
    expect(JSON.stringify([logged, notes])).not.toContain('canary');
  });

  it('shows the client to no host that the account chose', async () => {
    const { outcome, sent, logged } = await revoke(
      { ...REVOKE, url: 'https://{{conn.host}}/revoke' },
      {},
      { hosts: ['api.acme.com', '{{conn.host}}'], connection: { host: { pattern: '^[a-z.]+$' } } },
    );

    expect({ outcome, sent }).toEqual({ outcome: 'failed', sent: [] });
    expect(logged).toMatchObject([{ code: 'forbidden_address' }]);
  });

  it('is not sent without what the provider never said', async () => {
    const { outcome, sent, logged } = await revoke(
      { ...REVOKE, body: { account: '{{conn.account}}' } },
      {},
      { connection: { account: { pattern: '^[a-z]+$', captured: true, optional: true } } },
    );

    expect({ outcome, sent }).toEqual({ outcome: 'failed', sent: [] });
    expect(logged).toMatchObject([{ code: 'input_not_captured' }]);
  });
});
