import { brandId } from '#shared/kernel/id.ts';
import { matchesPattern } from '#shared/webhook/subscription/event-pattern.ts';
import {
  checkTargetUrl,
  InsecureUrlError,
  isExhausted,
  newSubscription,
  type Subscription,
} from '#shared/webhook/subscription/subscription.ts';

const DAY_MS = 86_400_000;

function aSubscription(over: Partial<Subscription> = {}): Subscription {
  return {
    id: brandId<'sub'>('sub_1'),
    environmentId: brandId<'env'>('env_1'),
    url: 'https://hooks.operator.com/',
    events: ['*'],
    status: 'enabled',
    failures: 0,
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
    ...over,
  };
}

describe('checkTargetUrl', () => {
  it.each([
    'http://hooks.operator.com/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://localhost/',
    'https://user:password@hooks.operator.com/',
    'ftp://hooks.operator.com/',
    'not a url',
  ])('refuses %s', (url) => {
    expect(() => checkTargetUrl(url, false)).toThrow(InsecureUrlError);
  });

  it('accepts public https', () => {
    expect(checkTargetUrl('https://hooks.operator.com/in?x=1', false).hostname).toBe(
      'hooks.operator.com',
    );
  });

  it('accepts loopback only where it is allowed', () => {
    expect(() => checkTargetUrl('http://127.0.0.1:8080/', false)).toThrow(InsecureUrlError);
    expect(checkTargetUrl('http://127.0.0.1:8080/', true).port).toBe('8080');
  });

  it('answers 422 insecure_url and names the member', () => {
    expect(() => checkTargetUrl('http://a.operator.com', false)).toThrow(
      expect.objectContaining({
        code: 'insecure_url',
        status: 422,
        faults: [expect.objectContaining({ path: 'url' })],
      }),
    );
  });
});

describe('matchesPattern', () => {
  it.each([
    ['*', 'sync_job_run:record', true],
    ['sync_job_run:*', 'sync_job_run:record', true],
    ['sync_job_run:record', 'sync_job_run:record', true],
    ['sync_job_run:record', 'sync_job_run:record_error', false],
    ['record:*', 'sync_job_run:record', false],
    ['sync_job:*', 'sync_job_run:record', false],
    ['test', 'test', true],
  ])('%s matches %s: %s', (pattern, type, expected) => {
    expect(matchesPattern(pattern, type)).toBe(expected);
  });
});

describe('newSubscription', () => {
  it.each(['sync_job_run:rec*', '**', 'Sync:*', ''])('refuses the pattern "%s"', (pattern) => {
    const body = { url: 'https://hooks.operator.com', events: [pattern] };
    expect(newSubscription.safeParse(body).success).toBe(false);
  });
});

describe('isExhausted', () => {
  it('holds after a day of nothing but failures', () => {
    expect(isExhausted(aSubscription({ firstFailureAtMs: 0, failures: 5 }), DAY_MS)).toBe(true);
  });

  it('does not hold a moment before', () => {
    expect(isExhausted(aSubscription({ firstFailureAtMs: 0, failures: 99 }), DAY_MS - 1)).toBe(
      false,
    );
  });

  it('does not hold for the few failures of a quiet receiver', () => {
    expect(isExhausted(aSubscription({ firstFailureAtMs: 0, failures: 4 }), 9 * DAY_MS)).toBe(
      false,
    );
  });
});
