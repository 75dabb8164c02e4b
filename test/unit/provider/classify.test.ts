import {
  classify,
  type Failure,
  judge,
  toError,
  wantsRenewal,
} from '../../../shared/provider/classify.ts';
import type { AnswerScope } from '../../../shared/wire/decode/answer.ts';
import { anIntegration, NOW_MS } from '../../support/builders/an-integration.ts';

const answer = (parts: Partial<AnswerScope>): AnswerScope => ({
  status: 200,
  headers: {},
  body: {},
  ...parts,
});
const plain = anIntegration();

describe('classify', () => {
  it.each([
    [200, undefined],
    [204, undefined],
    [301, 'config'],
    [304, undefined],
    [400, 'validation'],
    [401, 'auth'],
    [403, 'permission'],
    [404, 'not_found'],
    [408, 'transient'],
    [409, 'conflict'],
    [410, 'not_found'],
    [422, 'validation'],
    [429, 'rate_limited'],
    [500, 'transient'],
    [503, 'transient'],
  ])('takes status %d for %p where the integration says nothing', (status, expected) => {
    expect(classify(plain, answer({ status }), undefined, NOW_MS)?.class).toBe(expected);
  });

  it('lets the first rule that matches decide', () => {
    const integration = anIntegration({
      errors: [
        { when: "body.code = 'GONE'", class: 'not_found' },
        { when: 'status = 400', class: 'conflict' },
      ],
    });

    expect(
      classify(integration, answer({ status: 400, body: { code: 'GONE' } }), undefined, NOW_MS),
    ).toMatchObject({
      class: 'not_found',
    });
    expect(classify(integration, answer({ status: 400 }), undefined, NOW_MS)).toMatchObject({
      class: 'conflict',
    });
  });

  it('finds an error in an answer of 200', () => {
    const integration = anIntegration({
      errors: [{ when: 'body.ok = false', class: 'validation' }],
    });

    expect(classify(integration, answer({ body: { ok: false } }), undefined, NOW_MS)?.class).toBe(
      'validation',
    );
  });

  it('takes an ignored failure for success', () => {
    const integration = anIntegration({ errors: [{ when: 'status = 404', class: 'ignore' }] });

    expect(classify(integration, answer({ status: 404 }), undefined, NOW_MS)).toBeUndefined();
  });

  it('takes a rule that cannot be evaluated on the answer for one that does not match', () => {
    const integration = anIntegration({
      errors: [{ when: 'body.count >= 10', class: 'conflict' }],
    });

    expect(
      classify(integration, answer({ status: 500, body: { count: 'x' } }), undefined, NOW_MS)
        ?.class,
    ).toBe('transient');
  });

  it('fails an answer that is not `ok`', () => {
    const integration = anIntegration({ verify: { path: '/me', ok: '$exists(body.id)' } });
    const ok = integration.verify[0]?.ok;

    expect(classify(integration, answer({ body: { id: 1 } }), { ok }, NOW_MS)).toBeUndefined();
    expect(classify(integration, answer({}), { ok }, NOW_MS)?.class).toBe('config');
  });

  it('finds a limit in a status of the provider’s own choice', () => {
    const integration = anIntegration({
      rate_limit: { limited: "status = 403 and body.code = 'LIMIT'", wait: [{ fixed: 'PT15M' }] },
    });

    expect(
      classify(integration, answer({ status: 403, body: { code: 'LIMIT' } }), undefined, NOW_MS),
    ).toMatchObject({
      class: 'rate_limited',
      resumeAtMs: NOW_MS + 900_000,
    });
    expect(classify(integration, answer({ status: 403 }), undefined, NOW_MS)?.class).toBe(
      'permission',
    );
  });

  it('applies a wait only when its condition holds', () => {
    const integration = anIntegration({
      rate_limit: {
        wait: [
          { when: "body.policy = 'DAILY'", fixed: 'PT6H' },
          { header: 'retry-after', unit: 'seconds', example: '1' },
        ],
      },
    });
    const limited = (body: object) =>
      classify(
        integration,
        answer({ status: 429, headers: { 'retry-after': '5' }, body }),
        undefined,
        NOW_MS,
      );

    expect(limited({ policy: 'DAILY' })?.resumeAtMs).toBe(NOW_MS + 21_600_000);
    expect(limited({})?.resumeAtMs).toBe(NOW_MS + 5_000);
  });

  it('takes 503 with Retry-After for a limit', () => {
    const headers = { 'retry-after': '3' };

    expect(classify(plain, answer({ status: 503, headers }), undefined, NOW_MS)).toMatchObject({
      class: 'rate_limited',
      resumeAtMs: NOW_MS + 3_000,
    });
  });

  it('extracts code, message and request id, without personal data', () => {
    const integration = anIntegration({
      errors: [
        { when: 'status = 422', class: 'validation', code: 'body.code', message: 'body.why' },
      ],
    });
    const failure = classify(
      integration,
      answer({
        status: 422,
        headers: { 'x-request-id': 'abc-1' },
        body: { code: 'taken', why: 'jane@acme.com is taken' },
      }),
      undefined,
      NOW_MS,
    );

    expect(failure?.provider).toEqual({
      status: 422,
      code: 'taken',
      message: '{email} is taken',
      requestId: 'abc-1',
    });
  });

  it('drops a code that is no code, and a request id that is none', () => {
    const integration = anIntegration({
      errors: [{ when: 'status = 400', class: 'validation', code: 'body.code' }],
    });
    const failure = classify(
      integration,
      answer({
        status: 400,
        headers: { 'x-request-id': 'a b' },
        body: { code: 'Jane Doe said so' },
      }),
      undefined,
      NOW_MS,
    );

    expect(failure?.provider).toEqual({ status: 400 });
  });
});

describe('toError', () => {
  it.each([
    ['auth', 'needs_reauth', 424],
    ['rate_limited', 'rate_limited', 429],
    ['permission', 'provider_error', 502],
    ['not_found', 'provider_error', 404],
    ['validation', 'provider_error', 404],
  ] as const)('makes of %s the code %s with status %d', (errorClass, code, status) => {
    const providerStatus = errorClass === 'permission' ? 403 : 404;
    const failure = {
      class: errorClass,
      provider: { status: providerStatus },
      resumeAtMs: undefined,
    };

    expect(toError(failure, NOW_MS, 'acme', undefined)).toMatchObject({ code, status });
  });

  it('gives a rate limit the headers for our caller', () => {
    const failure = {
      class: 'rate_limited',
      provider: { status: 429 },
      resumeAtMs: NOW_MS + 2_000,
    } as const;
    const limits = { scope: 'default', limit: 10, remaining: 0 };

    expect(toError(failure, NOW_MS, 'acme', limits)).toMatchObject({
      headers: { 'retry-after': '2', 'ratelimit-limit': '10', 'ratelimit-remaining': '0' },
      retry: { afterMs: 2_000 },
    });
  });
});

describe('judge', () => {
  const rules = (...errors: object[]) => anIntegration({ errors });
  const judged = (integration: ReturnType<typeof anIntegration>, parts: Partial<AnswerScope>) =>
    judge(integration, answer(parts), undefined, NOW_MS);

  it('tells what is to be ignored from a success', () => {
    const integration = rules({ when: 'status = 404', class: 'ignore' });

    expect(judged(integration, { status: 404 })).toEqual({ kind: 'ignored' });
    expect(judged(integration, { status: 200 })).toEqual({ kind: 'success' });
  });

  it('tries the rules of the call before those of the integration', () => {
    const integration = rules({ when: 'status = 400', class: 'conflict' });
    const { errors } = rules({ when: 'body.gone', class: 'not_found' });
    const scope = answer({ status: 400, body: { gone: true } });

    expect(classify(integration, scope, { errors }, NOW_MS)?.class).toBe('not_found');
  });

  it('names the fields that the provider refuses, and nothing that may be a value', () => {
    const integration = rules({
      when: 'status = 422',
      class: 'validation',
      fields: 'body.errors.field',
    });
    const fields = ['email', 'address.lines[0]', 'ada@acme.com', 'two words', '', 7, 'email'];
    const errors = fields.map((field) => ({ field }));

    expect(
      classify(integration, answer({ status: 422, body: { errors } }), undefined, NOW_MS),
    ).toMatchObject({ provider: { fields: ['email', 'address.lines[0]'] } });
  });

  it('names a lone field, and none where the answer has none', () => {
    const integration = rules({ when: 'status = 422', class: 'validation', fields: 'body.field' });
    const of = (body: object) =>
      classify(integration, answer({ status: 422, body }), undefined, NOW_MS)?.provider;

    expect(of({ field: 'name' })).toEqual({ status: 422, fields: ['name'] });
    expect(of({})).toEqual({ status: 422 });
  });

  it('knows the inputs of the account when it reads how long a limit lasts', () => {
    const integration = anIntegration({
      rate_limit: { wait: [{ until: 'next_midnight', timezone: { expr: 'conn.zone' } }] },
    });
    const connection = { zone: 'Asia/Tokyo' };

    expect(classify(integration, answer({ status: 429 }), { connection }, NOW_MS)?.resumeAtMs).toBe(
      Date.parse('2026-03-01T15:00:00Z'),
    );
  });
});

describe('wantsRenewal', () => {
  const failure = (errorClass: Failure['class'], action?: Failure['action']): Failure => ({
    class: errorClass,
    action,
    provider: { status: 400 },
    resumeAtMs: undefined,
  });

  it.each([
    ['auth', undefined, true],
    ['auth', 'fail', false],
    ['permission', undefined, false],
    ['permission', 'refresh_and_retry', true],
    ['transient', 'reset_pagination', false],
  ] as const)('class %s with action %s: %s', (errorClass, action, expected) => {
    expect(wantsRenewal(failure(errorClass, action))).toBe(expected);
  });

  it('is not for a success', () => {
    expect(wantsRenewal(undefined)).toBe(false);
  });
});
