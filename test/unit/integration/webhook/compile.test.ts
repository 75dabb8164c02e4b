import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const signed = {
  scheme: 'hmac',
  key: '{{app.webhook_secrets}}',
  signature: { header: 'x-signature', encoding: 'hex' },
};

const aWebhook = (overrides: object = {}) => ({
  webhook: { verify: [signed], events: 'body', ...overrides },
});

function faultsOf(overrides: object): readonly { path: string; message: string }[] {
  try {
    anIntegration(aWebhook(overrides));
    return [];
  } catch (error) {
    if (error instanceof IntegrationInvalidError) return error.faults;
    throw error;
  }
}

it('takes a webhook that signs its body', () => {
  expect(anIntegration(aWebhook()).webhook?.verifiedBy).toEqual(['hmac']);
});

it('refuses a signature over something else than the body it claims to cover', () => {
  expect(faultsOf({ verify: [{ ...signed, payload: '{{header.x-time}}' }] })).toEqual([
    {
      path: 'webhook.verify[0].payload',
      message: 'must hold {{raw}} where the signature covers the body',
    },
  ]);
});

it('refuses a key from anywhere but the app, the hook and the connection', () => {
  const [fault] = faultsOf({ verify: [{ ...signed, key: '{{cred.secret}}' }] });

  expect(fault?.path).toBe('webhook.verify[0].key');
});

it('refuses a signature of several parts that does not say which one counts', () => {
  const signature = { header: 'x-signature', encoding: 'hex', format: 'kv' };

  expect(faultsOf({ verify: [{ ...signed, signature }] })).toEqual([
    {
      path: 'webhook.verify[0].signature.member',
      message: 'must be present where the format is kv',
    },
  ]);
});

it('refuses a route by an input that is not declared', () => {
  const [fault] = faultsOf({ route: { input: 'portal_id', value: 'body.portal' } });

  expect(fault?.path).toBe('webhook.route.input');
});

it('refuses an expression that does not compile, wherever it stands', () => {
  const paths = faultsOf({
    events: 'body.(',
    timestamp: { body: '1 +', unit: 'epoch_s' },
    handshakes: [{ when: '(', respond: ')' }],
  }).map(({ path }) => path);

  expect(paths).toEqual([
    'webhook.timestamp.body',
    'webhook.events',
    'webhook.handshakes[0].when',
    'webhook.handshakes[0].respond',
  ]);
});

it('refuses a time that stands in two places', () => {
  const timestamp = { header: 'x-time', body: 'body.time', unit: 'epoch_s' };

  expect(faultsOf({ timestamp })).toEqual([
    { path: 'webhook.timestamp', message: 'must hold one of header and body' },
  ]);
});
