import type { RefreshIntent } from '#shared/account/credential-vault.ts';
import { hashOf, nextIntent } from '#shared/oauth/renewal/intent.ts';
import { CALL_MS, LEASE_MS, NEEDED_MS, PERSIST_MS } from '#shared/oauth/token/refresh-timing.ts';

const NOW_MS = 1_000;
const found = (changes: Partial<RefreshIntent>): RefreshIntent => ({
  tokenHash: 'h',
  startedAtMs: 1,
  state: 'calling',
  retry: false,
  ...changes,
});
const calling = { tokenHash: 'h', startedAtMs: NOW_MS, state: 'calling' };

describe('the next attempt at a renewal', () => {
  it('is an ordinary one where there is no note', () => {
    expect(nextIntent(undefined, 'h', NOW_MS)).toEqual({
      kind: 'call',
      intent: { ...calling, retry: false },
      doubtful: false,
    });
  });

  it('takes no notice of a note about another refresh token', () => {
    expect(nextIntent(found({ tokenHash: 'older', retry: true }), 'h', NOW_MS)).toMatchObject({
      kind: 'call',
      doubtful: false,
    });
  });

  it('is the one retry after a crash', () => {
    expect(nextIntent(found({}), 'h', NOW_MS)).toEqual({
      kind: 'call',
      intent: { ...calling, retry: true },
      doubtful: true,
    });
  });

  it('is none after the retry crashed as well', () => {
    expect(nextIntent(found({ retry: true }), 'h', NOW_MS)).toEqual({ kind: 'lost' });
  });

  it('goes on for as long as an outage lasts', () => {
    const unanswered = found({ state: 'unanswered', retry: true });

    expect(nextIntent(unanswered, 'h', NOW_MS)).toEqual({
      kind: 'call',
      intent: { ...calling, retry: false },
      doubtful: true,
    });
  });
});

it('keeps a hash of the refresh token, not the token', () => {
  // base64url(sha256('refresh'))
  expect(hashOf('refresh')).toBe('1swKCIwHaDxlzSZoYMq42Us6GTexdCDZ2jDKKZwJ-3c');
});

it('has a lease that outlives the call, the storing and two clocks 5 s apart', () => {
  expect(NEEDED_MS).toBe(CALL_MS + PERSIST_MS + 5_000);
  expect(LEASE_MS).toBeGreaterThan(NEEDED_MS);
});
