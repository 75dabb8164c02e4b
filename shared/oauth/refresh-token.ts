/**
 * Asks a token endpoint for a new access token: one call, no retry.
 *
 * A client of our own, since libraries that keep RFC 6749 to the letter refuse answers that
 * providers do give (no `token_type`, `text/html`, an error under 200); see token-response.ts.
 *
 * Errors  {@link RefreshRefusedError}, {@link TokenEndpointError}, RateLimitedError; those of
 *         {@link SendHttp}
 * Source  RFC 6749 §2.3.1 (client authentication), §4.4 (client credentials), §6 (refresh)
 */
import { type Credential, createCredential } from '../account/credential.ts';
import type { SendHttp } from '../http/http-message.ts';
import { readBody } from '../http/read-body.ts';
import type { Clock } from '../kernel/clock.ts';
import { RateLimitedError } from '../proxy/provider-errors.ts';
import { CALL_MS } from './refresh-timing.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { RefreshRefusedError, readTokenResponse } from './token-response.ts';

export interface RefreshTokenDeps {
  readonly send: SendHttp;
  readonly clock: Clock;
}

export type RefreshToken = (endpoint: TokenEndpoint, current: Credential) => Promise<Credential>;

/** Token answers are a few kilobytes; ID tokens with many claims may reach ten. */
const MAX_ANSWER_BYTES = 65_536;
const TOO_MANY_REQUESTS = 429;

export function createRefreshToken({ send, clock }: RefreshTokenDeps): RefreshToken {
  return async (endpoint, current) => {
    const startedAtMs = clock.now();
    const response = await send({
      method: 'POST',
      url: endpoint.url,
      headers: headersOf(endpoint),
      body: current.fields.map((fields) => formOf(endpoint, fields['refresh_token'])),
      timeoutMs: Math.min(endpoint.timeoutMs, CALL_MS),
    });
    const answer = await readBody(response.body, MAX_ANSWER_BYTES);
    if (response.status === TOO_MANY_REQUESTS) {
      const resumeAtMs = resumesAt(response.headers['retry-after'], clock.now());
      throw new RateLimitedError({ status: TOO_MANY_REQUESTS }, resumeAtMs, clock.now());
    }
    const { fields, lifetimeMs } = readTokenResponse(response.status, answer.reveal().toString());
    // Counted from before the call: the token's life began before its answer arrived.
    const expiresAtMs = lifetimeMs === undefined ? undefined : startedAtMs + lifetimeMs;
    return createCredential({ ...current.fields.reveal(), ...fields }, expiresAtMs);
  };
}

function headersOf(endpoint: TokenEndpoint): Record<string, string> {
  const headers: Record<string, string> = {
    ...endpoint.headers,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (endpoint.clientAuth === 'basic') {
    const { id, secret = '' } = endpoint.client.reveal();
    const pair = `${formEncode(id)}:${formEncode(secret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return headers;
}

function formOf(endpoint: TokenEndpoint, refreshToken: string | undefined): string {
  const form = new URLSearchParams(endpoint.params);
  form.set('grant_type', endpoint.grant);
  if (endpoint.grant === 'refresh_token') {
    if (refreshToken === undefined) {
      throw new RefreshRefusedError('there is no refresh token', { reason: 'no_refresh_token' });
    }
    form.set('refresh_token', refreshToken);
  }
  if (endpoint.clientAuth !== 'basic') {
    const { id, secret } = endpoint.client.reveal();
    form.set('client_id', id);
    if (endpoint.clientAuth === 'body' && secret !== undefined) form.set('client_secret', secret);
  }
  return form.toString();
}

/** As a form would write it: RFC 6749 §2.3.1 asks for it in both halves of Basic. */
function formEncode(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice('x='.length);
}

/** Seconds or an HTTP date, RFC 9110 §10.2.3. */
function resumesAt(retryAfter: string | undefined, nowMs: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  const atMs = /^\d+$/.test(retryAfter)
    ? nowMs + Number(retryAfter) * 1_000
    : Date.parse(retryAfter);
  return Number.isFinite(atMs) ? atMs : undefined;
}
