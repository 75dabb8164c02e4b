/**
 * Signs an event's bytes so that a subscriber can tell that they are ours, whole and recent.
 *
 * Shape   two header families over the same bytes:
 *         `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>` (one signature per
 *         live secret, newest first, separated by spaces), keyed with the bytes that the secret's
 *         base64 stands for; and `x-webhook-timestamp`, `x-webhook-signature: sha256=<hex>` of
 *         `<timestamp>.<body>`, keyed with the newest secret as it was shown, prefix and all: it
 *         has room for one signature only.
 * Units   timestamps are seconds since the Unix epoch
 * Source  Standard Webhooks 1.0.0; the timestamped HMAC format (which other verifiers read, too)
 */
import { createHmac } from 'node:crypto';
import { invariant } from '../../kernel/invariant.ts';
import type { Random } from '../../kernel/random.ts';
import { Transient } from '../../kernel/transient.ts';

const SECRET_PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

export interface SigningInput {
  /** Holds no `.`: it would move the borders of what is signed. */
  readonly eventId: string;
  readonly atMs: number;
  readonly body: Uint8Array;
  /** Newest first; at least one. */
  readonly secrets: readonly Transient<string>[];
}

export function makeSecret(random: Random): Transient<string> {
  return Transient.of(`${SECRET_PREFIX}${random.bytes(SECRET_BYTES).toString('base64')}`);
}

export function signatureHeaders(input: SigningInput): Readonly<Record<string, string>> {
  const [newest] = input.secrets;
  invariant(newest, 'an event is signed with at least one secret');
  invariant(!input.eventId.includes('.'), 'an event id holds no dot');
  const timestamp = String(Math.floor(input.atMs / 1_000));
  const standard = input.secrets.map((secret) => standardSignature(secret, timestamp, input));
  return {
    'webhook-id': input.eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': standard.join(' '),
    'x-webhook-timestamp': timestamp,
    'x-webhook-signature': `sha256=${hmac(newest.reveal(), [`${timestamp}.`, input.body]).toString('hex')}`,
  };
}

function standardSignature(
  secret: Transient<string>,
  timestamp: string,
  { eventId, body }: SigningInput,
): string {
  const key = Buffer.from(secret.reveal().slice(SECRET_PREFIX.length), 'base64');
  return `v1,${hmac(key, [`${eventId}.${timestamp}.`, body]).toString('base64')}`;
}

function hmac(key: string | Buffer, parts: readonly (string | Uint8Array)[]): Buffer {
  const digest = createHmac('sha256', key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}
