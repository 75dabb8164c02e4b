import type { LimitAnswer } from '../../../../shared/http/limit-answer.ts';
import { readWait } from '../../../../shared/http/limit-wait.ts';
import { observeLimits } from '../../../../shared/http/rate-limit.ts';
import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration, NOW_MS } from '../../../support/builders/an-integration.ts';

const NOW_S = NOW_MS / 1_000;
const answer = (parts: Partial<LimitAnswer>): LimitAnswer => ({
  status: 429,
  headers: {},
  ...parts,
});

/** How long the rules wait for an answer, in ms. */
function waitOf(wait: readonly object[], parts: Partial<LimitAnswer>): number | undefined {
  const { rules } = anIntegration({ rate_limit: { wait } }).rateLimit;
  const atMs = readWait(rules.waits, answer(parts), NOW_MS);
  return atMs === undefined ? undefined : atMs - NOW_MS;
}

function observed(observe: readonly object[], parts: Partial<LimitAnswer>) {
  const { rules } = anIntegration({ rate_limit: { observe } }).rateLimit;
  return observeLimits(rules.observes, answer(parts), NOW_MS);
}

function faultsOf(rateLimit: object): readonly string[] {
  try {
    anIntegration({ rate_limit: rateLimit });
    return [];
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a wait', () => {
  it('is a group of a composite header', () => {
    const rule = {
      header: 'x-hint',
      unit: 'seconds',
      pattern: 'in (?P<wait>\\d+)s',
      example: 'in 9s',
    };

    expect(waitOf([rule], { headers: { 'x-hint': 'retry in 7s' } })).toBe(7_000);
  });

  it('stands in a header that is JSON', () => {
    const rule = {
      header: 'x-usage',
      unit: 'minutes',
      json: 'app.estimated_time_to_regain_access',
      example: '{"app":{"estimated_time_to_regain_access":5}}',
    };
    const header = '{"app":{"estimated_time_to_regain_access":3}}';

    expect(waitOf([rule], { headers: { 'x-usage': header } })).toBe(180_000);
    expect(waitOf([rule], { headers: { 'x-usage': 'not JSON' } })).toBeUndefined();
  });

  it('is a number in the body, in its unit', () => {
    const rule = { body: 'body.error.retry_in_seconds', unit: 'seconds', example: '12' };

    expect(waitOf([rule], { body: { error: { retry_in_seconds: 12 } } })).toBe(12_000);
    expect(waitOf([rule], { body: undefined })).toBeUndefined();
  });

  it('is found in a sentence of the body', () => {
    const rule = {
      body: 'body.error.message',
      unit: 'iso8601',
      pattern: 'Retry after (?P<wait>\\S+Z)',
      example: 'User-rate limit exceeded. Retry after 2026-03-01T12:01:00.000Z',
    };
    const message = 'User-rate limit exceeded.  Retry after 2026-03-01T12:00:09.500Z';

    expect(waitOf([rule], { body: { error: { message } } })).toBe(9_500);
  });

  it('lasts until midnight where an expression says that the day is', () => {
    const rule = {
      when: "body.policy = 'DAILY'",
      until: 'next_midnight',
      timezone: { expr: 'conn.time_zone' },
    };
    const body = { policy: 'DAILY' };

    expect(waitOf([rule], { body, conn: { time_zone: 'America/New_York' } })).toBe(17 * 3_600_000);
    expect(waitOf([rule], { body, conn: {} })).toBe(12 * 3_600_000);
    expect(waitOf([rule], { body: { policy: 'SECONDLY' } })).toBeUndefined();
  });

  it('is the longest of those that apply', () => {
    const rules = [
      { header: 'retry-after', unit: 'seconds', example: '10' },
      { fixed: 'PT1M', when: 'status = 429' },
      { fixed: 'PT1H', when: 'status = 503' },
    ];

    expect(waitOf(rules, { headers: { 'retry-after': '5' } })).toBe(60_000);
  });
});

describe('a limit', () => {
  it('is read from headers, the remaining counted from what is used', () => {
    const rule = {
      scope: 'app',
      limit: 'x-limit',
      used: 'x-used',
      reset: { header: 'x-reset', unit: 'epoch_s', example: '1767225660' },
      window: { header: 'x-window', unit: 'millis', example: '10000' },
    };
    const headers = {
      'x-limit': '100',
      'x-used': '40',
      'x-reset': String(NOW_S + 5),
      'x-window': '10000',
    };

    expect(observed([rule], { headers })).toEqual({
      scope: 'app',
      limit: 100,
      remaining: 60,
      resetAtMs: NOW_MS + 5_000,
      windowMs: 10_000,
    });
  });

  it('is read from a composite header', () => {
    const rule = {
      scope: 'daily',
      header: 'x-info',
      pattern: 'api-usage=(?P<used>\\d+)/(?P<limit>\\d+)',
      example: 'api-usage=10018/100000',
    };

    expect(observed([rule], { headers: { 'x-info': 'api-usage=18/100' } })).toEqual({
      scope: 'daily',
      limit: 100,
      remaining: 82,
    });
  });

  it('is read from a header that is JSON', () => {
    const rule = {
      header: 'x-usage',
      json: "{ 'limit': 100, 'used': call_count }",
      example: '{"call_count":28}',
    };

    expect(observed([rule], { headers: { 'x-usage': '{"call_count":99}' } })).toMatchObject({
      limit: 100,
      remaining: 1,
    });
    expect(observed([rule], { headers: {} })).toBeUndefined();
  });

  it('is read from the body', () => {
    const rule = {
      body: "body.extensions.cost.throttleStatus.{ 'limit': maximumAvailable, 'remaining': currentlyAvailable }",
    };
    const body = {
      extensions: { cost: { throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 954 } } },
    };

    expect(observed([rule], { body })).toMatchObject({ limit: 1_000, remaining: 954 });
    expect(observed([rule], { body: {} })).toBeUndefined();
  });

  it('has its scope from a header', () => {
    const rule = { limit: 'x-limit', scope_header: 'x-resource' };

    expect(observed([rule], { headers: { 'x-limit': '5', 'x-resource': 'search' } })).toMatchObject(
      { scope: 'search' },
    );
  });
});

describe('loading refuses', () => {
  it.each([
    [
      'an instant that claims to be a delta',
      { wait: [{ header: 'x-reset', unit: 'seconds', example: '1767225660' }] },
      'rate_limit.wait[0].example: the example is no sane time in the unit seconds',
    ],
    [
      'an example without the JSON that is looked for',
      { wait: [{ header: 'x-usage', unit: 'minutes', json: 'wait', example: '{}' }] },
      'rate_limit.wait[0].example: the example is no sane time in the unit minutes',
    ],
    [
      'an example of a body that is no time',
      { wait: [{ body: 'body.wait', unit: 'seconds', example: 'soon' }] },
      'rate_limit.wait[0].example: the example is no sane time in the unit seconds',
    ],
    [
      'a pattern without the group',
      { wait: [{ body: 'body.wait', unit: 'seconds', pattern: '(\\d+)', example: '9' }] },
      'rate_limit.wait[0].pattern: the pattern needs a group named wait',
    ],
    [
      'a time zone that there is not',
      { wait: [{ until: 'next_midnight', timezone: 'Mars/Olympus' }] },
      'rate_limit.wait[0].timezone: must be an IANA time zone: America/New_York',
    ],
    [
      'a window in a unit of instants',
      {
        observe: [{ limit: 'x', window: { header: 'w', unit: 'epoch_s', example: '1767225660' } }],
      },
      'rate_limit.observe[0].window.unit: must be a unit of lengths of time',
    ],
    [
      'used without a limit to count from',
      { observe: [{ remaining: 'x', used: 'y' }] },
      'rate_limit.observe[0].used: must stand beside limit, instead of remaining',
    ],
    [
      'JSON whose example says nothing of a limit',
      { observe: [{ header: 'x', json: "{ 'limit': max }", example: '{}' }] },
      'rate_limit.observe[0].example: nothing of a limit is found in the example',
    ],
    [
      'a reset without its unit',
      {
        observe: [{ header: 'x', json: "{ 'limit': 1, 'reset': r }", example: '{"r":5}' }],
      },
      'rate_limit.observe[0].unit: reset needs a unit',
    ],
  ])('%s', (_what, rateLimit, fault) => {
    expect(faultsOf(rateLimit)).toEqual([fault]);
  });
});
