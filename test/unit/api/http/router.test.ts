import * as z from 'zod';
import { endpoint, noBody } from '#shared/api/http/endpoint.ts';
import { publicRoute, route } from '#shared/api/http/route.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import {
  aRequest,
  aRouter,
  aStream,
  CALLER,
  jsonOf,
  problemIn,
} from '../../../support/builders/api-requests.ts';

const thing = z.object({ id: z.string(), size: z.number() });
const readThing = endpoint({
  method: 'GET',
  path: '/v1/things/{id}',
  scopes: ['read'],
  summary: 'Reads a thing.',
  input: z.object({ params: z.object({ id: z.string() }) }),
  response: thing,
  status: 200,
});
const makeThing = endpoint({
  method: 'POST',
  path: '/v1/things',
  scopes: ['write', 'admin'],
  summary: 'Makes a thing.',
  input: z.object({
    query: z.object({ dry: z.enum(['true', 'false']).optional() }),
    body: z.strictObject({
      size: z.number(),
      parts: z.array(z.strictObject({ name: z.string() })).default([]),
    }),
  }),
  response: thing,
  status: 201,
});
const auditThing = endpoint({ ...readThing, path: '/v1/things/{id}/audit', scopes: ['audit'] });
const healthy = endpoint({
  method: 'GET',
  path: '/v1/health',
  scopes: [],
  summary: 'Health.',
  input: z.object({}),
  response: z.object({ status: z.string() }),
  status: 200,
});

const read = route(readThing, {
  run: async ({ params }) => ({ body: { id: params.id, size: 1 } }),
});
const make = route(makeThing, {
  run: async ({ body }) => ({ body: { id: 'new', size: body.size } }),
});
const audit = route(auditThing, { run: async () => ({ body: { id: '1', size: 1 } }) });
const health = publicRoute(healthy, async () => ({ body: { status: 'ok' } }));
const all = [read, make, audit, health];

describe('createRouter', () => {
  it('answers with what the handler made of path and body', async () => {
    const { serve } = aRouter(all);

    const answer = await serve(aRequest('POST', '/v1/things', { size: 3 }));

    expect(answer.status).toBe(201);
    expect(jsonOf(answer)).toEqual({ id: 'new', size: 3 });
  });

  it('decodes what the path carries', async () => {
    const answer = await aRouter(all).serve(aRequest('GET', '/v1/things/a%2Fb%20c'));

    expect(jsonOf(answer)).toMatchObject({ id: 'a/b c' });
  });

  it.each([
    ['an unknown path', 'GET', '/v1/nothing', 404, 'not_found'],
    ['an empty segment', 'GET', '/v1/things/', 404, 'not_found'],
    ['a method that the path does not have', 'DELETE', '/v1/things/1', 405, 'method_not_supported'],
  ])('refuses %s', async (_, method, path, status, code) => {
    const answer = await aRouter(all).serve(aRequest(method, path));

    expect(problemIn(answer)).toMatchObject({ status, code });
  });

  it('says which methods a path has', async () => {
    const answer = await aRouter(all).serve(aRequest('PUT', '/v1/things/1'));

    expect(answer.headers['allow']).toBe('GET');
  });

  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer bad' }],
    ['another scheme', { authorization: 'Basic good' }],
    ['a key with white space', { authorization: 'Bearer go od' }],
  ])('answers 401 to %s', async (_, headers) => {
    const request = { ...aRequest('GET', '/v1/things/1'), headers };

    const answer = await aRouter(all).serve(request);

    expect(problemIn(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('answers 403 where the key lacks the scope', async () => {
    const answer = await aRouter(all).serve(aRequest('GET', '/v1/things/1/audit'));

    expect(problemIn(answer)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('needs no key where the route has no scope', async () => {
    const answer = await aRouter(all).serve({ ...aRequest('GET', '/v1/health'), headers: {} });

    expect(jsonOf(answer)).toEqual({ status: 'ok' });
  });

  it('lists the faults of query and body at once, each with its path', async () => {
    const body = { size: 'x', parts: [{ name: 'a' }, { nam: 'b' }], colour: 'red' };

    const answer = await aRouter(all).serve(aRequest('POST', '/v1/things?dry=maybe', body));

    const problem = problemIn(answer);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.map(({ path }) => path).toSorted()).toEqual([
      'colour',
      'dry',
      'parts[1].nam',
      'parts[1].name',
      'size',
    ]);
  });

  it('never repeats a value of the body in a fault', async () => {
    const answer = await aRouter(all).serve(aRequest('POST', '/v1/things', { size: 's3cret' }));

    expect(JSON.stringify(jsonOf(answer))).not.toContain('s3cret');
  });

  it('refuses a body that is not JSON without quoting it', async () => {
    const answer = await aRouter(all).serve(aRequest('POST', '/v1/things', '{"size": s3cret'));

    expect(problemIn(answer).errors).toEqual([
      { path: '', message: 'the body is not JSON in UTF-8' },
    ]);
  });

  it('refuses a body that is nested deeper than schemas can walk', async () => {
    const deep = `{"size":1,"parts":${'['.repeat(64)}${']'.repeat(64)}}`;
    const answer = await aRouter(all).serve(aRequest('POST', '/v1/things', deep));

    expect(problemIn(answer).errors).toEqual([
      { path: '', message: 'the body is nested deeper than 64 levels' },
    ]);
  });

  it('refuses a body above the limit', async () => {
    const answer = await aRouter(all).serve(aRequest('POST', '/v1/things', 'x'.repeat(1_001)));

    expect(problemIn(answer)).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it('refuses a parameter that is given twice', async () => {
    const target = '/v1/things?dry=true&dry=false';

    const answer = await aRouter(all).serve(aRequest('POST', target, { size: 1 }));

    expect(problemIn(answer).errors?.map(({ path }) => path)).toEqual(['dry']);
  });

  it('hides what is behind an unknown error, and tells the log', async () => {
    const broken = route(readThing, { run: () => Promise.reject(new Error('s3cret')) });
    const { serve, errors, records } = aRouter([broken]);

    const answer = await serve(aRequest('GET', '/v1/things/1'));

    expect(problemIn(answer)).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.stringify(jsonOf(answer))).not.toContain('s3cret');
    expect(errors).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: 500, code: 'internal_error' });
  });

  it('gives the log ids and the pattern of the path, not the path', async () => {
    const { serve, records } = aRouter(all);

    await serve(
      aRequest('GET', '/v1/things/jane@example.com', undefined, { 'x-request-id': 'r.1' }),
    );

    expect(records).toEqual([
      {
        requestId: 'r.1',
        method: 'GET',
        route: '/v1/things/{id}',
        status: 200,
        code: undefined,
        latencyMs: 0,
        environmentId: CALLER.environmentId,
        apiKeyId: 'key_1',
      },
    ]);
  });

  it.each([
    ['keeps a well-formed request id', 'abc-1_2.Z', 'abc-1_2.Z'],
    ['replaces one with other characters', 'a b', 'req_made'],
    ['replaces one that is too long', 'x'.repeat(129), 'req_made'],
  ])('%s', async (_, sent, expected) => {
    const request = aRequest('GET', '/v1/nothing', undefined, { 'x-request-id': sent });

    const answer = await aRouter(all).serve(request);

    expect(answer.headers['x-request-id']).toBe(expected);
    expect(problemIn(answer).request_id).toBe(expected);
  });

  it('tags every read, and answers 304 to who knows the tag', async () => {
    const { serve } = aRouter(all);
    const first = await serve(aRequest('GET', '/v1/things/1'));
    const tag = first.headers['etag'];

    const again = await serve(aRequest('GET', '/v1/things/1', undefined, { 'if-none-match': tag }));

    expect(tag).toMatch(/^"[\w-]{22}"$/);
    expect(again).toMatchObject({ status: 304, body: { kind: 'none' } });
  });

  it('passes a stream on as it is', async () => {
    const streaming = route(
      endpoint({ ...readThing, response: noBody, responseType: 'application/x-ndjson' }),
      { run: async () => ({ stream: aStream('line\n') }) },
    );

    const answer = await aRouter([streaming]).serve(aRequest('GET', '/v1/things/1'));

    expect(answer.body.kind).toBe('stream');
  });

  it('prefers a literal segment to a parameter, and a parameter to a rest', async () => {
    const named = (path: string) =>
      route(endpoint({ ...readThing, path, input: z.object({}) }), {
        run: async () => ({ body: { id: path, size: 0 } }),
      });
    const { serve } = aRouter(['/v1/{rest+}', '/v1/{id}', '/v1/openapi.json'].map(named));
    const matched = async (path: string) => jsonOf(await serve(aRequest('GET', path)));

    expect(await matched('/v1/openapi.json')).toMatchObject({ id: '/v1/openapi.json' });
    expect(await matched('/v1/other')).toMatchObject({ id: '/v1/{id}' });
    expect(await matched('/v1/a/b/c')).toMatchObject({ id: '/v1/{rest+}' });
  });

  it('answers an error of the handler with its own status', async () => {
    const missing = route(readThing, {
      run: () => Promise.reject(new NotFoundError('no such thing', { thingId: '1' })),
    });

    const answer = await aRouter([missing]).serve(aRequest('GET', '/v1/things/1'));

    expect(problemIn(answer)).toMatchObject({ status: 404, ids: { thing_id: '1' } });
  });
});
