/**
 * A unified list of 100 contacts against the same list by plain proxy: what reading and mapping the
 * records adds to passing them on. Same process, same upstream, one after the other in every round.
 *
 * Beside it what no mapping can do without: `JSON.parse` and `JSON.stringify` of the same page.
 *
 * Units   CPU: processor time of our process by request, ms; the ratio is the median of those of
 *         single rounds
 */
import path from 'node:path';
import { type BenchResult, median, round } from './bench.ts';
import { bundled } from './bundled.ts';
import { Figures } from './figures.ts';
import type { LoadApi } from './proxy/load.ts';
import type { OursApi } from './proxy/ours.ts';
import type { UpstreamApi } from './proxy/upstream.ts';
import { startChild } from './sync/child.ts';

const ROUNDS = 9;
const LOAD = { requests: 300, connections: 8 } as const;
const PATHS = {
  proxy: '/v1/proxy/contacts?per_page=100',
  unified: '/v1/unified/crm/contacts?limit=100',
} as const;

type Way = keyof typeof PATHS;

/** CPU of one request, or of one page, ms. */
interface Round {
  readonly proxy: number;
  readonly unified: number;
  readonly rewrite: number;
}

export async function run(): Promise<BenchResult> {
  const upstream = startChild<UpstreamApi>(file('upstream'));
  const load = startChild<LoadApi>(file('load'));
  const bundle = await bundled(file('ours'), ['sandbox']);
  const ours = startChild<OursApi>(bundle.file, { env: bundle.env });
  try {
    const provider = await upstream.call('listen', null);
    const page = await (await fetch(`${provider}/api/contacts`)).text();
    const { origin, headers } = await ours.call('listen', { upstream: provider });
    const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await ours.call('cpuMs', null);
      await work();
      return ((await ours.call('cpuMs', null)) - before) / LOAD.requests;
    };
    const ask = (way: Way) => () =>
      load.call('burst', { target: { origin, path: PATHS[way], headers }, ...LOAD });
    const rounds: Round[] = [];
    for (let turn = 0; turn <= ROUNDS; turn += 1) {
      const measured = {
        proxy: await cpuOf(ask('proxy')),
        unified: await cpuOf(ask('unified')),
        rewrite: await cpuOf(() => ours.call('rewrite', { page, times: LOAD.requests })),
      };
      // The first round compiles what the others run.
      if (turn > 0) rounds.push(measured);
    }
    return resultOf(rounds);
  } finally {
    await Promise.all([ours.stop(), upstream.stop(), load.stop()]);
    bundle.remove();
  }
}

function resultOf(rounds: readonly Round[]) {
  const figures = new Figures('unified');
  const typical = (of: (each: Round) => number, digits = 2) =>
    round(median(rounds.map(of)), digits);
  const set = (name: string, of: (each: Round) => number) => figures.set(name, typical(of, 3));
  set('100 contacts by proxy: CPU, ms', ({ proxy }) => proxy);
  set('100 contacts, unified: CPU, ms', ({ unified }) => unified);
  set('100 contacts, JSON.parse and JSON.stringify: CPU, ms', ({ rewrite }) => rewrite);
  figures.set(
    '100 contacts: CPU unified ÷ proxy',
    typical(({ unified, proxy }) => unified / proxy),
    ['≤', 1.5],
  );
  figures.set(
    '100 contacts: CPU (proxy + parse + stringify) ÷ proxy, the floor',
    typical(({ rewrite, proxy }) => (proxy + rewrite) / proxy),
  );
  figures.set(
    '100 contacts: CPU unified ÷ the floor',
    typical(({ unified, proxy, rewrite }) => unified / (proxy + rewrite)),
  );
  return figures.result();
}

function file(name: string): string {
  return path.join(import.meta.dirname, 'proxy', `${name}.ts`);
}
