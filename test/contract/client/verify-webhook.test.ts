/** The client's verifier against what our sender signs, and against a verifier that we did not write. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { Transient } from '#shared/kernel/transient.ts';
import { signatureHeaders } from '#shared/webhook/subscription/sign.ts';
import { verifyWebhook } from '../../../client/verify-webhook.ts';

const NOON_MS = Date.parse('2026-03-01T12:00:00Z');
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const OLD_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

function signed(body: Uint8Array, secrets: readonly string[] = [SECRET]) {
  return signatureHeaders({
    eventId: 'evt_1',
    atMs: NOON_MS,
    body,
    secrets: secrets.map((secret) => Transient.of(secret)),
  });
}

const verify = (headers: Readonly<Record<string, string>>, body: Uint8Array, nowMs = NOON_MS) =>
  verifyWebhook(headers, body, { secrets: [SECRET], nowMs });

describe('verifyWebhook', () => {
  it('accepts what the sender signs, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (body) => {
        expect(verify(signed(body), body)).toEqual({
          ok: true,
          id: 'evt_1',
          timestampS: 1_772_366_400,
        });
      }),
    );
  });

  it('agrees with the reference verifier', () => {
    const body = Buffer.from('{"type":"test"}');
    const nowHeaders = signatureHeaders({
      eventId: 'evt_2',
      atMs: Date.now(),
      body,
      secrets: [Transient.of(SECRET)],
    });

    expect(new Webhook(SECRET).verify(body.toString(), nowHeaders)).toEqual({ type: 'test' });
    expect(verify(nowHeaders, body, Date.now()).ok).toBe(true);
  });

  it('refuses a body of which one bit is another', () => {
    const body = Buffer.from('{"amount":100}');
    const changed = Buffer.from('{"amount":101}');

    expect(verify(signed(body), changed)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it('refuses another id, which only the standard signature covers', () => {
    const body = Buffer.from('{}');

    expect(verify({ ...signed(body), 'webhook-id': 'evt_9' }, body)).toEqual({
      ok: false,
      reason: 'standard_signature_mismatch',
    });
  });

  it.each([-301, 301])('refuses a timestamp %d s away', (seconds) => {
    const body = Buffer.from('{}');

    expect(verify(signed(body), body, NOON_MS + seconds * 1_000)).toEqual({
      ok: false,
      reason: 'timestamp_out_of_range',
    });
  });

  it.each(['webhook-id', 'x-webhook-signature', 'webhook-signature', 'x-webhook-timestamp'])(
    'refuses a delivery without %s',
    (name) => {
      const body = Buffer.from('{}');
      const { [name]: _left, ...headers } = signed(body);

      expect(verify(headers, body)).toEqual({ ok: false, reason: 'header_missing' });
    },
  );

  it('accepts the newest secret while an old one is rotated out', () => {
    const body = Buffer.from('{}');

    expect(verify(signed(body, [SECRET, OLD_SECRET]), body).ok).toBe(true);
  });
});
