/**
 * The corpus through the real code: SendHttp with its agent and guard, with the resolver and the
 * sockets told what to say; and an integration's own allow-list. The address that is not refused
 * is answered by a server of this test.
 */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, isIP, type LookupFunction } from 'node:net';
import { bareHost } from '#shared/http/egress-guard.ts';
import type { AgentOptions } from '#shared/http/guarded-agent.ts';
import { ForbiddenAddressError } from '#shared/http/network-errors.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import type { Integration } from '#shared/integration/document/plan.ts';
import { anIntegrationSource } from '../../support/builders/an-integration.ts';
import {
  BAD_ANSWERS,
  BAD_BASES,
  BAD_SUBDOMAINS,
  BAD_URLS,
  GOOD_BASES,
  GOOD_SUBDOMAINS,
  GOOD_URLS,
  OTHER_HOSTS,
} from '../../support/builders/ssrf-corpus.ts';

let server: Server;
/** Addresses that sockets were opened to. */
let reached: string[] = [];

beforeAll(async () => {
  server = createServer((_request, response) => response.end('reached'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  reached = [];
});

const PUBLIC = '93.184.215.14';

/** A network in which every name has the addresses given, and every socket leads to our server. */
function aNetwork(addresses: readonly string[] = [PUBLIC], reaches?: string) {
  const lookup: LookupFunction = (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  };
  const buildConnector = ((options: { readonly lookup: LookupFunction }) =>
    (
      target: { readonly hostname: string },
      callback: (error: unknown, socket: unknown) => void,
    ) => {
      const open = (address: string) => {
        reached.push(address);
        const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () =>
          callback(null, socket),
        );
        Object.defineProperty(socket, 'remoteAddress', { value: reaches ?? address });
      };
      const host = bareHost(target.hostname);
      if (isIP(host)) return open(host);
      options.lookup(host, {}, (error, found) => {
        if (error) callback(error, null);
        else open(String(found));
      });
    }) as unknown as NonNullable<AgentOptions['buildConnector']>;
  const send = createSendHttp({ allowLoopback: false, lookup, buildConnector });
  return async (text: string): Promise<number> => {
    const url = new URL(text);
    const { status, body } = await send({ method: 'GET', url, headers: {}, timeoutMs: 2_000 });
    body.reveal().destroy();
    return status;
  };
}

async function refusal(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function anIntegration(base_url: string, hosts: readonly string[]): Integration {
  const inputs = [...base_url.matchAll(/conn\.(\w+)/g)].map(([, name]) => String(name));
  // Patterns that hold nobody back: the allow-list has to do it alone.
  const connection = Object.fromEntries(inputs.map((name) => [name, { pattern: '^[\\s\\S]*$' }]));
  const source = anIntegrationSource({ base_url, hosts, connection });
  return loadCatalogue({ integrations: [source], models: [], mappings: [] }).integration('acme')!;
}

const account = (connection: Record<string, string>) => ({ auth: 'token', connection });

it('holds at least 150 bad addresses and 50 good ones', () => {
  const bad = [...BAD_URLS, ...BAD_ANSWERS, ...BAD_SUBDOMAINS, ...OTHER_HOSTS, ...BAD_BASES];

  expect(new Set(BAD_URLS).size).toBe(BAD_URLS.length);
  expect(BAD_URLS.length).toBeGreaterThanOrEqual(150);
  expect(bad.length).toBeGreaterThanOrEqual(300);
  expect(new Set(GOOD_URLS).size).toBeGreaterThanOrEqual(50);
});

describe('a URL', () => {
  it.each(BAD_URLS)('is not called: %s', async (url) => {
    const error = await refusal(() => aNetwork()(url));

    // What the platform's own parser refuses never becomes a request.
    if (URL.canParse(url)) expect(error).toBeInstanceOf(ForbiddenAddressError);
    else expect(error).toMatchObject({ code: 'ERR_INVALID_URL' });
    expect(reached).toEqual([]);
  });

  it.each(GOOD_URLS)('is called: %s', async (url) => {
    expect(await aNetwork()(url)).toBe(200);
    expect(reached).toHaveLength(1);
  });
});

describe('a public name', () => {
  it.each(BAD_ANSWERS)('is not called when it resolves to %s', async (_, ...addresses) => {
    const error = await refusal(() => aNetwork(addresses)('https://api.acme.com/'));

    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(reached).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '',
  ])('is not called when its socket reaches %p after all', async (reaches) => {
    const error = await refusal(() => aNetwork([PUBLIC], reaches)('https://api.acme.com/'));

    expect(error).toBeInstanceOf(ForbiddenAddressError);
  });

  it('is judged again for every connection: another answer the second time helps nobody', async () => {
    const answers = [PUBLIC];
    const rebinding = aNetwork(answers);
    expect(await rebinding('https://api.acme.com/')).toBe(200);
    answers.splice(0, 1, '127.0.0.1');

    expect(await refusal(() => rebinding('https://other.acme.com/'))).toBeInstanceOf(
      ForbiddenAddressError,
    );
  });

  it.each([[['8.8.8.8']], [['8.8.8.8', '1.1.1.1']], [['2606:4700:4700::1111', '8.8.8.8']]])(
    'is called when it resolves to %p',
    async (addresses) => {
      expect(await aNetwork(addresses)('https://api.acme.com/')).toBe(200);
    },
  );
});

describe('an input of a tenant', () => {
  const shapes = {
    'the same template': ['{{conn.subdomain}}.acme.com'],
    'any subdomain': ['*.acme.com'],
    'a template of a URL': ['https://{{conn.subdomain}}.acme.com'],
  };

  describe.each(Object.entries(shapes))('where the allow-list is %s', (_, hosts) => {
    const integration = anIntegration('https://{{conn.subdomain}}.acme.com/api', hosts);

    it.each(BAD_SUBDOMAINS)('does not leave its place: %p', async (subdomain) => {
      const base = () => integration.baseUrl(account({ subdomain }));
      const { faults } = integration.validateConnection({ subdomain }, 'token');

      expect(await refusal(base)).toBeInstanceOf(ForbiddenAddressError);
      expect(faults).toHaveLength(1);
    });

    it.each(GOOD_SUBDOMAINS)('fills its place: %p', (subdomain) => {
      expect(integration.baseUrl(account({ subdomain })).href).toBe(
        `https://${subdomain.toLowerCase()}.acme.com/api`,
      );
    });
  });

  describe('where the tenant gives the whole address', () => {
    const integration = anIntegration('{{conn.base_url}}/api', ['{{conn.base_url}}']);

    it.each(BAD_BASES)('is refused: %p', async (base_url) => {
      expect(await refusal(() => integration.baseUrl(account({ base_url })))).toBeInstanceOf(
        ForbiddenAddressError,
      );
    });

    it.each(GOOD_BASES)('is taken: %p', (base_url) => {
      const expected = new URL(`${base_url.replace(/\/$/, '')}/api`).href;

      expect(integration.baseUrl(account({ base_url })).href).toBe(expected);
    });

    it('may name a port on this very machine, where the guard decides', async () => {
      const url = integration.baseUrl(account({ base_url: 'http://127.0.0.1:4010' }));

      expect(url.href).toBe('http://127.0.0.1:4010/api');
      expect(await refusal(() => aNetwork()(url.href))).toBeInstanceOf(ForbiddenAddressError);
    });
  });

  it.each(['..', '.', 'a/b', 'a?b', 'a#b', 'a\\b', 'a%2fb', '%2e%2e', 'a b', ''])(
    'does not leave its segment of the path: %p',
    async (version) => {
      const integration = anIntegration('https://api.acme.com/{{conn.version}}', ['api.acme.com']);

      expect(await refusal(() => integration.baseUrl(account({ version })))).toBeInstanceOf(
        ForbiddenAddressError,
      );
    },
  );
});

describe('an allow-list of hosts', () => {
  const integration = anIntegration('https://api.acme.com', ['api.acme.com', '*.acme.dev']);

  it.each(OTHER_HOSTS)('does not allow %s', (url) => {
    expect(integration.allowsHost(new URL(url), {})).toBe(false);
  });

  it.each([
    'https://api.acme.com/x',
    'https://API.acme.com:443/',
    'https://x.acme.dev/',
    'https://x.y.acme.dev/',
  ])('allows %s', (url) => {
    expect(integration.allowsHost(new URL(url), {})).toBe(true);
  });

  it('allows a port that the integration itself writes, and no other', () => {
    const own = anIntegration('https://api.acme.com:8443/v1', ['api.acme.com:8443']);

    expect(own.baseUrl(account({})).href).toBe('https://api.acme.com:8443/v1');
    expect(own.allowsHost(new URL('https://api.acme.com/'), {})).toBe(false);
    expect(own.allowsHost(new URL('https://api.acme.com:9443/'), {})).toBe(false);
  });
});
