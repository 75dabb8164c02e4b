import { Transient } from '#shared/kernel/transient.ts';
import {
  type CodeExchange,
  createExchangeCode,
} from '#shared/oauth/authorization/exchange-code.ts';
import { anAccount, anIntegration } from '../../../support/builders/an-integration.ts';
import {
  aTokenCallDeps,
  aTokenServer,
  type TokenServerAnswer,
} from '../../../support/doubles/token-server.ts';

const CODE = {
  kind: 'oauth2_code',
  authorize_url: 'https://api.acme.com/authorize',
  token_url: 'https://api.acme.com/token',
};
const CAPTURING = {
  hosts: ['*.acme.com', 'api.acme.com'],
  connection: {
    server: { captured: true, pattern: '^[a-z0-9.]+$' },
    org: { captured: true, pattern: '^[0-9]+$' },
  },
};
const GRANTED = { body: { access_token: 'at', refresh_token: 'rt', expires_in: 60, org: 7 } };

async function exchange(
  callback: string,
  auth: object = {},
  parts: object = {},
  changes: Partial<CodeExchange> = {},
  answer: TokenServerAnswer = GRANTED,
) {
  const { send, sent } = aTokenServer(answer);
  const deps = aTokenCallDeps(send);
  const outcome = createExchangeCode(deps)({
    requestId: 'req-1',
    integration: anIntegration({ auth: { main: { ...CODE, ...auth } }, ...parts }),
    account: anAccount({ auth: 'main', connection: {} }),
    client: { value: Transient.of({ id: 'client', secret: 's3cret' }), isOwn: false },
    callback: new URLSearchParams(callback),
    redirectUri: 'https://ours.example/callback',
    verifier: 'v3rifier',
    ...changes,
  });
  const result = await outcome.then(
    (exchanged) => ({ exchanged, error: undefined }),
    (error: unknown) => ({ exchanged: undefined, error: error as Error }),
  );
  return { ...result, sent, deps };
}

describe('the exchange of a code', () => {
  it('sends code, redirect URI and verifier, and yields the credential', async () => {
    const { exchanged, sent, deps } = await exchange('code=c0de&state=s');

    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'c0de',
      redirect_uri: 'https://ours.example/callback',
      code_verifier: 'v3rifier',
      client_id: 'client',
      client_secret: 's3cret',
    });
    expect(exchanged?.credential.fields.reveal()).toEqual({
      access_token: 'at',
      refresh_token: 'rt',
    });
    expect(exchanged?.credential.expiresAtMs).toBe(deps.clock.now() + 60_000);
  });

  it('finds the code under another name, and omits what the server does not want', async () => {
    const auth = { callback: { code: 'spapi_code' }, pkce: false, token_omit: ['redirect_uri'] };
    const { sent } = await exchange('spapi_code=c0de', auth);
    const form = new URLSearchParams(sent[0]?.body);

    expect(form.get('code')).toBe('c0de');
    expect([form.has('code_verifier'), form.has('redirect_uri')]).toEqual([false, false]);
  });

  it('captures from the callback what the token URL takes, and more from the answer', async () => {
    const auth = {
      callback: { capture: { server: 'accounts-server' } },
      token_url: 'https://{{conn.server}}/token',
      capture: { org: 'body.org' },
    };
    const { exchanged, sent } = await exchange(
      'code=c&accounts-server=eu.acme.com',
      auth,
      CAPTURING,
    );

    expect(sent[0]?.url).toBe('https://eu.acme.com/token');
    expect(exchanged?.connection).toEqual({ server: 'eu.acme.com', org: '7' });
  });

  it('sends the client to no host of the callback’s own choice', async () => {
    const auth = {
      callback: { capture: { server: 'accounts-server' } },
      token_url: 'https://{{conn.server}}/token',
    };
    const parts = { ...CAPTURING, hosts: [...CAPTURING.hosts, '{{conn.server}}'] };
    const { error, sent } = await exchange('code=c&accounts-server=evil.example', auth, parts);

    expect(error).toMatchObject({ detail: { reason: 'client_not_allowed_at_host' } });
    expect(sent).toEqual([]);
  });

  it('refuses a captured value that does not match, and does not repeat it', async () => {
    const auth = { callback: { capture: { org: 'realm' } } };
    const { error, sent } = await exchange('code=c&realm=canary', auth, CAPTURING);

    expect(error).toMatchObject({ code: 'invalid_request', faults: [{ path: 'connection.org' }] });
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(sent).toEqual([]);
  });

  it('says that access was not granted', async () => {
    const { error } = await exchange('error=access_denied&error_description=canary');

    expect(error).toMatchObject({
      code: 'authorization_refused',
      detail: { reason: 'access_denied' },
    });
  });

  it('needs a code', async () => {
    expect((await exchange('state=s')).error).toMatchObject({ faults: [{ path: 'code' }] });
  });

  it('says that the code was refused', async () => {
    const refused = { status: 400, body: { error: 'invalid_grant' } };
    const { error } = await exchange('code=c', {}, {}, {}, refused);

    expect(error).toMatchObject({ detail: { reason: 'invalid_grant' } });
  });
});
