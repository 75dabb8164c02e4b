/**
 * How a provider's webhooks are told from anybody else's, whose they are, and what they say. Closed
 * and fail-closed: a scheme names everything that it signs, and a missing signature never passes.
 *
 * Templates see `{ raw, method, url, timestamp, header, query, form, app, conn, hook }`; expressions
 * see `{ headers, query, body }`.
 *
 * Source  Standard Webhooks 1.0.0; the providers' own pages, cited in each integration
 */
import * as z from 'zod';
import {
  durationSource,
  expressionSource,
  headerNameSource,
  nameSource,
  textSource,
} from '../template/values-source.ts';

const hash = z.enum(['sha256', 'sha1', 'sha512']);
const keyEncoding = z.enum(['utf8', 'hex', 'base64', 'whsec', 'sha256', 'sha1']);
/** What of the message the signature vouches for. origin: only that the sender knows a secret. */
const covers = z.enum(['body', 'fields', 'origin']).default('body');

const signatureSource = z.strictObject({
  header: headerNameSource,
  encoding: z.enum(['hex', 'base64', 'base64url']),
  /** plain: the whole value. kv: `t=1,v1=…`. tagged: `v1,… v1,…`. */
  format: z.enum(['plain', 'kv', 'tagged']).default('plain'),
  /** Before the value of a plain one: `sha256=`. */
  prefix: z.string().optional(),
  /** The member of kv or tagged that is the signature: `v1`. */
  member: z.string().optional(),
});

export const verifierSource = z.discriminatedUnion('scheme', [
  z.strictObject({
    scheme: z.enum(['hmac', 'hash']),
    hash: hash.default('sha256'),
    /** The secrets; each may match. `{{app.webhook_secrets}}`, `{{hook.secret}}`. */
    key: textSource,
    key_encoding: keyEncoding.default('utf8'),
    /** The signed text. Omitted: `{{raw}}`, the body as it came. */
    payload: textSource.default('{{raw}}'),
    signature: signatureSource,
    covers,
  }),
  z.strictObject({
    scheme: z.enum(['ed25519', 'ecdsa', 'rsa']),
    hash: hash.default('sha256'),
    /** The public key: PEM, or the raw one in `key_encoding`. */
    key: textSource,
    key_encoding: z.enum(['pem', 'hex', 'base64']).default('pem'),
    payload: textSource.default('{{raw}}'),
    signature: signatureSource,
    covers,
  }),
  /** A secret that comes as it is. */
  z.strictObject({
    scheme: z.literal('token'),
    key: textSource,
    /** Where it stands: a template over `header`, `query`; or an expression on the body. */
    value: z.union([textSource, z.strictObject({ expr: expressionSource })]),
    covers: z.literal('origin').default('origin'),
  }),
  z.strictObject({
    scheme: z.literal('basic'),
    username: textSource,
    password: textSource,
    covers: z.literal('origin').default('origin'),
  }),
  z.strictObject({
    scheme: z.literal('jwt'),
    alg: z.enum(['HS256', 'RS256', 'ES256']),
    key: textSource,
    value: textSource,
    /** Claim → what it must be. */
    claims: z.record(z.string(), textSource).default({}),
    max_age: durationSource.default('PT5M'),
    covers,
  }),
  z.strictObject({ scheme: z.literal('standard_webhooks'), key: textSource, covers }),
]);

/** Answers that a provider wants before it sends, or with each message. */
const handshakeSource = z.strictObject({
  /** On `{ method, headers, query, body }`. */
  when: expressionSource,
  /** Whether the message must be signed all the same. */
  verified: z.boolean().default(false),
  status: z.int().min(200).max(299).default(200),
  /** What is echoed: an expression that yields a text, or an object to be sent as JSON. */
  respond: expressionSource.optional(),
  headers: z.record(z.string(), textSource).default({}),
  /** Names of the hook's own secrets that the message brings. */
  capture: z.record(nameSource, expressionSource).default({}),
});

export const webhookSource = z.strictObject({
  /** Any one is enough: a newer scheme beside an older. */
  verify: z.array(verifierSource).min(1),
  timestamp: z
    .strictObject({
      /** Where it stands: a header, of which `member` may be one part (`t`); or an expression. */
      header: headerNameSource.optional(),
      member: z.string().optional(),
      /** On `{ headers, query, body }`: for providers that sign a time inside the body. */
      body: expressionSource.optional(),
      unit: z.enum(['epoch_s', 'epoch_ms', 'iso8601']),
      tolerance: durationSource.default('PT5M'),
    })
    .refine(({ header, body }) => (header === undefined) !== (body === undefined), {
      error: 'must hold one of header and body',
    })
    .optional(),
  handshakes: z.array(handshakeSource).default([]),
  /**
   * Whose it is, where one address serves all accounts: the account whose connection input equals
   * the value, for each event.
   */
  route: z.strictObject({ input: nameSource, value: expressionSource }).optional(),
  /** The body's events: a list of `{ type, resource, id, at?, dedupe?, record? }`. */
  events: expressionSource,
  /** Types of events → what became of the record; others are passed over. */
  types: z.record(z.string(), z.enum(['created', 'updated', 'deleted'])).default({}),
  /** The body has no more than ids: the record is fetched by `get`. */
  thin: z.boolean().default(true),
});
export type WebhookSource = z.output<typeof webhookSource>;
