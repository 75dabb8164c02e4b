/** Whether the API answers, and what it understands. */
import * as z from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { openApiDocument } from '../http/openapi.ts';
import { publicRoute, type Route } from '../http/route.ts';

const health = endpoint({
  method: 'GET',
  path: '/v1/health',
  scopes: [],
  summary: 'Says that the API answers, and which version of it.',
  input: z.object({}),
  response: z.object({ status: z.enum(['ok']), version: z.string() }).meta({ id: 'Health' }),
  status: 200,
});

const document = endpoint({
  method: 'GET',
  path: '/v1/openapi.json',
  scopes: [],
  summary: 'This document.',
  input: z.object({}),
  response: z.record(z.string(), z.unknown()),
  status: 200,
});

/** `others`: endpoints that the document describes and another function serves. */
export function healthRoutes(
  version: string,
  routes: readonly Route[],
  others: readonly Endpoint[],
): readonly Route[] {
  const own = [health, document];
  let made: Record<string, unknown> | undefined;
  return [
    publicRoute(health, async () => ({ body: { status: 'ok' as const, version } })),
    publicRoute(document, async () => {
      made ??= openApiDocument(
        [...own, ...routes.map(({ endpoint }) => endpoint), ...others],
        version,
      );
      return { body: made };
    }),
  ];
}
