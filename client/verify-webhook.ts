/**
 * Verifies a webhook of Millrace: give it the headers and the raw bytes, before any parsing.
 *
 * Checks  `X-Webhook-Signature` (`sha256=` and the hex HMAC-SHA256 of `<timestamp>.<body>`, keyed
 *         with the secret as it was shown) and the Standard Webhooks family (`webhook-signature`,
 *         over `<id>.<timestamp>.<body>`, keyed with the bytes that the secret's base64 stands
 *         for), both in constant time, and that the timestamp is within the tolerance both ways
 * Source  https://www.standardwebhooks.com
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type WebhookVerdict =
  | { readonly ok: true; readonly id: string; readonly timestampS: number }
  | { readonly ok: false; readonly reason: WebhookRefusal };

export type WebhookRefusal =
  | 'header_missing'
  | 'timestamp_out_of_range'
  | 'signature_mismatch'
  | 'standard_signature_mismatch';

export interface VerifyOptions {
  /** `whsec_…`, as the subscription's creation answered it; several while one is rotated out. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** How far the timestamp may be off, both ways. Seconds; default 300. */
  readonly toleranceS?: number;
}

export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const DEFAULT_TOLERANCE_S = 300;

export function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: Uint8Array,
  options: VerifyOptions,
): WebhookVerdict {
  const id = single(headers['webhook-id']);
  const timestamp = single(headers['x-webhook-timestamp']);
  const standardTimestamp = single(headers['webhook-timestamp']);
  const signature = single(headers['x-webhook-signature']);
  const standardSignature = single(headers['webhook-signature']);
  if (!id || !timestamp || !signature || !standardSignature || timestamp !== standardTimestamp) {
    return { ok: false, reason: 'header_missing' };
  }
  const timestampS = Number(timestamp);
  const toleranceS = options.toleranceS ?? DEFAULT_TOLERANCE_S;
  if (!(Math.abs(options.nowMs / 1_000 - timestampS) <= toleranceS)) {
    return { ok: false, reason: 'timestamp_out_of_range' };
  }
  const shown = options.secrets.map(
    (secret) => `sha256=${hmac(secret, `${timestamp}.`, rawBody, 'hex')}`,
  );
  if (!matchesAny(signature, shown)) return { ok: false, reason: 'signature_mismatch' };
  const standard = options.secrets.map(
    (secret) => `v1,${hmac(keyOf(secret), `${id}.${timestamp}.`, rawBody, 'base64')}`,
  );
  if (!matchesAny(standardSignature, standard)) {
    return { ok: false, reason: 'standard_signature_mismatch' };
  }
  return { ok: true, id, timestampS };
}

/** The secret after `whsec_` is base64 of the key (Standard Webhooks 1.0.0). */
function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

function hmac(
  key: string | Buffer,
  prefix: string,
  body: Uint8Array,
  encoding: 'hex' | 'base64',
): string {
  return createHmac('sha256', key).update(prefix).update(body).digest(encoding);
}

/** A header may list several signatures, separated by spaces, while a secret is rotated. */
function matchesAny(header: string, expected: readonly string[]): boolean {
  const wanted = expected.map((text) => Buffer.from(text));
  let matches = false;
  for (const candidate of header.split(' ').map((text) => Buffer.from(text))) {
    for (const one of wanted) {
      if (candidate.length === one.length && timingSafeEqual(candidate, one)) matches = true;
    }
  }
  return matches;
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
