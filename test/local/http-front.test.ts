import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { compilePath } from '../../local/http/path-pattern.ts';
import { type Route, sortRoutes } from '../../local/http/route.ts';
import { type HttpFront, startHttpFront } from '../../local/http-front.ts';
import { FunctionFault } from '../../local/lambda/function-fault.ts';

const ACCESS_LOG =
  '$context.httpMethod $context.routeKey $context.resourcePath $context.status $context.responseLength $context.unknown';

function httpRoute(key: string, change: Partial<Route> = {}): Route {
  const [method = 'ANY', path] = key === '$default' ? ['ANY'] : key.split(' ');
  return {
    api: 'http',
    method,
    pattern: path === undefined ? { rank: '9', match: () => ({}) } : compilePath(path),
    key,
    functionId: key,
    timeoutMs: 1_000,
    isStreaming: false,
    apiId: 'api1',
    stage: '$default',
    isBinary: false,
    ...change,
  };
}

function restRoute(method: string, path: string, change: Partial<Route> = {}): Route {
  return {
    ...httpRoute('$default'),
    api: 'rest',
    method,
    pattern: compilePath(path),
    key: path,
    functionId: `rest ${path}`,
    stage: 'live',
    isBinary: true,
    ...change,
  };
}

interface Called {
  readonly functionId: string;
  readonly event: Record<string, unknown> & { headers: Record<string, string> };
}

describe('the HTTP front', () => {
  let front: HttpFront | undefined;
  let calls: Called[];
  let lines: string[];
  const start = async (
    routes: readonly Route[],
    answer: (event: Called['event']) => Promise<string> = async () => '{"statusCode":204}',
    chunks: readonly (string | Uint8Array)[] = [],
  ) => {
    calls = [];
    lines = [];
    const note = (functionId: string, event: string) => {
      calls.push({ functionId, event: JSON.parse(event) });
      return JSON.parse(event);
    };
    front = await startHttpFront({
      routes: sortRoutes(routes),
      host: {
        invoke: (functionId, event) => answer(note(functionId, event)),
        invokeStreaming: async (functionId, event, onChunk) => {
          note(functionId, event);
          for (const chunk of chunks) await onChunk(Buffer.from(chunk));
          await answer(JSON.parse(event));
        },
      },
      accountId: '000000000000',
      clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5), sleep: async () => {} },
      log: { write: (line) => lines.push(line) },
      port: 0,
    });
    return front.url;
  };
  afterEach(async () => {
    await front?.close(10);
    front = undefined;
  });

  it('makes an event of payload format 2.0 for the HTTP API', async () => {
    const url = await start([httpRoute('POST /v1/things/{id}')]);
    await fetch(`${url}/v1/things/a%20b?x=1&x=2&y=%2F`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'x-mine': 'v' },
      body: '{"n":1}',
    });
    const { headers, requestContext, ...event } = calls[0]!.event;
    const host = new URL(url).host;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/things/{id}',
      rawPath: '/v1/things/a b',
      rawQueryString: 'x=1&x=2&y=%2F',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { x: '1,2', y: '/' },
      pathParameters: { id: 'a b' },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
    expect(headers).toMatchObject({ host, 'x-mine': 'v', 'x-forwarded-for': '127.0.0.1' });
    expect(headers).not.toHaveProperty('cookie');
    expect(requestContext).toEqual({
      accountId: '000000000000',
      apiId: 'api1',
      domainName: host,
      domainPrefix: '127',
      http: {
        method: 'POST',
        path: '/v1/things/a b',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'node',
      },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      routeKey: 'POST /v1/things/{id}',
      stage: '$default',
      time: '02/Jan/2026:03:04:05 +0000',
      timeEpoch: 1_767_323_045_000,
    });
  });

  it('makes an event of payload format 1.0 for the REST API', async () => {
    const url = await start(
      [restRoute('ANY', '/v1/proxy/{proxy+}')],
      async () => '{"statusCode":200}',
    );
    await fetch(`${url}/v1/proxy/a%2Fb/c?x=1&x=2`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: 'hi',
    });
    const { headers, multiValueHeaders, requestContext, ...event } = calls[0]!.event;
    expect(event).toEqual({
      resource: '/v1/proxy/{proxy+}',
      path: '/v1/proxy/a%2Fb/c',
      httpMethod: 'PUT',
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      pathParameters: { proxy: 'a/b/c' },
      stageVariables: null,
      body: 'aGk=',
      isBase64Encoded: true,
    });
    expect(headers).toMatchObject({ 'content-type': 'text/plain' });
    expect(multiValueHeaders).toMatchObject({ 'content-type': ['text/plain'] });
    expect(requestContext).toMatchObject({
      resourcePath: '/v1/proxy/{proxy+}',
      path: '/v1/proxy/a%2Fb/c',
      stage: 'live',
      identity: { sourceIp: '127.0.0.1' },
    });
  });

  it('hands over form data and unknown types as base64, also through the HTTP API', async () => {
    const url = await start([httpRoute('$default')]);
    await fetch(url, { method: 'POST', body: new URLSearchParams({ a: '1' }) });
    expect(calls[0]?.event).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
  });

  it('keeps repeated headers', async () => {
    const url = await start([httpRoute('POST /http'), restRoute('POST', '/rest')]);
    for (const path of ['/http', '/rest']) {
      await new Promise((resolve) => {
        httpRequest(
          `${url}${path}`,
          { method: 'POST', headers: { 'X-Two': ['a', 'b'] } },
          resolve,
        ).end();
      });
    }
    expect(calls[0]?.event.headers['x-two']).toBe('a,b');
    expect(calls[1]?.event).toMatchObject({
      headers: { 'X-Two': 'b' },
      multiValueHeaders: { 'X-Two': ['a', 'b'] },
    });
  });

  it('takes REST resources first and the most specific route of each API', async () => {
    const url = await start([
      httpRoute('$default'),
      httpRoute('ANY /v1/things/{id}'),
      httpRoute('GET /v1/things/{id}'),
      httpRoute('ANY /v1/things/known'),
      restRoute('ANY', '/v1/proxy/{proxy+}'),
      restRoute('POST', '/v1/jobs/{id}/stream'),
    ]);
    const paths = [
      '/v1/things/7',
      '/v1/things/known',
      '/v1/jobs/7/stream',
      '/v1/proxy/x',
      '/other',
    ];
    for (const path of paths) await fetch(`${url}${path}`);
    expect(calls.map(({ functionId }) => functionId)).toEqual([
      'GET /v1/things/{id}',
      'ANY /v1/things/known',
      '$default',
      'rest /v1/proxy/{proxy+}',
      '$default',
    ]);
  });

  it('answers with status, headers, cookies and decoded body of the function', async () => {
    const url = await start([httpRoute('$default')], async () =>
      JSON.stringify({
        statusCode: 418,
        headers: { 'X-Kind': 'teapot', 'Content-Type': 'image/png' },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from([1, 2, 255]).toString('base64'),
        isBase64Encoded: true,
      }),
    );
    const response = await fetch(url);
    expect(response.status).toBe(418);
    expect(response.headers.get('x-kind')).toBe('teapot');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 255]);
  });

  it('takes an answer without a status for the body of a 200', async () => {
    const url = await start([httpRoute('$default')], async () => '{"hello":"world"}');
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ hello: 'world' });
  });

  it.each([
    ['http', 500],
    ['rest', 502],
  ] as const)('says nothing about why a function of the %s API failed', async (api, status) => {
    const route = api === 'http' ? httpRoute('$default') : restRoute('ANY', '/x');
    const url = await start([route], () =>
      Promise.reject(new FunctionFault('threw', 'f', 'SecretError')),
    );
    const response = await fetch(`${url}/x`);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('Secret');
  });

  it.each([
    ['http', 503],
    ['rest', 504],
  ] as const)('answers for a function of the %s API that takes too long', async (api, status) => {
    const route = api === 'http' ? httpRoute('$default') : restRoute('ANY', '/x');
    const url = await start([{ ...route, timeoutMs: 20 }], () => new Promise(() => {}));
    expect((await fetch(`${url}/x`)).status).toBe(status);
  });

  it('refuses a request above 10 MB', async () => {
    const url = await start([httpRoute('$default')]);
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect((await fetch(url, { method: 'POST', body })).status).toBe(413);
    expect(calls).toEqual([]);
  });

  it('streams what the function makes, behind its metadata', async () => {
    const metadata =
      '{"statusCode":201,"headers":{"content-type":"application/x-ndjson"},"cookies":["a=1"]}';
    const url = await start(
      [restRoute('ANY', '/x', { isStreaming: true })],
      undefined,
      // Cut in the middle of the delimiter: chunks do not respect anything.
      [`${metadata}\0\0\0`, `\0\0\0\0\0one\n`, 'two\n'],
    );
    const response = await fetch(`${url}/x`);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.getSetCookie()).toEqual(['a=1']);
    expect(await response.text()).toBe('one\ntwo\n');
  });

  it('sends the first bytes while the function still runs', async () => {
    let finish = (_answer: string) => {};
    const running = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const url = await start([restRoute('ANY', '/x', { isStreaming: true })], () => running, [
      `{"statusCode":200}${'\0'.repeat(8)}first`,
    ]);
    const reader = (await fetch(`${url}/x`)).body!.getReader();
    const { value } = await reader.read();
    finish('null');
    expect(Buffer.from(value!).toString()).toBe('first');
    expect((await reader.read()).done).toBe(true);
  });

  it('answers 502 for a stream without metadata', async () => {
    const url = await start([restRoute('ANY', '/x', { isStreaming: true })], undefined, ['hello']);
    expect((await fetch(`${url}/x`)).status).toBe(502);
  });

  it('breaks the connection if the function fails after the first bytes', async () => {
    const url = await start(
      [restRoute('ANY', '/x', { isStreaming: true })],
      () => Promise.reject(new FunctionFault('threw', 'f', 'Error')),
      [`{"statusCode":200}${'\0'.repeat(8)}half`],
    );
    const broken = new Promise((resolve) => {
      httpRequest(`${url}/x`, (response) => text(response).then(resolve, resolve)).end();
    });
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });

  it('logs what the format of the stage asks for, once a request, and never a query or a body', async () => {
    const url = await start(
      [httpRoute('$default', { accessLogFormat: ACCESS_LOG })],
      async () => '{"statusCode":200,"body":"secret-answer"}',
    );
    await (await fetch(`${url}/x?q=secret`, { method: 'POST', body: 'secret-body' })).text();
    expect(lines).toEqual(['POST $default - 200 13 -']);
  });
});
