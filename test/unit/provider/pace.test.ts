import { brandId } from '../../../shared/kernel/id.ts';
import { createPace, type PacedCall } from '../../../shared/provider/pace.ts';
import { RateLimitedError } from '../../../shared/wire/provider-errors.ts';
import { anAccount, anIntegration } from '../../support/builders/an-integration.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const START_MS = Date.parse('2026-03-01T12:00:00Z');

/** A pace on a clock that jumps to wherever somebody sleeps to, and says when each call went. */
function paced(budgets: object) {
  const clock = new VirtualClock(START_MS);
  const pace = createPace(clock);
  const integration = anIntegration({ rate_limit: { budgets } });
  const call = (parts: Partial<PacedCall> = {}): PacedCall => ({
    account: anAccount(),
    integration,
    operation: 'things.list',
    ...parts,
  });
  const wentAfter = async (parts: Partial<PacedCall> = {}) => {
    await clock.run(pace(call(parts)));
    return clock.now() - START_MS;
  };
  return { clock, pace, call, wentAfter };
}

const TWO_A_SECOND = { all: { requests: 2, per: 'PT1S' } };

describe('a pace', () => {
  it('lets a budget through at once, and then call by call as it frees', async () => {
    const { wentAfter } = paced(TWO_A_SECOND);

    expect([await wentAfter(), await wentAfter(), await wentAfter(), await wentAfter()]).toEqual([
      0, 0, 1_000, 1_000,
    ]);
  });

  it('counts any stretch of time, not stretches by the clock', async () => {
    const { clock, wentAfter } = paced(TWO_A_SECOND);
    clock.advance(900);
    await wentAfter();
    await wentAfter();
    clock.advance(200);

    expect(await wentAfter()).toBe(1_900);
  });

  it('keeps those in line that come while others wait', async () => {
    const { clock, pace, call } = paced(TWO_A_SECOND);
    const went: number[] = [];
    const calls = Array.from({ length: 5 }, () =>
      pace(call()).then(() => went.push(clock.now() - START_MS)),
    );
    await clock.run(Promise.all(calls));

    expect(went).toEqual([0, 0, 1_000, 1_000, 2_000]);
  });

  it('tells when to come back where the turn is far off, and takes no turn', async () => {
    const { clock, pace, call, wentAfter } = paced({ all: { requests: 1, per: 'PT1M' } });
    await wentAfter();

    await expect(pace(call())).rejects.toMatchObject({
      code: 'rate_limited',
      resumeAtMs: START_MS + 60_000,
      provider: undefined,
    });
    await expect(pace(call())).rejects.toThrow(RateLimitedError);
    clock.advance(60_000);
    expect(await wentAfter()).toBe(60_000);
  });

  it('counts each account by itself', async () => {
    const { wentAfter } = paced({ all: { requests: 1, per: 'PT1S' } });
    await wentAfter();

    expect(await wentAfter({ account: anAccount({ id: brandId('ia_2') }) })).toBe(0);
    expect(await wentAfter()).toBe(1_000);
  });

  it('holds a method to its own budget besides that of all', async () => {
    const { wentAfter } = paced({ all: { requests: 3, per: 'PT1S' } });
    const search = { operation: 'things.search', budget: { requests: 1, perMs: 1_000 } };

    expect(await wentAfter(search)).toBe(0);
    expect(await wentAfter()).toBe(0);
    expect(await wentAfter(search)).toBe(1_000);
  });

  it('lets everything through where there is no budget', async () => {
    const { wentAfter } = paced({});

    for (let count = 0; count < 50; count += 1) expect(await wentAfter()).toBe(0);
  });
});
