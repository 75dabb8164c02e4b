/**
 * A fixture: what the engine asks a provider and what it makes of the answers, as data.
 * `integrations/<provider>/fixtures/<anything>.yaml`. Synthetic throughout: no real person, no real
 * account, no real secret.
 *
 * Every fixture names `auth` (an alternative of the integration), `connection` and `credential` (its
 * fields, those too that token steps make), the `exchanges` in order, and what it expects. Time stands
 * at 2026-03-01T12:00:00Z.
 *
 * | what is shown        | how it is written                                                        |
 * | -------------------- | ------------------------------------------------------------------------ |
 * | a list               | `resource: crm/contacts` or `contacts`, `method: list`, `expect.records` |
 * | what changed since   | beside that `since: "2026-02-01T00:00:00Z"`, or the filter under `query` |
 * | a list's middle      | beside that `cursor`, as the engine keeps it, and `pages: 1`             |
 * | one record           | `method: get`, `id: "7"`, `expect.record`                                |
 * | a write              | `method: create` or `update`, `input`, `id`, `expect.record`             |
 * | how input is mapped  | a unified `create` or `update` may add `expect.input`, what the provider is sent |
 * | a delete             | `method: delete`, `id`, `expect: { deleted: true }`                      |
 * | verification         | `verify: true`, no resource; `expect: { verified: true }`                |
 * | what connecting asks | `connect: true`; `expect.connection`, the inputs that the provider told  |
 * | a token request      | `renew: true`, `app` where it takes a client; `expect.credential`        |
 * | a failure            | `expect.error`: members of the error, as far as they matter              |
 *
 * A private key of the credential is never written down: `generated:rsa` or `generated:ec` stands for one.
 *
 * A request is compared by method and URL (the order of parameters means nothing), by the headers
 * that are given and by `body` where it is given: JSON and forms by content, other texts as they are.
 * An answer has `body` (JSON), `text` (as it is: XML, CSV, JSONL) or `base64` (bytes: gzip, zip). Of
 * an error and of a renewed credential the members that are given are compared.
 */
import * as z from 'zod';
import type { Json } from '#shared/kernel/json.ts';

const json: z.ZodType<Json> = z.json();
const headers = z.record(z.string(), z.string()).default({});

const answerSchema = z
  .strictObject({
    status: z.int().min(100).max(599).default(200),
    headers,
    body: json.optional(),
    text: z.string().optional(),
    base64: z.base64().optional(),
  })
  .refine(({ body, text, base64 }) => [body, text, base64].filter(isGiven).length <= 1, {
    error: 'must hold one of body, text and base64',
  });

const exchangeSchema = z.strictObject({
  request: z.strictObject({
    method: z.string().default('GET'),
    url: z.url(),
    headers,
    body: json.optional(),
  }),
  answer: answerSchema,
});

const expectationSchema = z
  .strictObject({
    records: z.array(json).optional(),
    record: json.optional(),
    deleted: z.literal(true).optional(),
    verified: z.literal(true).optional(),
    connection: z.record(z.string(), z.string()).optional(),
    credential: z.record(z.string(), z.string()).optional(),
    error: z.record(z.string(), json).optional(),
    /** Of a unified write, besides its outcome or instead of it. */
    input: json.optional(),
  })
  .refine(
    ({ input, ...outcomes }) => {
      const count = Object.values(outcomes).filter(isGiven).length;
      return count === 1 || (count === 0 && isGiven(input));
    },
    { error: 'must hold one of records, record, deleted, verified, connection, credential, error' },
  );

export const fixtureSchema = z
  .strictObject({
    /** What it shows, for whoever reads the report. */
    title: z.string().optional(),
    resource: z.string().optional(),
    method: z.string().optional(),
    verify: z.literal(true).optional(),
    connect: z.literal(true).optional(),
    renew: z.literal(true).optional(),
    auth: z.string(),
    connection: z.record(z.string(), z.string()).default({}),
    credential: z.record(z.string(), z.string()).default({}),
    /** The OAuth client of the environment. */
    app: z.strictObject({ id: z.string(), secret: z.string().optional() }).optional(),
    /** Unified filters, or native parameters. */
    query: z.record(z.string(), json).default({}),
    since: z.iso.datetime({ offset: true }).optional(),
    id: z.string().optional(),
    input: z.record(z.string(), json).optional(),
    cursor: json.optional(),
    /** Stops after so many pages. Omitted: at the end of the list. */
    pages: z.int().positive().optional(),
    exchanges: z.array(exchangeSchema),
    expect: expectationSchema,
  })
  .refine(
    ({ verify, connect, renew, resource, method }) =>
      [verify, connect, renew, resource && method].filter(Boolean).length === 1,
    {
      path: ['resource'],
      error: 'must be present with a method, or instead one of verify, connect, renew',
    },
  );

export type Fixture = z.output<typeof fixtureSchema>;
export type Exchange = z.output<typeof exchangeSchema>;
export type FixtureAnswer = z.output<typeof answerSchema>;

function isGiven(value: unknown): boolean {
  return value !== undefined;
}
