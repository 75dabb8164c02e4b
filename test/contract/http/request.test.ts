import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { createGuardedAgent } from '../../../shared/http/guarded-agent.ts';
import {
  ForbiddenAddressError,
  ProviderTimeoutError,
  ProviderUnreachableError,
} from '../../../shared/http/network-errors.ts';
import { BodyTooLargeError, readBody } from '../../../shared/http/read-body.ts';
import { createSendHttp } from '../../../shared/http/request.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import {
  type Reply,
  type ScriptedProvider,
  startScriptedProvider,
} from '../../support/servers/scripted-provider.ts';

const send = createSendHttp({ allowLoopback: true });
let provider: ScriptedProvider;

async function play(...replies: Reply[]): Promise<URL> {
  provider = await startScriptedProvider(replies);
  return new URL('/x?a=1', provider.url);
}

const get = (url: URL, timeoutMs = 5_000) => send({ method: 'GET', url, headers: {}, timeoutMs });
const text = async (body: Transient<Readable>) =>
  (await readBody(body, 1_000_000)).reveal().toString();

afterEach(async () => {
  await provider?.stop();
});

describe('createSendHttp', () => {
  it('hands back status, headers and body', async () => {
    const response = await get(
      await play({ status: 201, headers: { 'x-a': '1' }, body: { b: 2 } }),
    );

    expect(response.status).toBe(201);
    expect(response.headers).toMatchObject({ 'x-a': '1' });
    expect(await text(response.body)).toBe('{"b":2}');
  });

  it('sends method, query, headers and body, and offers no compression', async () => {
    const url = await play({});
    const response = await send({
      method: 'POST',
      url,
      headers: { 'x-b': '2' },
      body: Transient.of('hello'),
    });
    await text(response.body);

    expect(provider.asked[0]).toMatchObject({ method: 'POST', query: { a: '1' }, body: 'hello' });
    expect(provider.asked[0]?.headers).toMatchObject({ 'x-b': '2' });
    expect(provider.asked[0]?.headers).not.toHaveProperty('accept-encoding');
  });

  it('streams a body of unknown length', async () => {
    const url = await play({});
    const body = Transient.of(Readable.from([Buffer.from('one '), Buffer.from('two')]));
    await text((await send({ method: 'PUT', url, headers: {}, body })).body);

    expect(provider.asked[0]?.body).toBe('one two');
  });

  it('does not follow a redirect', async () => {
    const url = await play({ status: 302, headers: { location: 'https://elsewhere.acme.com/' } });
    const response = await get(url);
    await text(response.body);

    expect(response.status).toBe(302);
    expect(provider.asked).toHaveLength(1);
  });

  it('does not try again when the connection breaks before the answer', async () => {
    const url = await play({ breakOff: 'before_answer' });

    await expect(get(url)).rejects.toThrow(ProviderUnreachableError);
    expect(provider.asked).toHaveLength(1);
  });

  it('fails the body when the connection breaks in the middle of it', async () => {
    const response = await get(await play({ breakOff: 'mid_body', body: 'x'.repeat(1_000) }));

    await expect(text(response.body)).rejects.toThrow(ProviderUnreachableError);
  });

  it('ends a call that has no answer at its hard limit', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };

    await expect(get(new URL(`http://127.0.0.1:${port}/`), 50)).rejects.toThrow(
      ProviderTimeoutError,
    );
    silent.close();
  });

  it('ends a call whose body stalls at the same hard limit', async () => {
    const response = await get(await play({ stall: true, body: 'x'.repeat(1_000) }), 50);

    await expect(text(response.body)).rejects.toThrow(ProviderTimeoutError);
  });

  it('says nothing of the network in its errors but a code', async () => {
    const error = await get(new URL('http://127.0.0.1:9/')).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'provider_unreachable',
      detail: { reason: 'ECONNREFUSED' },
    });
    expect(error).not.toHaveProperty('cause');
  });

  it('survives a body that nobody reads', async () => {
    const response = await get(await play({ stall: true, body: 'x'.repeat(1_000) }), 30);
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(response.body.reveal().destroyed).toBe(true);
  });

  it('waits for the answer that counts, past informational ones', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('done');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const response = await get(new URL(`http://127.0.0.1:${port}/`));

    expect([response.status, await text(response.body)]).toEqual([200, 'done']);
    server.closeAllConnections();
    server.close();
  });

  it('refuses an answer that says to be larger than the limit', async () => {
    const url = await play({ body: 'x'.repeat(1_000) });

    await expect(send({ method: 'GET', url, headers: {}, maxBodyBytes: 999 })).rejects.toThrow(
      BodyTooLargeError,
    );
  });

  it('breaks an answer off that grows beyond the limit', async () => {
    const server = createHttpServer((_request, response) => {
      response.write('x'.repeat(600));
      setTimeout(() => response.end('x'.repeat(600)), 5);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = new URL(`http://127.0.0.1:${port}/`);
    const response = await send({ method: 'GET', url, headers: {}, maxBodyBytes: 1_000 });

    await expect(text(response.body)).rejects.toThrow(BodyTooLargeError);
    server.closeAllConnections();
    server.close();
  });

  it('hands back what HEAD tells of a body, however large', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(200, { 'content-length': '5000' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = new URL(`http://127.0.0.1:${port}/`);
    const response = await send({ method: 'HEAD', url, headers: {}, maxBodyBytes: 1_000 });

    expect(response.headers).toMatchObject({ 'content-length': '5000' });
    expect(await text(response.body)).toBe('');
    server.closeAllConnections();
    server.close();
  });

  it('reuses connections', async () => {
    const url = await play({ body: 1 });
    for (let call = 0; call < 6; call += 1) await text((await get(url)).body);

    // The client leaves a connection alone for one turn of the loop, so two take turns.
    expect(new Set(provider.asked.map(({ fromPort }) => fromPort)).size).toBeLessThanOrEqual(2);
  });
});

describe('the egress guard of createSendHttp', () => {
  const resolvingTo = (...addresses: string[]) =>
    createSendHttp({
      allowLoopback: false,
      lookup: (_host, _options, callback) => {
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      },
    });
  const call = (sendHttp: typeof send, url: string) =>
    sendHttp({ method: 'GET', url: new URL(url), headers: {}, timeoutMs: 2_000 });

  it('refuses loopback unless it is allowed', async () => {
    const url = await play({});
    const deployed = createSendHttp({ allowLoopback: false });

    await expect(call(deployed, url.href)).rejects.toThrow(ForbiddenAddressError);
    expect(provider.asked).toHaveLength(0);
  });

  it('refuses plain HTTP before it looks up the name', async () => {
    const lookup = jest.fn();
    const deployed = createSendHttp({ allowLoopback: false, lookup });

    await expect(call(deployed, 'http://api.acme.com/')).rejects.toMatchObject({
      detail: { reason: 'scheme' },
    });
    expect(lookup).not.toHaveBeenCalled();
  });

  it('refuses a literal address before it connects, whoever asks the agent', async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const agent = createGuardedAgent({ allowLoopback: false });
    const error = await new Promise((resolve) => {
      agent.dispatch(
        { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' },
        {
          onRequestStart: () => undefined,
          onResponseError: (_controller, thrown) => resolve(thrown),
        },
      );
    });

    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(connections).toBe(0);
    server.close();
  });

  it('refuses a public name that resolves to a private address', async () => {
    await expect(call(resolvingTo('10.0.0.1'), 'https://api.acme.com/')).rejects.toThrow(
      ForbiddenAddressError,
    );
  });

  it('refuses a public name one of whose addresses is private', async () => {
    await expect(
      call(resolvingTo('8.8.8.8', '169.254.169.254'), 'https://api.acme.com/'),
    ).rejects.toThrow(ForbiddenAddressError);
  });

  it('judges the addresses again for every new connection', async () => {
    let lookups = 0;
    const rebinding = createSendHttp({
      allowLoopback: false,
      lookup: (_host, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    await expect(call(rebinding, 'https://api.acme.com/')).rejects.toThrow(ForbiddenAddressError);
    await expect(call(rebinding, 'https://api.acme.com/')).rejects.toThrow(ForbiddenAddressError);

    expect(lookups).toBe(2);
  });
});

describe('readBody', () => {
  it('stops at the limit', async () => {
    const response = await get(await play({ body: 'x'.repeat(10_000) }));

    await expect(readBody(response.body, 100)).rejects.toThrow(BodyTooLargeError);
    expect(response.body.reveal().destroyed).toBe(true);
  });
});
