import { createCredential } from '#shared/account/credential.ts';
import { createRefreshToken } from '#shared/oauth/token/refresh-token.ts';
import { RefreshRefusedError, TokenEndpointError } from '#shared/oauth/token/token-response.ts';
import { RateLimitedError } from '#shared/wire/provider-errors.ts';
import { aRenewalPlan } from '../../../support/builders/renewal-plan.ts';
import { aTokenCallDeps, aTokenServer } from '../../../support/doubles/token-server.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

const clock = new VirtualClock();

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function refresh(answer: Answer, plan = aRenewalPlan(), fields = {}) {
  const { send, sent } = aTokenServer(answer);
  const current = createCredential({ refresh_token: 'r+t/=', instance: 'kept', ...fields });
  const outcome = createRefreshToken(aTokenCallDeps(send, { clock }))(plan, current, 'req-1');
  const credential = await outcome.catch((error: unknown) => error as Error);
  return { credential, request: sent[0], form: sent[0]?.body };
}

const GRANTED = '{"access_token":"at2","refresh_token":"rt2","expires_in":3600}';

function fieldsOf(credential: unknown) {
  return (credential as ReturnType<typeof createCredential>).fields.reveal();
}

describe('the request for a token', () => {
  it('is a form with the client in the body', async () => {
    const { request, form } = await refresh({ body: GRANTED });

    expect(request).toMatchObject({
      method: 'POST',
      timeoutMs: 15_000,
      headers: {
        accept: 'application/json',
        'user-agent': 'millrace',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(form).toBe(
      'grant_type=refresh_token&refresh_token=r%2Bt%2F%3D&client_id=client&client_secret=s3cret',
    );
  });

  it('form-encodes both halves of Basic before base64', async () => {
    const app = { id: 'a b', secret: 'a+b/c=:% &secret~x' };

    const { request, form } = await refresh(
      { body: GRANTED },
      aRenewalPlan({ client_auth: 'basic' }, { app }),
    );

    // base64 of `a+b:a%2Bb%2Fc%3D%3A%25+%26secret%7Ex`
    expect(request?.headers['authorization']).toBe(
      'Basic YStiOmElMkJiJTJGYyUzRCUzQSUyNSslMjZzZWNyZXQlN0V4',
    );
    expect(form).toBe('grant_type=refresh_token&refresh_token=r%2Bt%2F%3D');
  });

  it('names the client alone where it is public', async () => {
    const { form, request } = await refresh(
      { body: GRANTED },
      aRenewalPlan({ client_auth: 'none' }),
    );

    expect(form).toBe('grant_type=refresh_token&refresh_token=r%2Bt%2F%3D&client_id=client');
    expect(request?.headers['authorization']).toBeUndefined();
  });

  it('sends no refresh token for client credentials, but what the integration adds', async () => {
    const { form, request } = await refresh(
      { body: GRANTED },
      aRenewalPlan({
        kind: 'oauth2_cc',
        scopes: { default: ['a', 'b'] },
        token_params: { audience: 'api' },
        token_headers: { 'X-Version': '2' },
      }),
    );

    expect(form).toBe(
      'grant_type=client_credentials&scope=a+b&client_id=client&client_secret=s3cret&audience=api',
    );
    expect(request?.headers['x-version']).toBe('2');
  });

  it('never outlasts the time that the lease was made for', async () => {
    const { request } = await refresh({ body: GRANTED });

    expect(request?.timeoutMs).toBe(15_000);
  });

  it('is not sent without a refresh token', async () => {
    const { credential, request } = await refresh({}, aRenewalPlan(), { refresh_token: undefined });

    expect(credential).toMatchObject({ detail: { reason: 'no_refresh_token' } });
    expect(request).toBeUndefined();
  });
});

describe('the answer with a token', () => {
  it('replaces both tokens and keeps the other fields', async () => {
    const { credential } = await refresh({ body: GRANTED });

    expect(fieldsOf(credential)).toEqual({
      access_token: 'at2',
      refresh_token: 'rt2',
      instance: 'kept',
    });
    expect(credential).toMatchObject({ expiresAtMs: clock.now() + 3_600_000 });
  });

  it('keeps the refresh token where the provider does not rotate it', async () => {
    const { credential } = await refresh({ body: '{"access_token":"at2","refresh_token":null}' });

    expect(fieldsOf(credential)).toMatchObject({ access_token: 'at2', refresh_token: 'r+t/=' });
  });

  it.each([
    ['a number in a string', '"7200"', 7_200_000],
    ['a fraction', '1.5', 1_500],
  ])('reads a lifetime given as %s', async (_, text, lifetimeMs) => {
    const { credential } = await refresh({ body: `{"access_token":"a","expires_in":${text}}` });

    expect(credential).toMatchObject({ expiresAtMs: clock.now() + lifetimeMs });
  });

  it.each(['null', '"soon"', '-5', '0', '1e99'])(
    'takes a lifetime of %s for unknown',
    async (text) => {
      const { credential } = await refresh({ body: `{"access_token":"a","expires_in":${text}}` });

      expect(credential).not.toBeInstanceOf(Error);
      expect('expiresAtMs' in (credential as object)).toBe(false);
    },
  );
});

describe('the answer without a token', () => {
  it.each<[string, Answer, string]>([
    ['invalid_grant', { status: 400, body: '{"error":"invalid_grant"}' }, 'invalid_grant'],
    ['invalid_grant under 200', { body: '{"error":"invalid_grant"}' }, 'invalid_grant'],
    ['invalid_client', { status: 400, body: '{"error":"invalid_client"}' }, 'invalid_client'],
    ['401', { status: 401, body: '<html>' }, 'token_endpoint_401'],
    ['403', { status: 403, body: '' }, 'token_endpoint_403'],
  ])('ends the grant at %s', async (_, answer, reason) => {
    const { credential } = await refresh(answer);

    expect(credential).toBeInstanceOf(RefreshRefusedError);
    expect(credential).toMatchObject({ detail: { reason } });
  });

  it.each<[string, Answer]>([
    ['400 with another code', { status: 400, body: '{"error":"temporarily_unavailable"}' }],
    ['400 without a code', { status: 400, body: 'Bad Request' }],
    ['500', { status: 500, body: '{"error":"server_error"}' }],
    ['200 with a page', { body: '<html>' }],
    ['200 with an empty token', { body: '{"access_token":""}' }],
  ])('may be asked again after %s', async (_, answer) => {
    const { credential } = await refresh(answer);

    expect(credential).toBeInstanceOf(TokenEndpointError);
    expect(credential).toMatchObject({ retry: { afterMs: 5_000 } });
  });

  it('says when to come back after 429', async () => {
    const { credential } = await refresh({ status: 429, headers: { 'retry-after': '7' } });

    expect(credential).toBeInstanceOf(RateLimitedError);
    expect(credential).toMatchObject({ resumeAtMs: clock.now() + 7_000 });
  });

  it('is not read beyond 64 KiB', async () => {
    const { credential } = await refresh({ body: `{"access_token":"${'a'.repeat(70_000)}"}` });

    expect(credential).toMatchObject({ name: 'BodyTooLargeError' });
  });

  it.each(['{"error":"invalid_grant","error_description":"canary"}', 'canary'])(
    'never gets into an error: %s',
    async (body) => {
      const { credential } = await refresh({ status: 400, body });

      const { message, stack, detail } = credential as Error & { detail: object };
      expect(`${message}${stack}${JSON.stringify(detail)}`).not.toContain('canary');
    },
  );
});
