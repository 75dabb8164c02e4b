/** Integrations, accounts and answers for tests: valid throughout, overridden where a test is about it. */

import { Readable } from 'node:stream';
import { type CredentialFields, createCredential } from '../../../shared/account/credential.ts';
import type { CredentialSource } from '../../../shared/account/credential-source.ts';
import type { IntegratedAccount } from '../../../shared/account/integrated-account.ts';
import type {
  InboundResponse,
  OutboundRequest,
  SendHttp,
} from '../../../shared/http/http-message.ts';
import { type Catalogue, loadCatalogue } from '../../../shared/integration/catalogue/catalogue.ts';
import type { Integration } from '../../../shared/integration/document/plan.ts';
import { brandId } from '../../../shared/kernel/id.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import type { BoundaryCall } from '../../../shared/wire/boundary-call.ts';
import { seededRandom } from '../doubles/seeded-random.ts';

export const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');

export const anIntegrationSource = (overrides: object = {}) => ({
  spec: 1,
  provider: 'acme',
  title: 'Acme',
  base_url: 'https://api.acme.com/v1',
  hosts: ['api.acme.com'],
  auth: {
    token: { kind: 'token', apply: { headers: { Authorization: 'Bearer {{cred.token}}' } } },
  },
  resources: {},
  ...overrides,
});

export function aCatalogue(
  overrides: object = {},
  others: { models?: readonly unknown[]; mappings?: readonly unknown[] } = {},
): Catalogue {
  return loadCatalogue({
    integrations: [anIntegrationSource(overrides)],
    models: others.models ?? [],
    mappings: others.mappings ?? [],
  });
}

export function anIntegration(overrides: object = {}): Integration {
  return aCatalogue(overrides).integration('acme')!;
}

export const anAccount = (overrides: Partial<IntegratedAccount> = {}): IntegratedAccount => ({
  id: brandId('ia_1'),
  environmentId: brandId('env_1'),
  tenantId: brandId('tenant-1'),
  integration: 'acme',
  auth: 'token',
  status: 'active',
  connection: {},
  createdAtMs: 0,
  updatedAtMs: 0,
  version: 1,
  ...overrides,
});

/** Hands out the first credential, and one more each time that the one before was refused. */
export function aCredentialSource(
  ...credentials: readonly CredentialFields[]
): CredentialSource & { readonly refused: number[] } {
  const refused: number[] = [];
  const source: CredentialSource = async (_account, request) => {
    if (request?.refusedVersion !== undefined) refused.push(request.refusedVersion);
    const version = Math.min((request?.refusedVersion ?? 0) + 1, credentials.length);
    return { credential: createCredential(credentials[version - 1] ?? {}), version };
  };
  return Object.assign(source, { refused });
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Canned {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Obeys SendHttp's contract without a network; answers in order, the last one for ever. */
export function aSendHttp(...answers: readonly Canned[]): SendHttp & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const send: SendHttp = async (request: OutboundRequest): Promise<InboundResponse> => {
    const body = request.body?.reveal();
    sent.push({
      method: request.method,
      url: request.url.href,
      headers: request.headers,
      body: body === undefined ? undefined : String(body),
    });
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? {};
    const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
    return {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json', ...answer.headers },
      body: Transient.of(Readable.from(text === '' ? [] : [Buffer.from(text)])),
    };
  };
  return Object.assign(send, { sent });
}

export const aClock = (nowMs = NOW_MS) => ({
  now: () => nowMs,
  sleep: async () => undefined,
});

export function aDeps(send: SendHttp, credentials = aCredentialSource({ token: 't0ken' })) {
  const calls: BoundaryCall[] = [];
  return {
    send,
    credentials,
    clock: aClock(),
    random: seededRandom(),
    observe: (call: BoundaryCall) => {
      calls.push(call);
    },
    calls,
  };
}
