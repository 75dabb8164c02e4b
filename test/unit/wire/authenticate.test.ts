import { Readable } from 'node:stream';
import { createCredential } from '#shared/account/credential.ts';
import { MissingInputError } from '#shared/integration/template/template.ts';
import { UnprocessableError } from '#shared/kernel/errors.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { authenticate } from '#shared/wire/authenticate.ts';
import { NeedsReauthError } from '#shared/wire/provider-errors.ts';
import type { Outgoing } from '#shared/wire/sign/outgoing.ts';
import { anAccount, anIntegration } from '../../support/builders/an-integration.ts';
import { seededRandom } from '../../support/doubles/seeded-random.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const NOW_MS = Date.parse('2015-08-30T12:36:00Z');

function send(auth: object, request: Partial<Outgoing> = {}, fields: object = { token: 's3cret' }) {
  const integration = anIntegration({
    auth: { main: auth },
    connection: { region: { pattern: '^[a-z0-9-]+$', optional: true } },
  });
  return authenticate(
    { method: 'POST', url: new URL('https://api.acme.com/v1/x?a=1'), headers: {}, ...request },
    integration.auth['main']!,
    createCredential(fields as Record<string, string>),
    anAccount({ auth: 'main' }),
    { nowMs: NOW_MS, random: seededRandom() },
  );
}

const bodyOf = ({ body }: Outgoing) => String(body?.reveal());
const text = (value: string) => Transient.of(value);

describe('a token', () => {
  it('goes into headers and query together', async () => {
    const apply = { headers: { 'X-Key': '{{cred.token}}' }, query: { key: '{{cred.token}}' } };
    const { url, headers } = await send({ kind: 'token', apply });

    expect(headers).toEqual({ 'x-key': 's3cret' });
    expect(url.href).toBe('https://api.acme.com/v1/x?a=1&key=s3cret');
  });

  it('joins the cookies of the request', async () => {
    const apply = { cookies: { sid: '{{cred.token}}', v: '2' } };
    const { headers } = await send({ kind: 'token', apply }, { headers: { cookie: 'a=b' } });

    expect(headers['cookie']).toBe('a=b; sid=s3cret; v=2');
  });

  it('is asked for again where it is missing', async () => {
    const apply = { headers: { 'X-Key': '{{cred.token}}' } };

    await expect(send({ kind: 'token', apply }, {}, {})).rejects.toThrow(NeedsReauthError);
  });

  it('is no matter where an input of the connection is missing', async () => {
    const apply = { headers: { 'X-Key': '{{cred.token}}', 'X-Region': '{{conn.region}}' } };

    await expect(send({ kind: 'token', apply })).rejects.toThrow(MissingInputError);
  });

  it('cannot end its header', async () => {
    const apply = { headers: { 'X-Key': '{{cred.token}}' } };
    const fields = { token: 'a\r\nx-evil: 1' };

    await expect(send({ kind: 'token', apply }, {}, fields)).rejects.toThrow(NeedsReauthError);
  });
});

describe('a token in the body', () => {
  const auth = { kind: 'token', apply: { body: { 'auth.key': '{{cred.token}}' } } };

  it('becomes a member of the JSON, whose numbers keep their digits', async () => {
    const body = text('{"id":9007199254740993,"auth":{"v":1.10}}');
    const sent = await send(auth, { headers: { ...JSON_TYPE, 'content-length': '40' }, body });

    expect(bodyOf(sent)).toBe('{"id":9007199254740993,"auth":{"v":1.10,"key":"s3cret"}}');
    expect(sent.headers).toEqual(JSON_TYPE);
  });

  it('becomes a parameter of the form', async () => {
    const sent = await send(auth, { headers: FORM, body: text('a=1&auth.key=old') });

    expect(bodyOf(sent)).toBe('a=1&auth.key=s3cret');
  });

  it('makes the body where there is none', async () => {
    const sent = await send(auth);

    expect(bodyOf(sent)).toBe('{"auth":{"key":"s3cret"}}');
    expect(sent.headers).toEqual(JSON_TYPE);
  });

  it('stays away from what is read', async () => {
    expect(await send(auth, { method: 'GET' })).not.toHaveProperty('body');
  });

  it.each<[string, Partial<Outgoing>]>([
    ['a stream', { headers: JSON_TYPE, body: Transient.of(Readable.from(['{}'])) }],
    ['a list', { headers: JSON_TYPE, body: text('[1]') }],
    ['broken JSON', { headers: JSON_TYPE, body: text('{') }],
    ['another type', { headers: { 'content-type': 'text/plain' }, body: text('a=1') }],
  ])('is refused in %s', async (_what, request) => {
    await expect(send(auth, request)).rejects.toThrow(UnprocessableError);
  });
});

describe('a method with its own way', () => {
  const own = { headers: { 'X-Own': '{{cred.token}}' } };
  const applyOf = () =>
    anIntegration({
      resources: { things: { list: { path: '/', apply: own, records: 'body' } } },
    }).resources['things']!.methods['list']!.apply!;

  it('puts the credential there and nowhere else', async () => {
    const basic = { kind: 'basic', username: '{{cred.token}}', password: 'x' };
    const { headers } = await send(basic, { apply: applyOf() } as object);

    expect(headers).toEqual({ 'x-own': 's3cret' });
  });
});

describe('Basic', () => {
  it('joins UTF-8 halves by a colon, either of which may be empty', async () => {
    const auth = { kind: 'basic', username: '{{cred.token}}', password: '' };

    // base64 of `pässwort:`
    expect((await send(auth, {}, { token: 'pässwort' })).headers).toEqual({
      authorization: 'Basic cMOkc3N3b3J0Og==',
    });
  });
});

describe('a signer', () => {
  it('signs the form that is sent, with the time and a nonce that are passed in', async () => {
    const auth = {
      kind: 'oauth1',
      consumer_key: '{{cred.ck}}',
      consumer_secret: '{{cred.cs}}',
      token: '{{cred.tk}}',
      token_secret: '{{cred.ts}}',
      signature_method: 'PLAINTEXT',
      realm: '{{cred.account}}',
    };
    const fields = { ck: 'c k', cs: 'c&s', tk: 't', ts: 's', account: '1_SB1' };
    const { headers } = await send(auth, { headers: FORM, body: text('a=1') }, fields);

    expect(headers['authorization']).toMatch(
      /^OAuth realm="1_SB1", oauth_consumer_key="c%20k", oauth_token="t", oauth_signature_method="PLAINTEXT", oauth_timestamp="1440938160", oauth_nonce="[0-9a-f]{32}", oauth_version="1.0", oauth_signature="c%2526s%26s"$/,
    );
  });

  it('signs by SigV4 what streams as a body that is not signed', async () => {
    const auth = {
      kind: 'sigv4',
      service: 's3',
      region: 'eu-central-1',
      access_key_id: '{{cred.id}}',
      secret_access_key: '{{cred.secret}}',
    };
    const body = Transient.of(Readable.from(['x']));
    const { headers } = await send(auth, { body }, { id: 'AKID', secret: 'k' });

    expect(headers).toMatchObject({
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      authorization: expect.stringContaining('AKID/20150830/eu-central-1/s3/aws4_request'),
    });
  });

  it('uses no nonce twice', async () => {
    const random = seededRandom();
    const auth = anIntegration({ auth: { main: { kind: 'wsse', username: 'u', secret: 's' } } });
    const request = { method: 'GET', url: new URL('https://api.acme.com/'), headers: {} };
    const nonces = new Set<string | undefined>();
    for (let count = 0; count < 3; count += 1) {
      const instant = { nowMs: NOW_MS, random };
      const account = anAccount({ auth: 'main' });
      const sent = await authenticate(request, auth.auth['main']!, undefined, account, instant);
      nonces.add(/Nonce="(\w+)"/.exec(sent.headers['x-wsse'] ?? '')?.[1]);
    }

    expect(nonces.size).toBe(3);
  });
});
