/**
 * How providers are doing, as the breakers of this deployment see it.
 *
 * An upstream is shared by all environments. A host that a tenant chose could name the tenant of
 * another environment, so only hosts that the integration itself writes are shown.
 */
import * as z from 'zod';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import type { Integration } from '../../integration/document/plan.ts';
import { type Clock, isoTime } from '../../kernel/clock.ts';
import { CallerError } from '../../kernel/errors.ts';
import { type Circuit, stateOf, type Upstream } from '../../provider/breaker/circuit.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Cursors, listOf, listReply, type PageRequest, paging } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';
import { time } from '../http/schemas.ts';

const state = z.enum(['closed', 'half_open', 'open']);

const providerStatus = z
  .object({
    integration: z.string(),
    /** The worst of its circuits. */
    state,
    /** Those that are not closed. */
    circuits: z.array(
      z.object({
        /** Null where tenants choose it. */
        host: z.string().nullable(),
        state,
        opened_at: time,
        /** When the next call is let through to try. */
        retry_at: time,
      }),
    ),
  })
  .meta({ id: 'ProviderStatus' });

const list = endpoint({
  method: 'GET',
  path: '/v1/providers/status',
  scopes: ['read'],
  summary: 'Lists the providers, and whether calls to them are held back.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(providerStatus),
  status: 200,
});

export interface ProviderStatusDeps {
  readonly catalogue: Catalogue;
  readonly cursors: Cursors;
  readonly listOpenCircuits: () => Promise<readonly (Circuit & Upstream)[]>;
  readonly clock: Pick<Clock, 'now'>;
}

export function providerStatusRoute(deps: ProviderStatusDeps): Route {
  const { catalogue, cursors, clock } = deps;
  return route(list, {
    async run({ query, caller: { environmentId } }) {
      const open = await deps.listOpenCircuits();
      return listReply({
        cursors,
        list: { environmentId, path: list.path, filters: {} },
        query,
        fetch: async (page) => pageOf(catalogue.list(), page),
        view: (integration) => viewOf(integration, open, clock.now()),
      });
    },
  });
}

/** By name, so that a page stays right when a new version knows more integrations. */
function pageOf(all: readonly Integration[], { limit, start = '' }: PageRequest) {
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rest = sorted.filter(({ name }) => name > start);
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? items.at(-1)?.name : undefined };
}

function viewOf(
  integration: Integration,
  open: readonly (Circuit & Upstream)[],
  nowMs: number,
): z.input<typeof providerStatus> {
  const hosts = literalHosts(integration);
  const circuits = open
    .filter((circuit) => circuit.integration === integration.name)
    .map((circuit) => ({
      host: hosts.has(circuit.host) ? circuit.host : null,
      state: stateOf(circuit, nowMs),
      opened_at: isoTime(circuit.openedAtMs),
      retry_at: isoTime(Math.max(circuit.openUntilMs, circuit.probeUntilMs)),
    }));
  const worst = (['open', 'half_open'] as const).find((each) =>
    circuits.some((circuit) => circuit.state === each),
  );
  return { integration: integration.name, state: worst ?? 'closed', circuits };
}

/** Hosts of base URLs that no account's inputs are needed for. */
function literalHosts(integration: Integration): ReadonlySet<string> {
  const hosts = Object.keys(integration.auth).flatMap((auth) => {
    try {
      return [integration.baseUrl({ auth, connection: {} }).host];
    } catch (error) {
      if (error instanceof CallerError) return [];
      throw error;
    }
  });
  return new Set(hosts);
}
