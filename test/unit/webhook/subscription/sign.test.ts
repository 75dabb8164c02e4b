import { createHmac } from 'node:crypto';
import { Transient } from '#shared/kernel/transient.ts';
import { makeSecret, signatureHeaders } from '#shared/webhook/subscription/sign.ts';
import { seededRandom } from '../../../support/doubles/seeded-random.ts';

const BODY = Buffer.from('{"type":"test"}');
const NEW = Transient.of(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
const OLD = Transient.of(`whsec_${Buffer.alloc(32, 2).toString('base64')}`);
const AT_MS = 1_767_225_600_999;

function sign(secrets = [NEW]) {
  return signatureHeaders({ eventId: 'evt_1', atMs: AT_MS, body: BODY, secrets });
}

describe('signatureHeaders', () => {
  it('writes both timestamps in whole seconds', () => {
    expect(sign()).toMatchObject({
      'webhook-timestamp': '1767225600',
      'x-webhook-timestamp': '1767225600',
      'webhook-id': 'evt_1',
    });
  });

  it('signs timestamp and body with the secret as it was shown', () => {
    const expected = createHmac('sha256', NEW.reveal())
      .update('1767225600.{"type":"test"}')
      .digest('hex');
    expect(sign()['x-webhook-signature']).toBe(`sha256=${expected}`);
  });

  it('signs with every live secret, the newest first', () => {
    const one = sign([NEW])['webhook-signature'];
    const two = sign([OLD])['webhook-signature'];
    expect(sign([NEW, OLD])['webhook-signature']).toBe(`${one} ${two}`);
  });

  it('refuses an id that would move the borders of what is signed', () => {
    const input = { eventId: 'evt.1', atMs: AT_MS, body: BODY, secrets: [NEW] };
    expect(() => signatureHeaders(input)).toThrow('an event id holds no dot');
  });
});

describe('makeSecret', () => {
  it('makes 32 random bytes in base64 behind whsec_', () => {
    const secret = makeSecret(seededRandom()).reveal();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
