/**
 * How a token is asked for and what is read from the answer: the knobs in which OAuth servers
 * differ, and the steps of exchanges that are no OAuth at all.
 *
 * Templates see `{ conn, cred, app, step }`; expressions on an answer see `{ status, headers, body,
 * cookies }`, where `cookies` are those that the answer sets.
 *
 * Source  RFC 6749 §2.3.1, §5; RFC 7523 (JWT bearer); RFC 7519 (JWT)
 */
import * as z from 'zod';
import { bodyFormat, httpMethod } from '../request/source.ts';
import {
  bodySource,
  durationSource,
  expressionSource,
  nameSource,
  scalarSource,
  textSource,
} from '../template/values-source.ts';
import { applySource } from './apply-source.ts';

/** Connection input (declared `captured`) → where its value stands in an answer. */
export const captureSource = z.record(nameSource, expressionSource);

/** A JWT, signed here. */
export const mintSource = z.strictObject({
  /** Name under which later steps find it: `step.<as>`. */
  as: nameSource,
  alg: z.enum([
    'HS256',
    'HS384',
    'HS512',
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'ES256',
    'ES384',
    'EdDSA',
  ]),
  /** PEM or JWK for the asymmetric ones, a secret for HS. */
  key: textSource,
  key_encoding: z.enum(['utf8', 'base64', 'hex']).default('utf8'),
  ttl: durationSource.default('PT3M'),
  /** Claims besides iat and exp. */
  claims: z.record(z.string(), scalarSource).default({}),
  /** Header members besides alg: kid, x5t#S256. */
  header: z.record(z.string(), textSource).default({}),
});
export type MintSource = z.output<typeof mintSource>;

const requestStep = z.strictObject({
  url: textSource,
  method: httpMethod.default('POST'),
  query: z.record(z.string(), scalarSource).default({}),
  headers: z.record(z.string(), textSource).default({}),
  basic: z.strictObject({ username: textSource, password: textSource }).optional(),
  body: bodySource.optional(),
  body_format: bodyFormat.default('form'),
  /** Omitted: a status from 200 to 299. */
  ok: expressionSource.optional(),
  /** What later steps and `credential` find under `step.<name>`. */
  capture: z.record(nameSource, expressionSource).default({}),
});

export const stepSource = z.union([z.strictObject({ mint: mintSource }), requestStep], {
  error: 'must be { mint } or a request with a url',
});
export type StepSource = z.output<typeof stepSource>;

/** How long an access token lives, where the answer does not say so in `expires_in` seconds. */
export const expirySource = z.union(
  [
    /** Until the provider refuses it. */
    z.strictObject({ unknown: z.literal('refresh_on_401') }),
    z.strictObject({ after: durationSource }),
    /** On the answer that brought the token. */
    z.strictObject({ seconds: expressionSource }),
    /** An instant: ISO 8601, or a number of seconds since the epoch. */
    z.strictObject({ at: expressionSource }),
  ],
  { error: 'must be { unknown }, { after }, { seconds } or { at }' },
);

/** After the token: a session swap, a token for another audience, on every exchange and renewal. */
const swap = {
  // biome-ignore lint/suspicious/noThenProperty: a list, which nobody can call
  then: z.array(stepSource).max(5).default([]),
  /** Fields of the credential, from templates that see `step`; besides the tokens. */
  credential: z.record(nameSource, textSource).default({}),
};

export const tokenRequest = {
  token_url: textSource,
  /**
   * RFC 6749 §2.3.1: the client's id and secret in the body, by Basic, or not at all. basic_secret:
   * the secret alone, as Basic's user. private_key_jwt: an assertion, by `assertion` (RFC 7523).
   */
  client_auth: z.enum(['body', 'basic', 'basic_secret', 'none', 'private_key_jwt']).default('body'),
  assertion: mintSource.optional(),
  token_format: z.enum(['form', 'json', 'query']).default('form'),
  token_method: z.enum(['POST', 'GET']).default('POST'),
  /** Further parameters of every token request. */
  token_params: z.record(z.string(), textSource).default({}),
  /** Parameters that the server does not want: `scope`, `redirect_uri`. */
  token_omit: z.array(z.string().min(1)).default([]),
  token_headers: z.record(z.string(), textSource).default({}),
  /** Where the answer does not name them as RFC 6749 §5.1 does. */
  token_response: z
    .strictObject({
      access_token: expressionSource.optional(),
      refresh_token: expressionSource.optional(),
      expires_in: expressionSource.optional(),
    })
    .default({}),
  /** Codes of an error, under whatever status, after which only the user can help. */
  terminal_errors: z.array(z.string().min(1)).default([]),
  scopes: z
    .strictObject({
      default: z.array(z.string()),
      separator: z.string().default(' '),
      /** The parameter that names them: `user_scope`. */
      param: z.string().min(1).default('scope'),
    })
    .optional(),
  /** From the answer that brought the token. */
  capture: captureSource.default({}),
  /** Omitted: `Authorization: Bearer {{cred.access_token}}`. */
  apply: applySource.optional(),
  expires: expirySource.optional(),
  ...swap,
};
