import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { ApiRequest } from '#shared/api/http/api-message.ts';
import { problemAnswer } from '#shared/api/http/problem.ts';
import { KeyUnavailableError } from '#shared/encryption/key-ring.ts';
import { InvalidRequestError, NotFoundError } from '#shared/kernel/errors.ts';
import { httpEndpoint } from '#shared/runtime/http-endpoint.ts';
import { RateLimitedError } from '#shared/wire/provider-errors.ts';
import { aContext } from '../../support/builders/lambda-context.ts';
import { aQuietTelemetry } from '../../support/doubles/quiet-telemetry.ts';

function anEvent(change: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/v1/tenants/a%2Fb',
    rawQueryString: 'limit=5&cursor=a%20b',
    headers: { Authorization: 'Bearer x', 'x-request-id': 'r1' },
    requestContext: {
      http: { method: 'POST', path: '', protocol: '', sourceIp: '', userAgent: '' },
    } as APIGatewayProxyEventV2['requestContext'],
    body: '{"name":"Grüße"}',
    isBase64Encoded: false,
    ...change,
  };
}

async function seen(event: APIGatewayProxyEventV2, context: Context = aContext()) {
  let request: ApiRequest | undefined;
  const handler = httpEndpoint(aQuietTelemetry(), async (given) => {
    request = given;
    return { status: 204, headers: {}, body: { kind: 'none' } };
  });
  await handler(event, context);
  if (!request) throw new Error('nothing was served');
  return request;
}

describe('httpEndpoint', () => {
  it('reads method, path, query and headers from the event', async () => {
    const request = await seen(anEvent());

    expect(request).toMatchObject({ method: 'POST', path: '/v1/tenants/a%2Fb' });
    expect([...request.query]).toEqual([
      ['limit', '5'],
      ['cursor', 'a b'],
    ]);
    expect(request.headers).toEqual({ authorization: 'Bearer x', 'x-request-id': 'r1' });
  });

  it.each([
    ['text', anEvent(), '{"name":"Grüße"}'],
    [
      'base64',
      anEvent({ body: Buffer.from('{"a":1}').toString('base64'), isBase64Encoded: true }),
      '{"a":1}',
    ],
    ['no body', (({ body: _, ...rest }) => rest)(anEvent()), ''],
  ])('reads a body that comes as %s', async (_, event, expected) => {
    const { body } = await seen(event);

    expect(Buffer.from(body.reveal()).toString()).toBe(expected);
  });

  it('knows when the answer must be complete', async () => {
    const before = Date.now();

    const { deadlineMs } = await seen(anEvent(), aContext(30_000));

    expect(deadlineMs - before).toBeGreaterThanOrEqual(28_000);
    expect(deadlineMs - before).toBeLessThan(28_500);
  });

  it('keeps the body out of whatever turns a request into text', async () => {
    const request = await seen(anEvent());

    expect(() => JSON.stringify(request)).toThrow('transient');
  });

  it.each([
    [new InvalidRequestError('x', [{ path: 'a', message: 'b' }]), 400, 'invalid_request'],
    [new NotFoundError('x'), 404, 'not_found'],
    [new RateLimitedError({ status: 429 }, undefined, 0), 429, 'rate_limited'],
    [new KeyUnavailableError('x'), 503, 'key_unavailable'],
    [new Error('x'), 500, 'internal_error'],
  ])('answers %s as a problem document', async (error, status, code) => {
    const handler = httpEndpoint(aQuietTelemetry(), async () => problemAnswer(error, 'r1'));

    const result = await handler(anEvent(), aContext());

    expect(result).toMatchObject({
      statusCode: status,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': 'r1' },
    });
    expect(JSON.parse(String(result.body))).toMatchObject({ status, code, request_id: 'r1' });
  });

  it('answers without a body where there is none', async () => {
    const handler = httpEndpoint(aQuietTelemetry(), async () => ({
      status: 204,
      headers: { 'x-request-id': 'r' },
      body: { kind: 'none' },
    }));

    expect(await handler(anEvent(), aContext())).toEqual({
      statusCode: 204,
      headers: { 'x-request-id': 'r' },
    });
  });
});
