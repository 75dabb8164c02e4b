import { ClaimGoneError, claimTicket, createClaimCheck } from '#shared/claim-check/claim-check.ts';
import { sweepExpiredClaims } from '#shared/claim-check/sweep-expired-claims.ts';
import { EnvelopeTamperedError } from '#shared/encryption/key-ring.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createMemoryPayloadStore } from '../../support/doubles/memory-payload-store.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const TTL_MS = 600_000;
const payload = () => Transient.of(Buffer.from('{"email":"canary@example.com"}'));

function aWorld() {
  const clock = new VirtualClock(Date.parse('2026-03-01T12:00:30Z'));
  const payloads = createMemoryPayloadStore();
  const claims = createClaimCheck({ payloads, clock, random: systemRandom, ttlMs: TTL_MS });
  return { clock, payloads, claims };
}

describe('a claim check', () => {
  it('gives the payload back for its ticket', async () => {
    const { claims } = aWorld();

    const redeemed = await claims.redeem(await claims.checkIn(payload()));

    expect(redeemed.reveal().toString()).toBe('{"email":"canary@example.com"}');
  });

  it('still does after the ticket travelled as JSON', async () => {
    const { claims } = aWorld();
    const message = JSON.stringify(await claims.checkIn(payload()));

    const redeemed = await claims.redeem(claimTicket.parse(JSON.parse(message)));

    expect(redeemed.reveal().toString()).toBe('{"email":"canary@example.com"}');
  });

  it('stores ciphertext only, under the minute of expiry', async () => {
    const { claims, payloads } = aWorld();

    await claims.checkIn(payload());

    const [[key, bytes]] = [...payloads.objects] as [[string, Uint8Array]];
    expect(key).toMatch(/^c\/202603011210\/[A-Za-z0-9_-]{22}$/);
    expect(Buffer.from(bytes).includes('canary')).toBe(false);
  });

  it('encrypts every claim under a key of its own', async () => {
    const { claims } = aWorld();

    const [one, two] = [await claims.checkIn(payload()), await claims.checkIn(payload())];

    expect(one.key).not.toBe(two.key);
    expect(one.object_key).not.toBe(two.object_key);
  });

  it('is redeemed until its expiry and not at it', async () => {
    const { claims, clock } = aWorld();
    const ticket = await claims.checkIn(payload());
    clock.advance(TTL_MS - 1);
    await claims.redeem(ticket);

    clock.advance(1);

    await expect(claims.redeem(ticket)).rejects.toThrow(ClaimGoneError);
  });

  it('cannot be prolonged by who holds the ticket', async () => {
    const { claims } = aWorld();
    const ticket = await claims.checkIn(payload());

    await expect(
      claims.redeem({ ...ticket, expires_at_ms: ticket.expires_at_ms + 1 }),
    ).rejects.toThrow(EnvelopeTamperedError);
  });

  it('is gone once discarded, and may be discarded again', async () => {
    const { claims, payloads } = aWorld();
    const ticket = await claims.checkIn(payload());

    await claims.discard(ticket);
    await claims.discard(ticket);

    expect(payloads.objects.size).toBe(0);
    await expect(claims.redeem(ticket)).rejects.toThrow(ClaimGoneError);
  });
});

describe('the sweep of expired claims', () => {
  it('deletes what expired in a minute that is over, and nothing else', async () => {
    const { claims, clock, payloads } = aWorld();
    const old = [1, 2, 3].map(() => claims.checkIn(payload()));
    await Promise.all(old);
    clock.advance(60_000);
    const kept = await claims.checkIn(payload());
    clock.advance(TTL_MS - 60_000);
    // 12:10:30: the first three have expired, but their minute is not over.
    expect(await sweepExpiredClaims({ payloads, clock })).toBe(0);

    clock.advance(30_000);

    expect(await sweepExpiredClaims({ payloads, clock })).toBe(3);
    expect([...payloads.objects.keys()]).toEqual([kept.object_key]);
  });

  it('never reads a payload', async () => {
    const { claims, clock, payloads } = aWorld();
    await claims.checkIn(payload());
    clock.advance(TTL_MS + 60_000);
    const get = () => Promise.reject(new Error('the sweep read a payload'));

    expect(await sweepExpiredClaims({ payloads: { ...payloads, get } as never, clock })).toBe(1);
  });

  it('ends when no claim is left', async () => {
    const { clock, payloads } = aWorld();

    expect(await sweepExpiredClaims({ payloads, clock })).toBe(0);
  });
});
