import {
  grant,
  isHeld,
  type Lease,
  LeaseHeldError,
  type LeaseStore,
  withLease,
} from '#shared/lease/lease.ts';

const NOON_MS = Date.parse('2026-03-01T12:00:00Z');

function aLease(changes: Partial<Lease> = {}): Lease {
  return { key: 'k', owner: 'a', fence: 1, expiresAtMs: NOON_MS, ...changes };
}

describe('grant', () => {
  it('refuses while the lease is held, even to its own owner', () => {
    const held = aLease({ owner: 'a', expiresAtMs: NOON_MS + 1 });

    expect(() => grant(held, { key: 'k', owner: 'a', ttlMs: 10 }, NOON_MS)).toThrow(LeaseHeldError);
  });

  it('grants the next fence at the very instant of expiry', () => {
    const expired = aLease({ fence: 7, expiresAtMs: NOON_MS });

    expect(isHeld(expired, NOON_MS)).toBe(false);
    expect(grant(expired, { key: 'k', owner: 'b', ttlMs: 10 }, NOON_MS)).toEqual({
      key: 'k',
      owner: 'b',
      fence: 8,
      expiresAtMs: NOON_MS + 10,
    });
  });

  it('starts the fence at 1', () => {
    expect(grant(undefined, { key: 'k', owner: 'a', ttlMs: 1 }, NOON_MS).fence).toBe(1);
  });
});

describe('withLease', () => {
  function recordingStore(releaseFails = false) {
    const log: string[] = [];
    const store: LeaseStore = {
      acquire: async ({ key, owner, ttlMs }) => {
        log.push('acquire');
        return { key, owner, fence: 1, expiresAtMs: ttlMs };
      },
      release: async () => {
        log.push('release');
        if (releaseFails) throw new Error('table is away');
      },
    };
    return { store, log };
  }

  it('gives the lease back after the work', async () => {
    const { store, log } = recordingStore();

    const result = await withLease(store, { key: 'k', owner: 'a', ttlMs: 1 }, async ({ fence }) => {
      log.push('work');
      return fence;
    });

    expect(result).toBe(1);
    expect(log).toEqual(['acquire', 'work', 'release']);
  });

  it('gives the lease back when the work fails, and passes the failure on', async () => {
    const { store, log } = recordingStore();
    const work = () => Promise.reject(new Error('work failed'));

    await expect(withLease(store, { key: 'k', owner: 'a', ttlMs: 1 }, work)).rejects.toThrow(
      'work failed',
    );
    expect(log).toEqual(['acquire', 'release']);
  });

  it('does not spoil the result when the release fails', async () => {
    const { store } = recordingStore(true);

    await expect(
      withLease(store, { key: 'k', owner: 'a', ttlMs: 1 }, async () => 'done'),
    ).resolves.toBe('done');
  });
});
