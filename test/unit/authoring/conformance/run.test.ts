/**
 * The suite can fail: for each misbehaviour there is an engine that gets it wrong, and is found out;
 * and an integration that does not guard against it.
 */

import { ProviderTimeoutError } from '#shared/http/network-errors.ts';
import { ProviderError, RateLimitedError } from '#shared/wire/provider-errors.ts';
import { MISBEHAVIOURS } from '../../../../authoring/conformance/misbehaviours.ts';
import { type ConformanceRow, runConformance } from '../../../../authoring/conformance/run.ts';
import {
  createEngineUnderTest,
  type EngineOptions,
  type EngineUnderTest,
} from '../../../../authoring/engine/engine-under-test.ts';
import { replayAll } from '../../../../authoring/engine/replay-all.ts';
import { openFolder } from '../../../../authoring/open-folder.ts';
import { aNewIntegration, change } from '../../../support/builders/authored-integration.ts';

type StageOf = typeof createEngineUnderTest;

/** Cursor in the body, a next URL, OAuth: together they admit every misbehaviour. */
const FOLDERS = [
  aNewIntegration({ auth: 'oauth2_code' }),
  aNewIntegration({ pagination: 'next_url' }),
];
for (const folder of FOLDERS) {
  const observe = '  observe: [{ limit: x-limit, remaining: x-remaining }]\nerrors:\n';
  change(folder, 'integration.yaml', 'errors:\n', observe);
  const error = 'answer:\n      status: 429\n      body: { error: { code: slow } }';
  change(folder, 'fixtures/rate-limited.yaml', 'answer:\n      status: 429', error);
}

async function rowsOf(folder: string, stageOf?: StageOf): Promise<readonly ConformanceRow[]> {
  const opened = openFolder(folder);
  expect(opened.faults).toEqual([]);
  const replayed = await replayAll(opened);
  expect(replayed.flatMap(({ replay }) => replay.complaints)).toEqual([]);
  return runConformance(opened.integration!, replayed, stageOf ? { stageOf } : {});
}

const known = new Map<StageOf | undefined, Promise<readonly ConformanceRow[]>>();

/** Each engine plays once. */
function allRows(stageOf?: StageOf): Promise<readonly ConformanceRow[]> {
  const rows =
    known.get(stageOf) ??
    Promise.all(FOLDERS.map((folder) => rowsOf(folder, stageOf))).then((all) => all.flat());
  known.set(stageOf, rows);
  return rows;
}

const failedOf = (rows: readonly ConformanceRow[], code: string) =>
  rows.filter(({ misbehaviour, verdict }) => misbehaviour === code && verdict === 'failed');

/** The real engine with one thing done otherwise. */
function broken(
  how: (engine: EngineUnderTest, options: EngineOptions) => Partial<EngineUnderTest>,
): StageOf {
  return (options) => {
    const engine = createEngineUnderTest(options);
    return { ...engine, ...how(engine, options) };
  };
}

const swallows = broken((engine) => ({ list: (ask) => engine.list(ask).catch(() => []) }));
const findsNothing = broken(() => ({ list: async () => [] }));
const stopsAfterOnePage = broken((engine) => ({
  list: (ask) => engine.list({ ...ask, maxPages: 1 }),
}));

/** Which broken engine each misbehaviour finds out. */
const FOUND_OUT: Readonly<Record<string, StageOf>> = Object.fromEntries(
  MISBEHAVIOURS.map(({ code }) => [
    code,
    code === 'none' ? findsNothing : code === 'empty_page_with_next' ? stopsAfterOnePage : swallows,
  ]),
);

describe.each(MISBEHAVIOURS.map(({ code }) => code))('%s', (code) => {
  it('holds for the real engine', async () => {
    const rows = (await allRows()).filter(({ misbehaviour }) => misbehaviour === code);

    expect(rows.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(rows.filter(({ verdict }) => verdict === 'held').length).toBeGreaterThan(0);
  });

  it('fails for an engine that gets it wrong', async () => {
    expect(failedOf(await allRows(FOUND_OUT[code]), code).length).toBeGreaterThan(0);
  });
});

/** Engines that fail, but in the wrong way. */
const rethrows = (as: (error: unknown, nowMs: number) => unknown) =>
  broken((engine) => ({
    list: async (ask) => {
      try {
        return await engine.list(ask);
      } catch (error) {
        throw as(error, engine.clock.now());
      }
    },
  }));

describe('the suite', () => {
  it.each([
    [
      'waits for decades',
      'declared_wait',
      rethrows((_error, nowMs) => new RateLimitedError({ status: 429 }, nowMs * 2, nowMs)),
      /waits \d{13} ms/,
    ],
    [
      'takes an instant that is past for a wait',
      'retry_after',
      rethrows((_error, nowMs) => new RateLimitedError({ status: 429 }, nowMs - 5_000, nowMs)),
      /waits -5000 ms/,
    ],
    [
      'knows no wait where one is told',
      'declared_wait',
      rethrows((_error, nowMs) => new RateLimitedError({ status: 429 }, undefined, nowMs)),
      /does not know when to come back/,
    ],
    [
      'keeps the limits to itself',
      'limits_told',
      rethrows((_error, nowMs) => new RateLimitedError({ status: 429 }, undefined, nowMs)),
      /passes on no header/,
    ],
    [
      'tries again what will never work',
      'html_for_json',
      rethrows(() => new ProviderError('x', 'transient', { status: 200 })),
      /is tried again/,
    ],
    [
      'gives up on what will pass',
      'server_error',
      rethrows(() => new ProviderError('x', 'config', { status: 500 })),
      /is not tried again/,
    ],
    [
      'says the wrong thing',
      'connection_lost',
      rethrows(() => new ProviderTimeoutError('x', {}, { retry: { afterMs: 1 } })),
      /expected provider_unreachable/,
    ],
    [
      'quotes the body',
      'other_shape',
      rethrows(() => new ProviderError('no list in canary-5f1c', 'config', { status: 200 })),
      /quotes the body/,
    ],
    [
      'breaks',
      'no_body',
      rethrows(() => new TypeError('x is undefined')),
      /is a bug of the engine/,
    ],
  ])('finds out an engine that %s', async (_how, code, stageOf, detail) => {
    const details = failedOf(await allRows(stageOf), code).map((row) => row.detail);

    expect(details).toContainEqual(expect.stringMatching(detail));
  });

  it('finds out an engine that never ends', async () => {
    const forEver = broken((engine) => ({
      list: async (ask) => {
        for (;;) await engine.list({ ...ask, maxPages: 1 });
      },
    }));

    expect(failedOf(await allRows(forEver), 'repeated_cursor').map(({ detail }) => detail)).toEqual(
      ['does not end', 'does not end'],
    );
  });

  it.each(['redirect_elsewhere', 'next_page_elsewhere'])(
    'finds out an engine that follows to another host, by %s',
    async (code) => {
      const follows: StageOf = (options) => {
        const engine = createEngineUnderTest(options);
        const list: EngineUnderTest['list'] = async (ask) => {
          const answer = await engine.list(ask).catch(() => []);
          await options.send({
            method: 'GET',
            url: new URL('https://attacker.example/'),
            headers: {},
          });
          return answer;
        };
        return { ...engine, list };
      };
      const details = failedOf(await allRows(follows), code).map(({ detail }) => detail);

      expect(details).toContain('called attacker.example, which is not on the allow-list');
    },
  );

  it('finds out an engine that renews without end', async () => {
    const renewsTwice = broken((engine) => ({ renewals: () => engine.renewals() * 2 }));

    expect(
      failedOf(await allRows(renewsTwice), 'credential_refused').map(({ detail }) => detail),
    ).toEqual(['renewed 2 times']);
  });
});

describe('an integration', () => {
  const failuresAfter = async (from: string, to: string, pagination = 'cursor') => {
    const folder = aNewIntegration({ pagination });
    const error = 'answer:\n      status: 429\n      body: { problem: slow }';
    change(folder, 'fixtures/rate-limited.yaml', 'answer:\n      status: 429', error);
    change(folder, 'integration.yaml', from, to);
    return (await rowsOf(folder))
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ misbehaviour }) => misbehaviour);
  };

  it('that takes a missing flag for the end is found out', async () => {
    expect(await failuresAfter('more: body.has_more', 'more: body.has_more = true')).toEqual([
      'missing_more',
    ]);
  });

  it('that takes an error under 200 for an empty list is found out', async () => {
    const to = 'records: "body.items ? body.items : []"';

    expect(await failuresAfter('records: body.items', to, 'none')).toContain('error_as_200');
  });

  it('that takes every failure for a wrong request is found out', async () => {
    expect(await failuresAfter('status < 400 and $exists(body.error)', 'status >= 400')).toEqual(
      expect.arrayContaining(['credential_refused', 'server_error']),
    );
  });

  it('without fixtures is played with pages that are made up', async () => {
    const folder = aNewIntegration();
    const deals =
      '  deals:\n    id: id\n    list: { path: /deals, records: body.deals, pagination: pages }';
    change(folder, 'integration.yaml', 'resources:', `resources:\n${deals}`);
    const rows = await rowsOf(folder);

    expect(
      rows.filter(({ operation, verdict }) => operation === 'deals.list' && verdict === 'held')
        .length,
    ).toBeGreaterThan(25);
  });
});
