import { observeLimits, rateLimitHeaders, readWait } from '../../../shared/http/rate-limit.ts';
import { compilePattern } from '../../../shared/integration/compile/pattern.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const NOW_S = NOW_MS / 1_000;

describe('readWait', () => {
  it('reads Retry-After where the integration declares nothing', () => {
    expect(readWait([], { 'retry-after': '30' }, NOW_MS)).toBe(NOW_MS + 30_000);
  });

  it('takes the longest of several waits', () => {
    const waits = [
      { header: 'retry-after', unit: 'seconds' as const },
      { header: 'x-reset', unit: 'epoch_s' as const },
    ];
    const headers = { 'retry-after': '5', 'x-reset': String(NOW_S + 60) };

    expect(readWait(waits, headers, NOW_MS)).toBe(NOW_MS + 60_000);
  });

  it('believes the declared unit of Retry-After, not the default one', () => {
    const waits = [{ header: 'retry-after', unit: 'epoch_s' as const }];

    expect(readWait(waits, { 'retry-after': String(NOW_S + 5) }, NOW_MS)).toBe(NOW_MS + 5_000);
  });

  it('caps a wait at a day, for an epoch read as seconds lasts decades', () => {
    expect(readWait([], { 'retry-after': '1795310611' }, NOW_MS)).toBe(NOW_MS + 86_400_000);
  });

  it('never leads into the past', () => {
    const waits = [{ header: 'x-reset', unit: 'epoch_s' as const }];

    expect(readWait(waits, { 'x-reset': '1000' }, NOW_MS)).toBe(NOW_MS);
  });

  it('says nothing where no header does', () => {
    expect(readWait([{ header: 'x-reset', unit: 'seconds' }], {}, NOW_MS)).toBeUndefined();
  });

  it('reads a group of a composite header', () => {
    const groups = compilePattern('retry in (?P<wait>\\d+)s')!.groups;

    expect(
      readWait(
        [{ header: 'x-hint', unit: 'seconds', groups }],
        { 'x-hint': 'retry in 7s' },
        NOW_MS,
      ),
    ).toBe(NOW_MS + 7_000);
  });
});

describe('observeLimits', () => {
  const separate = {
    scope: 'default',
    limit: 'x-limit',
    remaining: 'x-remaining',
    reset: { header: 'x-reset', unit: 'epoch_s' as const },
  };

  it('reads limit, remaining and reset', () => {
    const headers = { 'x-limit': '100', 'x-remaining': '40', 'x-reset': String(NOW_S + 10) };

    expect(observeLimits([separate], headers, NOW_MS)).toEqual({
      scope: 'default',
      limit: 100,
      remaining: 40,
      resetAtMs: NOW_MS + 10_000,
    });
  });

  it('reads a composite header and counts remaining from used', () => {
    const groups = compilePattern('api-usage=(?P<used>\\d+)/(?P<limit>\\d+)')!.groups;
    const rule = { scope: 'daily', header: 'x-info', groups, unit: 'seconds' as const };

    expect(observeLimits([rule], { 'x-info': 'api-usage=18/100' }, NOW_MS)).toEqual({
      scope: 'daily',
      limit: 100,
      remaining: 82,
    });
  });

  it('tells the tightest of several limits', () => {
    const rules = [separate, { scope: 'day', limit: 'x-day', remaining: 'x-day-left' }];
    const headers = { 'x-limit': '100', 'x-remaining': '40', 'x-day': '1000', 'x-day-left': '3' };

    expect(observeLimits(rules, headers, NOW_MS)).toMatchObject({ scope: 'day', remaining: 3 });
  });

  it('tells nothing where the headers are missing', () => {
    expect(observeLimits([separate], {}, NOW_MS)).toBeUndefined();
  });
});

describe('rateLimitHeaders', () => {
  it('writes both families', () => {
    const state = {
      scope: 'default',
      limit: 100,
      remaining: 40,
      resetAtMs: NOW_MS + 9_500,
      windowMs: 60_000,
    };

    expect(rateLimitHeaders(state, NOW_MS)).toEqual({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '40',
      'ratelimit-reset': String(NOW_S + 10),
      ratelimit: '"default";r=40;t=10',
      'ratelimit-policy': '"default";q=100;w=60',
    });
  });

  it('writes Retry-After in seconds, and the reset that it implies', () => {
    expect(rateLimitHeaders(undefined, NOW_MS, NOW_MS + 1_500)).toEqual({
      'retry-after': '2',
      'ratelimit-reset': String(NOW_S + 2),
    });
  });

  it('writes nothing where nothing is known', () => {
    expect(rateLimitHeaders(undefined, NOW_MS)).toEqual({});
  });
});
