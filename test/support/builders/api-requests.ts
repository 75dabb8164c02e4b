/** Requests, callers and a router as tests of the API need them. */
import { Readable } from 'node:stream';
import type { Principal } from '#shared/access/authenticate.ts';
import type { ApiAnswer, ApiRequest } from '#shared/api/http/api-message.ts';
import type { Problem } from '#shared/api/http/problem-schema.ts';
import type { Route } from '#shared/api/http/route.ts';
import { createRouter, type RequestRecord, type RouterOptions } from '#shared/api/http/router.ts';
import { createSealer } from '#shared/encryption/create-sealer.ts';
import { KEY_BYTES, type KeyRing } from '#shared/encryption/key-ring.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { Transient } from '#shared/kernel/transient.ts';

export const CALLER: Principal = {
  environmentId: brandId('env_1'),
  apiKeyId: brandId('key_1'),
  scopes: ['read', 'write'],
};

export function aRequest(method: string, target: string, body?: unknown, headers = {}): ApiRequest {
  const url = new URL(target, 'http://test');
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { authorization: 'Bearer good', ...headers },
    body: Transient.of(bytesOf(body)),
    deadlineMs: 30_000,
  };
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export function aRouter(routes: readonly Route[], options: Partial<RouterOptions> = {}) {
  const records: RequestRecord[] = [];
  const errors: unknown[] = [];
  const serve = createRouter({
    routes,
    authenticate: async (key) => (key === 'good' ? CALLER : undefined),
    maxBodyBytes: 1_000,
    clock: { now: () => 0 },
    ids: { make: (kind) => brandId(`${kind}_made`) },
    observe: (record, error) => {
      records.push(record);
      if (error !== undefined) errors.push(error);
    },
    ...options,
  });
  return { serve, records, errors };
}

export function jsonOf(answer: ApiAnswer): unknown {
  if (answer.body.kind !== 'json') throw new Error('the answer has no JSON body');
  return JSON.parse(JSON.stringify(answer.body.value));
}

export function problemIn(answer: ApiAnswer): Problem {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  return jsonOf(answer) as Problem;
}

export function aStream(text: string): Transient<Readable> {
  return Transient.of(Readable.from([Buffer.from(text)]));
}

/** Real sealing, with a key that wraps nothing. */
export function aSealer() {
  const keyRing: KeyRing = {
    createDek: async () => {
      const dek = systemRandom.bytes(KEY_BYTES);
      return { dek, keyId: 'test', wrappedDek: Buffer.from(dek) };
    },
    openDek: async ({ wrappedDek }) => Buffer.from(wrappedDek),
  };
  return createSealer({ keyRing, random: systemRandom });
}
