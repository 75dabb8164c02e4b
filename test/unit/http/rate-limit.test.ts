import {
  type ObserveRule,
  observeLimits,
  rateLimitHeaders,
} from '../../../shared/http/rate-limit.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const NOW_S = NOW_MS / 1_000;

const rule = (texts: ReturnType<ObserveRule['read']>, more: Partial<ObserveRule> = {}) => ({
  scope: 'default',
  unit: 'epoch_s' as const,
  read: () => texts,
  ...more,
});
const observe = (rules: readonly ObserveRule[], headers: Record<string, string> = {}) =>
  observeLimits(rules, { status: 200, headers }, NOW_MS);

describe('observeLimits', () => {
  it('reads limit, remaining and reset', () => {
    const texts = { limit: '100', remaining: '40', reset: String(NOW_S + 10) };

    expect(observe([rule(texts)])).toEqual({
      scope: 'default',
      limit: 100,
      remaining: 40,
      resetAtMs: NOW_MS + 10_000,
    });
  });

  it('counts remaining from used, and never below nothing', () => {
    expect(observe([rule({ limit: '100', used: '18' })])).toMatchObject({ remaining: 82 });
    expect(observe([rule({ limit: '100', used: '118' })])).toMatchObject({ remaining: 0 });
  });

  it('tells the tightest of several limits', () => {
    const rules = [
      rule({ limit: '100', remaining: '40' }),
      rule({ limit: '1000', remaining: '3' }, { scope: 'day' }),
    ];

    expect(observe(rules)).toMatchObject({ scope: 'day', remaining: 3 });
  });

  it('tells nothing where the answer does not', () => {
    expect(observe([rule({})])).toBeUndefined();
  });

  it('reads the window from a header', () => {
    const window = { header: 'x-interval', unit: 'millis' as const };
    const told = rule({ limit: '100' }, { window });

    expect(observe([told], { 'x-interval': '10000' })).toMatchObject({ windowMs: 10_000 });
    expect(observe([told])).not.toHaveProperty('windowMs');
  });

  it('reads the scope from a header, where that is a name', () => {
    const told = rule({ limit: '100' }, { scopeHeader: 'x-resource' });

    expect(observe([told], { 'x-resource': 'search' })).toMatchObject({ scope: 'search' });
    expect(observe([told], { 'x-resource': 'a"b' })).toMatchObject({ scope: 'default' });
    expect(observe([told])).toMatchObject({ scope: 'default' });
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
