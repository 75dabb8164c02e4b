import { createCursors } from '#shared/api/http/list.ts';
import { providerStatusRoute } from '#shared/api/integrations/provider-status.ts';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import type { Circuit, Upstream } from '#shared/provider/breaker/circuit.ts';
import { aClock, anIntegrationSource, NOW_MS } from '../../../support/builders/an-integration.ts';
import { aRequest, aRouter, jsonOf } from '../../../support/builders/api-requests.ts';
import { createFakeSealer } from '../../../support/doubles/fake-sealer.ts';

const CATALOGUE = loadCatalogue({
  integrations: [
    anIntegrationSource(),
    anIntegrationSource({
      provider: 'desk',
      base_url: 'https://{{conn.subdomain}}.desk.com',
      hosts: ['{{conn.subdomain}}.desk.com'],
      connection: { subdomain: { pattern: '^[a-z]+$' } },
    }),
  ],
  models: [],
  mappings: [],
});

const aCircuit = (parts: Partial<Circuit & Upstream> = {}): Circuit & Upstream => ({
  integration: 'acme',
  host: 'api.acme.com',
  state: 'open',
  failures: 5,
  lastFailureAtMs: NOW_MS,
  openedAtMs: NOW_MS,
  openUntilMs: NOW_MS + 10_000,
  openForMs: 10_000,
  probeUntilMs: 0,
  fence: 1,
  ...parts,
});

async function statusOf(query: string, ...circuits: readonly (Circuit & Upstream)[]) {
  const route = providerStatusRoute({
    catalogue: CATALOGUE,
    cursors: createCursors(createFakeSealer()),
    listOpenCircuits: async () => circuits,
    clock: aClock(),
  });
  const { serve } = aRouter([route]);
  return jsonOf(await serve(aRequest('GET', `/v1/providers/status${query}`)));
}

const CLOSED = (integration: string) => ({ integration, state: 'closed', circuits: [] });

describe('GET /v1/providers/status', () => {
  it('lists every provider as closed where none fails', async () => {
    expect(await statusOf('')).toEqual({
      data: [CLOSED('acme'), CLOSED('desk')],
      next_cursor: null,
    });
  });

  it('tells since when a provider is held back, and until when', async () => {
    expect(await statusOf('', aCircuit())).toMatchObject({
      data: [
        {
          integration: 'acme',
          state: 'open',
          circuits: [
            {
              host: 'api.acme.com',
              state: 'open',
              opened_at: '2026-03-01T12:00:00.000Z',
              retry_at: '2026-03-01T12:00:10.000Z',
            },
          ],
        },
        CLOSED('desk'),
      ],
    });
  });

  it('shows no host that a tenant chose', async () => {
    const theirs = aCircuit({ integration: 'desk', host: 'bigcorp.desk.com' });
    const answer = await statusOf('', theirs);

    expect(answer).toMatchObject({ data: [CLOSED('acme'), { circuits: [{ host: null }] }] });
    expect(JSON.stringify(answer)).not.toContain('bigcorp');
  });

  it('tells of the worst of several circuits', async () => {
    const trying = aCircuit({ openUntilMs: NOW_MS, probeUntilMs: NOW_MS + 20_000 });
    const [one, both] = [
      await statusOf('', trying),
      await statusOf('', trying, aCircuit({ host: 'eu.acme.com' })),
    ];

    expect(one).toMatchObject({
      data: [
        {
          state: 'half_open',
          circuits: [{ state: 'half_open', retry_at: '2026-03-01T12:00:20.000Z' }],
        },
        CLOSED('desk'),
      ],
    });
    expect(both).toMatchObject({ data: [{ state: 'open' }, CLOSED('desk')] });
  });

  it('has pages', async () => {
    const first = (await statusOf('?limit=1')) as { next_cursor: string };

    expect(first).toMatchObject({ data: [CLOSED('acme')] });
    expect(await statusOf(`?limit=1&cursor=${first.next_cursor}`)).toEqual({
      data: [CLOSED('desk')],
      next_cursor: null,
    });
  });
});
