import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const DERIVED = {
  connection: {
    site: { pattern: '^[a-z0-9.-]+$' },
    region: { pattern: '^(eu|us)$', derive: "$split(conn.site, '.')[1]" },
  },
  base_url: 'https://{{conn.region}}.acme.com',
  hosts: ['*.acme.com'],
};
const CAPTURED = {
  ...DERIVED,
  connection: {
    ...DERIVED.connection,
    site: { pattern: '^[a-z0-9.-]+$', captured: true },
  },
  after_connect: [
    { path: '/me', base_url: 'https://api.acme.com', capture: { site: 'body.site' } },
  ],
};
const MESSAGE = { path: 'connection.region', message: 'cannot be made of the other inputs' };

it('an input follows from the others', () => {
  expect(anIntegration(DERIVED).validateConnection({ site: 'mill.eu.acme' }, 'token')).toEqual({
    connection: { site: 'mill.eu.acme', region: 'eu' },
    faults: [],
  });
});

it.each([
  ['what does not match its pattern', 'mill.mars.acme'],
  ['nothing', 'mill'],
])('a derived input refuses %s', (_what, site) => {
  const { faults } = anIntegration(DERIVED).validateConnection({ site }, 'token');

  expect(faults).toEqual([MESSAGE]);
});

it('a derived input is never given', () => {
  const given = { site: 'mill.eu.acme', region: 'us' };

  expect(anIntegration(DERIVED).validateConnection(given, 'token').faults).toEqual([
    { path: 'connection.region', message: 'follows from the others: it is not given' },
  ]);
});

it('a derived input waits for what the provider tells', () => {
  const integration = anIntegration(CAPTURED);
  const { connection, faults } = integration.validateConnection({}, 'token');
  const told = integration.withCaptured({ auth: 'token', connection }, { site: 'mill.us.acme' });

  expect([connection, faults]).toEqual([{}, []]);
  expect(told).toEqual({ connection: { site: 'mill.us.acme', region: 'us' }, faults: [] });
});

it('a derived input that follows no more goes away', () => {
  const { site, region } = CAPTURED.connection;
  const integration = anIntegration({
    ...CAPTURED,
    base_url: 'https://api.acme.com',
    connection: { site, region: { ...region, optional: true } },
  });
  const stored = { auth: 'token', connection: { site: 'mill.eu.acme', region: 'eu' } };

  expect(integration.withCaptured(stored, { site: 'mill' })).toEqual({
    connection: { site: 'mill' },
    faults: [],
  });
});

it('loading refuses a broken expression', () => {
  const connection = { region: { pattern: '^eu$', derive: '$split(' } };

  expect(() => anIntegration({ connection })).toThrow(IntegrationInvalidError);
});
