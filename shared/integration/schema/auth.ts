/**
 * How calls are authenticated: the alternatives of an integration's `auth` block.
 *
 * `{{cred.<name>}}` names a field of the account's credential; an account is asked for exactly the
 * fields that the block names.
 *
 * Source  RFC 6749 (OAuth 2.0), RFC 7617 (Basic), RFC 6750 (Bearer)
 */
import * as z from 'zod';
import { textSource } from './values.ts';

/** Where the credential goes. */
const applySource = z.strictObject({
  headers: z.record(z.string(), textSource).default({}),
  query: z.record(z.string(), textSource).default({}),
});
export type ApplySource = z.output<typeof applySource>;

const common = { title: z.string().optional() };

const tokenRequest = {
  token_url: textSource,
  /** RFC 6749 §2.3.1: the client's id and secret in the body, by Basic, or not at all. */
  client_auth: z.enum(['body', 'basic', 'none']).default('body'),
  /** Further parameters of every token request. */
  token_params: z.record(z.string(), textSource).default({}),
  token_headers: z.record(z.string(), textSource).default({}),
  scopes: z
    .strictObject({ default: z.array(z.string()), separator: z.string().default(' ') })
    .optional(),
  /** Omitted: `Authorization: Bearer {{cred.access_token}}`. */
  apply: applySource.optional(),
  /** Where the answer names no lifetime: until the provider refuses the token. */
  expires: z.strictObject({ unknown: z.literal('refresh_on_401') }).optional(),
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
    refresh: z
      .strictObject({
        /** Every refresh answers a new refresh token and kills the old one. */
        rotates: z.boolean().default(false),
      })
      .optional(),
    ...tokenRequest,
    ...common,
  }),
  z.strictObject({ kind: z.literal('oauth2_cc'), ...tokenRequest, ...common }),
]);
export type AuthSource = z.output<typeof authSource>;
