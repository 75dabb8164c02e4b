import type { ApiAnswer, ServeApi } from '#shared/api/http/api-message.ts';
import { withServerTiming } from '#shared/api/http/server-timing.ts';
import { currentWait } from '#shared/wire/provider-wait.ts';
import { aRequest } from '../../../support/builders/api-requests.ts';

const OK: ApiAnswer = { status: 200, headers: { 'x-a': '1' }, body: { kind: 'none' } };

/** Time moves by what happens, and by nothing else. */
function aTimer() {
  let nowMs = 1_000;
  return {
    nowMs: () => nowMs,
    take: (ms: number) => {
      nowMs += ms;
    },
  };
}

async function timed(
  work: (take: (ms: number) => void) => ApiAnswer | Promise<ApiAnswer>,
): Promise<string | undefined> {
  const { nowMs, take } = aTimer();
  const serve: ServeApi = async () => work(take);
  const { headers } = await withServerTiming(serve, nowMs)(aRequest('GET', '/x'));
  return headers['server-timing'];
}

describe('withServerTiming', () => {
  it('tells what we took and what we waited for the provider', async () => {
    const header = await timed(async (take) => {
      take(0.25);
      currentWait()?.begin();
      await Promise.resolve();
      take(80);
      currentWait()?.end();
      take(0.162);
      return OK;
    });

    expect(header).toBe('own;dur=0.412, provider;dur=80.000');
  });

  it('adds up calls after one another, and counts calls at the same time once', async () => {
    const header = await timed((take) => {
      const wait = currentWait();
      wait?.begin();
      take(10);
      wait?.begin();
      take(5);
      wait?.end();
      take(5);
      wait?.end();
      take(1);
      wait?.begin();
      take(30);
      wait?.end();
      return OK;
    });

    expect(header).toBe('own;dur=1.000, provider;dur=50.000');
  });

  it('tells nothing of the provider where none was called', async () => {
    const header = await timed((take) => {
      take(2);
      return OK;
    });

    expect(header).toBe('own;dur=2.000, provider;dur=0.000');
  });

  it('keeps what the provider tells of itself', async () => {
    const headers = { 'server-timing': 'db;dur=53' };

    expect(await timed(() => ({ ...OK, headers }))).toBe(
      'own;dur=0.000, provider;dur=0.000, db;dur=53',
    );
  });

  it('keeps requests that are served at the same time apart', async () => {
    const { nowMs, take } = aTimer();
    const gate = Promise.withResolvers<void>();
    const serve: ServeApi = async ({ path }) => {
      if (path === '/slow') {
        currentWait()?.begin();
        await gate.promise;
        currentWait()?.end();
      }
      return OK;
    };
    const serveTimed = withServerTiming(serve, nowMs);
    const slow = serveTimed(aRequest('GET', '/slow'));
    const quick = await serveTimed(aRequest('GET', '/quick'));
    take(7);
    gate.resolve();

    expect(quick.headers['server-timing']).toBe('own;dur=0.000, provider;dur=0.000');
    expect((await slow).headers['server-timing']).toBe('own;dur=0.000, provider;dur=7.000');
  });
});
