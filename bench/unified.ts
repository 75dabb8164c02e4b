/**
 * A unified list of 100 contacts against the same list by plain proxy: what reading and mapping the
 * records adds to passing them on. Same process, same upstream, one after the other in every round.
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

export async function run(): Promise<BenchResult> {
  const upstream = startChild<UpstreamApi>(file('upstream'));
  const load = startChild<LoadApi>(file('load'));
  const bundle = await bundled(file('ours'), ['sandbox']);
  const ours = startChild<OursApi>(bundle.file, { env: bundle.env });
  try {
    const { origin, headers } = await ours.call('listen', {
      upstream: await upstream.call('listen', null),
    });
    const cpuOf = async (way: Way): Promise<number> => {
      const before = await ours.call('cpuMs', null);
      await load.call('burst', { target: { origin, path: PATHS[way], headers }, ...LOAD });
      return ((await ours.call('cpuMs', null)) - before) / LOAD.requests;
    };
    const rounds: { readonly proxy: number; readonly unified: number }[] = [];
    for (let turn = 0; turn <= ROUNDS; turn += 1) {
      const measured = { proxy: await cpuOf('proxy'), unified: await cpuOf('unified') };
      // The first round compiles what the others run.
      if (turn > 0) rounds.push(measured);
    }
    return resultOf(rounds);
  } finally {
    await Promise.all([ours.stop(), upstream.stop(), load.stop()]);
    bundle.remove();
  }
}

function resultOf(rounds: readonly { readonly proxy: number; readonly unified: number }[]) {
  const figures = new Figures('unified');
  const ratios = rounds.map(({ proxy, unified }) => unified / proxy);
  figures.set('100 contacts by proxy: CPU, ms', round(median(rounds.map(({ proxy }) => proxy)), 3));
  figures.set(
    '100 contacts, unified: CPU, ms',
    round(median(rounds.map(({ unified }) => unified)), 3),
  );
  figures.set('100 contacts: CPU unified ÷ proxy', round(median(ratios)), ['≤', 1.5]);
  return figures.result();
}

function file(name: string): string {
  return path.join(import.meta.dirname, 'proxy', `${name}.ts`);
}
