import type { Reply } from '#shared/api/http/route.ts';
import { createOncePerKey, type KeyedCall } from '#shared/api/idempotency/idempotency.ts';
import { idempotencyKey } from '#shared/aws/keys.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { aRequest, CALLER } from '../../../support/builders/api-requests.ts';
import { startDynamo, type TestDynamo } from '../../../support/servers/dynamo.ts';

const DAY_MS = 86_400_000;
const ATTEMPT_MS = 60_000;
const NOT_REPEATABLE = { isRepeatable: async () => false };

describe('createOncePerKey', () => {
  let dynamo: TestDynamo;
  let nowMs = 1_000_000;
  let made = 0;
  let runs = 0;
  let key = '';

  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());
  beforeEach(() => {
    runs = 0;
    made += 1;
    key = `key-${made}`;
  });

  const once = () =>
    createOncePerKey({
      table: dynamo.table,
      clock: { now: () => nowMs },
      ids: {
        make: (kind) => {
          made += 1;
          return brandId(`${kind}_${made}`);
        },
      },
      attemptMs: ATTEMPT_MS,
    });

  const aCall = (change: Partial<KeyedCall> = {}): KeyedCall => ({
    key,
    caller: CALLER,
    request: aRequest('POST', '/v1/things', { size: 1 }),
    run: async (): Promise<Reply<unknown>> => {
      runs += 1;
      return { id: `thing-${runs}`, status: 201, body: { secret: 's3cret' } };
    },
    recall: async (id) => ({ id, body: { id } }),
    ...change,
  });

  /** Of a provider that takes a repeat for a new one. */
  const aWrite = (change: Partial<KeyedCall> = {}) => aCall({ ...NOT_REPEATABLE, ...change });

  it('answers a repeat with the first status, and with the thing read back', async () => {
    await once()(aCall());

    const repeat = await once()(aCall());

    expect(runs).toBe(1);
    expect(repeat).toEqual({
      id: 'thing-1',
      status: 201,
      body: { id: 'thing-1' },
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  it('takes the same request for another account for another request', async () => {
    const of = (account: string) =>
      aRequest('POST', '/v1/things', { size: 1 }, { 'x-integrated-account-id': account });
    await once()(aCall({ request: of('ia_1') }));

    await expect(once()(aCall({ request: of('ia_2') }))).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await once()(aCall({ request: of('ia_1') }))).toMatchObject({ id: 'thing-1' });
    expect(runs).toBe(1);
  });

  it('stores neither the answer, nor the request, nor the key', async () => {
    await once()(aCall());

    const stored = await dynamo.table.get(idempotencyKey(CALLER.environmentId, key));

    expect(stored).toEqual({
      ...idempotencyKey(CALLER.environmentId, key),
      state: 'done',
      owner: expect.stringMatching(/^idem_\d+$/),
      requestMac: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: 201,
      sealedId: expect.stringMatching(/^[\w-]{20,}$/),
      deadAtMs: nowMs + ATTEMPT_MS,
      untilMs: nowMs + DAY_MS,
      ttl: Math.ceil((nowMs + DAY_MS) / 1_000),
    });
  });

  it.each([
    ['body', aRequest('POST', '/v1/things', { size: 2 })],
    ['path', aRequest('POST', '/v1/others', { size: 1 })],
    ['query', aRequest('POST', '/v1/things?dry=true', { size: 1 })],
    ['method', aRequest('DELETE', '/v1/things', { size: 1 })],
  ])('refuses the key with another %s', async (_, request) => {
    await once()(aCall());

    const refused = once()(aCall({ request }));

    await expect(refused).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
  });

  it('keeps environments apart', async () => {
    await once()(aCall());

    await once()(aCall({ caller: { ...CALLER, environmentId: brandId('env_2') } }));

    expect(runs).toBe(2);
  });

  it('says that the first request is still running', async () => {
    let second: Promise<unknown> = Promise.resolve();
    const first = once()(
      aCall({
        run: async () => {
          second = once()(aCall());
          await second.catch(() => undefined);
          return { id: 'x' };
        },
      }),
    );

    await first;

    await expect(second).rejects.toMatchObject({ code: 'idempotency_in_progress', status: 409 });
  });

  it('forgets a request that was refused, so that its key can be used again', async () => {
    const failed = once()(aWrite({ run: () => Promise.reject(new NotFoundError('no')) }));
    await expect(failed).rejects.toThrow('no');

    expect(await once()(aWrite())).toMatchObject({ id: 'thing-1' });
  });

  describe('that failed without telling whether it took effect', () => {
    const broken = () => Promise.reject(new Error('broke off'));

    it('is remembered for 24 hours: a repeat would take effect twice', async () => {
      await expect(once()(aWrite({ run: broken }))).rejects.toThrow('broke off');
      nowMs += DAY_MS - 1;

      await expect(once()(aWrite())).rejects.toMatchObject({
        code: 'idempotency_outcome_unknown',
        status: 409,
        retry: 'never',
      });
      expect(runs).toBe(0);
      nowMs += 1;
      expect(await once()(aWrite())).toMatchObject({ id: 'thing-1' });
    });

    it('is run again where the provider tells a repeat from a new one', async () => {
      const isRepeatable = async () => true;
      await expect(once()(aWrite({ run: broken, isRepeatable }))).rejects.toThrow('broke off');

      expect(await once()(aWrite({ isRepeatable }))).toMatchObject({ id: 'thing-1' });
    });

    it('is run again where a repeat does no harm', async () => {
      await expect(once()(aCall({ run: broken }))).rejects.toThrow('broke off');

      expect(await once()(aCall())).toMatchObject({ id: 'thing-1' });
    });

    it('is not run again where nobody can tell that it may be', async () => {
      const isRepeatable = () => Promise.reject(new Error('no table'));
      const failed = once()(aWrite({ run: broken, isRepeatable }));
      await expect(failed).rejects.toThrow('broke off');

      await expect(once()(aWrite())).rejects.toMatchObject({ code: 'idempotency_outcome_unknown' });
    });
  });

  describe('whose attempt died', () => {
    const die = async (change: Partial<KeyedCall>) => {
      const dead = once()(aCall({ ...change, run: () => new Promise(() => undefined) }));
      await Promise.race([dead, new Promise((resolve) => setTimeout(resolve, 30))]);
    };

    it('is taken over where a repeat does no harm', async () => {
      await die({});
      nowMs += ATTEMPT_MS - 1;
      await expect(once()(aCall())).rejects.toMatchObject({ code: 'idempotency_in_progress' });
      nowMs += 1;

      expect(await once()(aCall())).toMatchObject({ id: 'thing-1' });
    });

    it('is taken over by one alone', async () => {
      await die({});
      nowMs += ATTEMPT_MS;

      const both = await Promise.allSettled([once()(aCall()), once()(aCall())]);

      expect(runs).toBe(1);
      expect(both.map(({ status }) => status)).toContain('fulfilled');
    });

    it('is not run again where it may have taken effect', async () => {
      await die(NOT_REPEATABLE);
      nowMs += ATTEMPT_MS;

      await expect(once()(aWrite())).rejects.toMatchObject({ code: 'idempotency_outcome_unknown' });
    });
  });

  it('remembers for 24 hours, and no longer', async () => {
    await once()(aCall());
    nowMs += DAY_MS - 1;
    await once()(aCall());
    expect(runs).toBe(1);
    nowMs += 1;

    await once()(aCall());

    expect(runs).toBe(2);
  });

  it.each(['', 'with space', 'x'.repeat(256), 'ü'])('refuses the key %j', async (bad) => {
    await expect(once()(aCall({ key: bad }))).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
