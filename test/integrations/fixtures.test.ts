/**
 * Replays every integration's fixtures: what the engine asks of the provider, and what it makes of
 * the answers. A fixture is data, `integrations/<provider>/fixtures/<name>.yaml`, and synthetic.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { SendHttp } from '../../shared/http/http-message.ts';
import { loadCatalogue } from '../../shared/integration/catalogue.ts';
import { readCatalogueFolder } from '../../shared/integration/read-catalogue.ts';
import { parseYaml } from '../../shared/integration/yaml-source.ts';
import { Transient } from '../../shared/kernel/transient.ts';
import { createFetchPage } from '../../shared/unified/page-source.ts';
import { aCredentialSource, aDeps, anAccount } from '../support/an-integration.ts';

const fixtureSchema = z.strictObject({
  resource: z.string(),
  method: z.string(),
  auth: z.string(),
  connection: z.record(z.string(), z.string()).default({}),
  credential: z.record(z.string(), z.string()).default({}),
  query: z.record(z.string(), z.json()).default({}),
  exchanges: z.array(
    z.strictObject({
      request: z.strictObject({
        method: z.string().default('GET'),
        url: z.string(),
        headers: z.record(z.string(), z.string()).default({}),
        body: z.json().optional(),
      }),
      answer: z.strictObject({
        status: z.int().default(200),
        headers: z.record(z.string(), z.string()).default({}),
        body: z.json().optional(),
      }),
    }),
  ),
  expect: z.union([
    z.strictObject({ records: z.array(z.json()) }),
    z.strictObject({ error: z.record(z.string(), z.json()) }),
  ]),
});
type Fixture = z.output<typeof fixtureSchema>;

const ROOT = path.join(__dirname, '../../integrations');
const catalogue = loadCatalogue(readCatalogueFolder([ROOT]));
const fixtures = catalogue.list().flatMap(({ name }) => {
  const folder = path.join(ROOT, name, 'fixtures');
  return readdirSync(folder).map((file) => {
    const { value, faults } = parseYaml(readFileSync(path.join(folder, file), 'utf8'));
    expect(faults).toEqual([]);
    return { integration: name, file, fixture: fixtureSchema.parse(value) };
  });
});

/** Checks each request against the fixture and plays its answer. */
function replay(fixture: Fixture): SendHttp & { readonly played: () => number } {
  let index = 0;
  const send: SendHttp = async (request) => {
    const exchange = fixture.exchanges[index]!;
    index += 1;
    const { method, url, headers } = exchange.request;
    expect({ method: request.method, url: canonical(request.url) }).toEqual({
      method,
      url: canonical(new URL(url)),
    });
    expect(request.headers).toMatchObject(headers);
    const { status, headers: answered, body } = exchange.answer;
    return {
      status,
      headers: answered,
      body: Transient.of(
        Readable.from(body === undefined ? [] : [Buffer.from(JSON.stringify(body))]),
      ),
    };
  };
  return Object.assign(send, { played: () => index });
}

/** The order of query parameters means nothing. */
function canonical(url: URL): string {
  const parameters = [...url.searchParams].map(([name, value]) => `${name}=${value}`).sort();
  return `${url.origin}${url.pathname}?${parameters.join('&')}`;
}

async function listAll(integration: string, fixture: Fixture, send: SendHttp): Promise<unknown[]> {
  const fetchPage = createFetchPage({
    ...aDeps(send, aCredentialSource(fixture.credential)),
    catalogue,
  });
  const account = anAccount({ integration, auth: fixture.auth, connection: fixture.connection });
  const records: unknown[] = [];
  let next: Awaited<ReturnType<typeof fetchPage>>['next'];
  do {
    const page = await fetchPage({
      requestId: 'req-1',
      account,
      resource: fixture.resource,
      method: fixture.method,
      query: Transient.of(fixture.query),
      ...(next === undefined ? {} : { cursor: next }),
    });
    records.push(...page.records.map((one) => (one.kind === 'record' ? one.value.reveal() : one)));
    next = page.next;
  } while (next !== undefined);
  return records;
}

describe.each(fixtures)('$integration: $file', ({ integration, fixture }) => {
  it('asks what the provider expects and yields what the model promises', async () => {
    const send = replay(fixture);
    const outcome = listAll(integration, fixture, send);

    if ('error' in fixture.expect)
      await expect(outcome).rejects.toMatchObject(fixture.expect.error);
    else expect(await outcome).toEqual(fixture.expect.records);
    expect(send.played()).toBe(fixture.exchanges.length);
  });

  it('comes with a connection and a credential that the integration accepts', () => {
    const { validateConnection, validateCredential } = catalogue.integration(integration)!;

    expect(validateConnection(fixture.connection).faults).toEqual([]);
    expect(validateCredential(fixture.auth, fixture.credential)).toEqual([]);
  });
});

describe.each(catalogue.list().map((integration) => [integration.name, integration] as const))(
  '%s',
  (name, integration) => {
    it('has a fixture for every list of a unified model', () => {
      const mapped = Object.entries(integration.models).flatMap(([model, resources]) =>
        resources.map((resource) => `${model}/${resource}`),
      );
      const shown = fixtures
        .filter((one) => one.integration === name && 'records' in one.fixture.expect)
        .map(({ fixture }) => fixture.resource);

      expect(mapped.filter((resource) => !shown.includes(resource))).toEqual([]);
    });

    it('can verify an account', () => {
      expect(integration.verify).toBeDefined();
    });
  },
);
