/** Our signatures, judged by the verifier that subscribers install. */
import { Webhook } from 'standardwebhooks';
import { systemRandom } from '#shared/kernel/random.ts';
import { makeSecret, signatureHeaders } from '#shared/webhook/subscription/sign.ts';

const body = Buffer.from(JSON.stringify({ type: 'test', text: 'Grüße, 世界 – "quoted"' }));

function headersWith(secrets: readonly ReturnType<typeof makeSecret>[]) {
  return { ...signatureHeaders({ eventId: 'evt_1', atMs: Date.now(), body, secrets }) };
}

describe('the standardwebhooks package', () => {
  it('accepts what we sign', () => {
    const secret = makeSecret(systemRandom);
    const verified = new Webhook(secret.reveal()).verify(body, headersWith([secret]));
    expect(verified).toEqual({ type: 'test', text: 'Grüße, 世界 – "quoted"' });
  });

  it('accepts the old and the new secret while one takes over from the other', () => {
    const [newest, old] = [makeSecret(systemRandom), makeSecret(systemRandom)];
    const headers = headersWith([newest, old]);
    expect(new Webhook(old.reveal()).verify(body, headers)).toBeDefined();
    expect(new Webhook(newest.reveal()).verify(body, headers)).toBeDefined();
  });

  it('refuses a body with one bit changed', () => {
    const secret = makeSecret(systemRandom);
    const headers = headersWith([secret]);
    const changed = Buffer.from(body);
    changed[3] = changed[3]! ^ 1;
    expect(() => new Webhook(secret.reveal()).verify(changed, headers)).toThrow();
  });

  it('refuses another secret', () => {
    const headers = headersWith([makeSecret(systemRandom)]);
    const other = new Webhook(makeSecret(systemRandom).reveal());
    expect(() => other.verify(body, headers)).toThrow();
  });
});
