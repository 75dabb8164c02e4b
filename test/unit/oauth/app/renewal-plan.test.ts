import { createCredential } from '#shared/account/credential.ts';
import type { RenewalPlan } from '#shared/oauth/app/renewal-plan.ts';
import { createRefreshToken } from '#shared/oauth/token/refresh-token.ts';
import {
  aRenewalPlan,
  findRenewalPlan,
  type PlanParts,
} from '../../../support/builders/renewal-plan.ts';
import { aTokenCallDeps, aTokenServer } from '../../../support/doubles/token-server.ts';

const EXCHANGE = {
  kind: 'token_exchange',
  steps: [{ url: 'https://api.acme.com/login', capture: { t: 'body.t' } }],
  credential: { access_token: '{{step.t}}' },
};

describe('a plan', () => {
  it('has the environment’s client, unless the account brought its own', () => {
    const own = { client_id: 'own', client_secret: 'o' };

    expect(aRenewalPlan().client?.value.reveal()).toEqual({ id: 'client', secret: 's3cret' });
    expect(aRenewalPlan({}, { fields: own }).client).toMatchObject({ isOwn: true });
    expect(aRenewalPlan({}, { fields: own }).client?.value.reveal()).toEqual({
      id: 'own',
      secret: 'o',
    });
  });

  it.each<[string, object, PlanParts]>([
    ['the credential cannot be renewed', { kind: 'none' }, {}],
    ['nobody has a client', {}, { app: null }],
    ['the integration no longer has the alternative', {}, { account: { auth: 'gone' } }],
  ])('is none where %s', (_why, auth, parts) => {
    expect(findRenewalPlan(auth, parts)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['a public client', { client_auth: 'none' }],
    ['an exchange by the account’s own fields', EXCHANGE],
  ])('needs no client for %s', (_what, auth) => {
    expect(findRenewalPlan(auth, { app: null })).toBeDefined();
  });

  it.each<[string, object, readonly string[]]>([
    ['a refresh token', {}, ['refresh_token']],
    ['nothing, for a machine', { kind: 'oauth2_cc' }, []],
    ['nothing, for an exchange that starts anew', EXCHANGE, []],
  ])('may use up %s', (_what, auth, spends) => {
    expect(aRenewalPlan(auth).spends).toEqual(spends);
  });
});

/** A provider whose host the account chooses: the end user's server gets what is sent there. */
const SELF_HOSTED = {
  base_url: '{{conn.base_url}}',
  hosts: ['{{conn.base_url}}', '*.acme.com'],
  connection: { base_url: { pattern: '^https://[a-z.]+$' } },
};
const EVIL = { connection: { base_url: 'https://evil.example' } };
const OWN = { client_id: 'own', client_secret: 'o', refresh_token: 'rt' };

async function renew(plan: RenewalPlan, fields: Record<string, string> = { refresh_token: 'rt' }) {
  const { send, sent } = aTokenServer({ body: { access_token: 'a', t: 't' } });
  const outcome = createRefreshToken(aTokenCallDeps(send))(plan, createCredential(fields), 'r');
  const error = await outcome.then(
    () => undefined,
    (failure: unknown) => failure as Error,
  );
  return { error, sent };
}

describe('the environment’s client', () => {
  const token_url = '{{conn.base_url}}/token';
  const mint = { as: 'jwt', alg: 'HS256', key: '{{app.client_secret}}' };
  const minted = {
    ...EXCHANGE,
    steps: [
      { mint },
      { ...EXCHANGE.steps[0], url: '{{conn.base_url}}/login', body: { jwt: '{{step.jwt}}' } },
    ],
  };

  it.each<[string, object]>([
    ['a token request', { token_url }],
    ['a token request by Basic', { token_url, client_auth: 'basic' }],
    ['a renewal at a URL of its own', { refresh: { url: token_url } }],
    ['a request of a machine', { kind: 'oauth2_cc', token_url }],
    ['a JWT that is signed with it', minted],
  ])('is not shown to a host that the account chose, in %s', async (_what, auth) => {
    const { error, sent } = await renew(
      aRenewalPlan(auth, { integration: SELF_HOSTED, account: EVIL }),
    );

    expect(error).toMatchObject({
      code: 'forbidden_address',
      detail: { reason: 'client_not_allowed_at_host' },
    });
    expect(error?.message).toContain('a client of its own');
    expect(sent).toEqual([]);
  });

  it('is shown where the integration itself names the host, whatever the inputs say', async () => {
    const account = { connection: { base_url: 'https://eu.acme.com' } };
    const { error } = await renew(
      aRenewalPlan({ token_url }, { integration: SELF_HOSTED, account }),
    );

    expect(error).toBeUndefined();
  });

  it('goes to a host that is written in the URL', async () => {
    const auth = { token_url: 'https://login.acme.com/{{conn.base_url}}' };
    const { error } = await renew(aRenewalPlan(auth, { integration: SELF_HOSTED, account: EVIL }));

    expect(error).toBeUndefined();
  });

  it('is no matter where the account brought its own', async () => {
    const plan = aRenewalPlan(
      { token_url },
      { integration: SELF_HOSTED, account: EVIL, fields: OWN },
    );
    const { error, sent } = await renew(plan, OWN);

    expect(error).toBeUndefined();
    expect(sent[0]?.body).toContain('client_id=own');
  });

  it('is out of sight of steps that do not look it up', async () => {
    const steps = [{ ...EXCHANGE.steps[0], url: '{{conn.base_url}}/login', body: { expr: '$' } }];
    const plan = aRenewalPlan({ ...EXCHANGE, steps }, { integration: SELF_HOSTED, account: EVIL });
    const { error, sent } = await renew(plan);

    expect(error).toBeUndefined();
    expect(sent[0]?.body).toContain('refresh_token');
    expect(sent[0]?.body).not.toContain('s3cret');
  });

  it('does not leave the allow-list with a client of the account either', async () => {
    const integration = { ...SELF_HOSTED, hosts: ['*.acme.com'], base_url: 'https://a.acme.com' };
    const { error } = await renew(
      aRenewalPlan({ token_url }, { integration, account: EVIL, fields: OWN }),
      OWN,
    );

    expect(error).toMatchObject({ detail: { reason: 'host_not_allowed' } });
  });
});
