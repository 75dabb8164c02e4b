/** Which answers open a circuit, through the two ways in which a provider is called. */
import {
  ForbiddenAddressError,
  ProviderTimeoutError,
  ProviderUnreachableError,
} from '#shared/http/network-errors.ts';
import { createCallProvider } from '#shared/provider/provider-client.ts';
import { createProxyCall } from '#shared/proxy/proxy-call.ts';
import {
  aCatalogue,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../../support/builders/an-integration.ts';
import { aBreakerWorld, RULE } from '../../../support/doubles/breaker.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';

const INTEGRATION = {
  errors: [
    { when: "status = 500 and body.code = 'bad_query'", class: 'validation' },
    { when: "status = 200 and body.code = 'down'", class: 'transient' },
  ],
};
const RETRY = { retry: { afterMs: 1 } };
const timeout = new ProviderTimeoutError('late', {}, RETRY);
const unreachable = new ProviderUnreachableError('gone', {}, RETRY);
const forbidden = new ForbiddenAddressError('no');

type Way = 'engine' | 'proxy';

function setUp(answer: Canned | Error, timeoutMs?: number) {
  const { process } = aBreakerWorld(createMemoryTable());
  const canned = aSendHttp(answer instanceof Error ? {} : answer);
  let sent = 0;
  const send: typeof canned = Object.assign(
    async (request: Parameters<typeof canned>[0]) => {
      sent += 1;
      if (answer instanceof Error) throw answer;
      return canned(request);
    },
    { sent: canned.sent },
  );
  const catalogue = aCatalogue(INTEGRATION);
  const deps = { ...aDeps(send), catalogue, breaker: process(), timeoutMs: 15_000 };
  const common = { requestId: 'r', account: anAccount(), timeoutMs };
  const ways = {
    engine: () =>
      createCallProvider(deps)({
        ...common,
        integration: catalogue.integration('acme')!,
        operation: 'things.list',
        request: {
          url: new URL('https://api.acme.com/v1/things'),
          method: 'GET',
          headers: {},
          loggedUrl: '',
        },
      }),
    proxy: () =>
      createProxyCall(deps)({ ...common, method: 'GET', path: '/things', query: '', headers: {} }),
  };
  return {
    /** Calls that got through to the network, of so many more than open a circuit. */
    async sentOf(way: Way): Promise<number> {
      for (let made = 0; made < RULE.failures + 2; made += 1)
        await ways[way]().catch(() => undefined);
      return sent;
    },
    ways,
  };
}

describe.each(['engine', 'proxy'] as const)('calls of the %s', (way) => {
  it.each([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['a timeout', timeout],
    ['no connection', unreachable],
  ])('open the circuit by %s', async (_, answer) => {
    expect(await setUp(answer).sentOf(way)).toBe(RULE.failures);
  });

  it.each([400, 401, 403, 404, 408, 409, 422, 425, 429, 451, 499])(
    'never open it by %d',
    async (status) => {
      expect(await setUp({ status }).sentOf(way)).toBeGreaterThanOrEqual(RULE.failures + 2);
    },
  );

  it.each([
    ['a limit told by 503', { status: 503, headers: { 'retry-after': '1' } }],
    ['a 500 that is the fault of the caller', { status: 500, body: { code: 'bad_query' } }],
    ['an address that may not be called', forbidden],
  ])('never open it by %s', async (_, answer) => {
    expect(await setUp(answer).sentOf(way)).toBe(RULE.failures + 2);
  });

  it('never open it by a caller who gives the provider less time than usual', async () => {
    expect(await setUp(timeout, 14_999).sentOf(way)).toBe(RULE.failures + 2);
  });

  it('open it by a caller who gives the provider more time than usual', async () => {
    expect(await setUp(timeout, 20_000).sentOf(way)).toBe(RULE.failures);
  });

  it('are refused with the code that callers switch on', async () => {
    const world = setUp({ status: 500 });
    await world.sentOf(way);

    await expect(world.ways[way]()).rejects.toMatchObject({
      code: 'circuit_open',
      status: 503,
      retry: { afterMs: 10_000 },
    });
  });
});

it('opens by an answer of success that the integration takes for a failure of the provider', async () => {
  const world = setUp({ status: 200, body: { code: 'down' } });

  expect(await world.sentOf('engine')).toBe(RULE.failures);
});
