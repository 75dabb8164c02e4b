/**
 * How calls are authenticated: the alternatives of an integration's `auth` block.
 *
 * `{{cred.<name>}}` names a field of the account's credential; an account is asked for exactly the
 * fields that the block names and does not make itself.
 *
 * Source  RFC 6749 (OAuth 2.0), RFC 7617 (Basic), RFC 6750 (Bearer), RFC 5849 (OAuth 1.0), RFC 7636
 *         (PKCE), RFC 7009 (revocation); AWS Signature Version 4; WS-Security UsernameToken 1.0
 */
import * as z from 'zod';
import { bodyFormat, httpMethod } from '../request/source.ts';
import { bodySource, expressionSource, nameSource, textSource } from '../template/values-source.ts';
import { applySource } from './apply-source.ts';
import { captureSource, expirySource, stepSource, tokenRequest } from './token-request-source.ts';

const fieldSource = z.strictObject({
  title: z.string().optional(),
  /** Whether an import may leave it out. */
  optional: z.boolean().default(false),
  /** RE2 that the whole value must match. */
  pattern: z
    .string()
    .regex(/^\^.*\$$/s, 'must be anchored with ^ and $')
    .optional(),
  example: z.string().optional(),
});

/** What is called at the provider when an account is deleted; its failure deletes it all the same. */
const revokeSource = z.strictObject({
  url: textSource,
  method: httpMethod.default('POST'),
  headers: z.record(z.string(), textSource).default({}),
  basic: z.strictObject({ username: textSource, password: textSource }).optional(),
  body: bodySource.optional(),
  body_format: bodyFormat.default('form'),
  /** Whether the credential goes with it as with any call. */
  authenticated: z.boolean().default(false),
});

const common = {
  title: z.string().optional(),
  /** More about the credential's fields than their names. */
  fields: z.record(nameSource, fieldSource).default({}),
  /** Instead of the integration's. */
  base_url: textSource.optional(),
  revoke: revokeSource.optional(),
};

export const authSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), ...common }),
  z.strictObject({ kind: z.literal('token'), apply: applySource, ...common }),
  z.strictObject({
    kind: z.literal('basic'),
    username: textSource,
    password: textSource,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('oauth2_code'),
    authorize_url: textSource,
    authorize_params: z.record(z.string(), textSource).default({}),
    /** Parameters that the server does not want: `response_type`. */
    authorize_omit: z.array(z.string().min(1)).default([]),
    pkce: z.boolean().default(true),
    callback: z
      .strictObject({
        /** The query parameter that brings the code. */
        code: z.string().min(1).default('code'),
        /** Connection input (declared `captured`) → query parameter. */
        capture: z.record(nameSource, z.string().min(1)).default({}),
      })
      .prefault({}),
    refresh: z
      .strictObject({
        /** Every refresh answers a new refresh token and kills the old one. */
        rotates: z.boolean().default(false),
        /** Omitted: as for the first token. */
        url: textSource.optional(),
        params: z.record(z.string(), textSource).default({}),
        omit: z.array(z.string().min(1)).default([]),
        /** Which token is sent, and under which name. */
        token: z.enum(['refresh_token', 'access_token']).default('refresh_token'),
        param: z.string().min(1).default('refresh_token'),
        grant: z.string().min(1).default('refresh_token'),
      })
      .optional(),
    ...tokenRequest,
    ...common,
  }),
  z.strictObject({ kind: z.literal('oauth2_cc'), ...tokenRequest, ...common }),
  /** Logins, sessions, JWT bearer: steps from the account's own fields to a credential. */
  z.strictObject({
    kind: z.literal('token_exchange'),
    steps: z.array(stepSource).min(1).max(5),
    /** Fields that the steps make, from templates that see `step`; `access_token` among them. */
    credential: z.record(nameSource, textSource),
    capture: captureSource.default({}),
    /** Omitted: until the provider refuses it. On the answer of the last request. */
    expires: expirySource.optional(),
    terminal_errors: z.array(z.string().min(1)).default([]),
    /** The provider's own code of a refused exchange, on its answer. Omitted: `body.error`. */
    error_code: expressionSource.optional(),
    apply: applySource.optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('oauth1'),
    consumer_key: textSource,
    consumer_secret: textSource,
    token: textSource.optional(),
    token_secret: textSource.optional(),
    signature_method: z.enum(['HMAC-SHA1', 'HMAC-SHA256', 'PLAINTEXT']).default('HMAC-SHA1'),
    realm: textSource.optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('sigv4'),
    service: textSource,
    region: textSource,
    access_key_id: textSource,
    secret_access_key: textSource,
    session_token: textSource.optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('wsse'),
    username: textSource,
    secret: textSource,
    /** Of the SHA-1: its bytes, as the profile says, or its hexadecimal text, in Base64. */
    digest: z.enum(['binary', 'hex']).default('binary'),
    ...common,
  }),
]);
export type AuthSource = z.output<typeof authSource>;
