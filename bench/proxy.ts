/**
 * The proxy path, in a process of its own, against other proxies in processes of theirs: one
 * upstream, one client, the same requests, the variants one after the other in every round.
 *
 * Units   CPU: processor time of the proxy's process by request, µs; a ratio is the median of those
 *         of single rounds. Added p50: what one request at a time takes beyond one that goes to the
 *         upstream directly
 */
import path from 'node:path';
import { type BenchResult, median, round } from './bench.ts';
import { bundled } from './bundled.ts';
import { Figures } from './figures.ts';
import type { LoadApi, Target } from './proxy/load.ts';
import { startNginx } from './proxy/nginx.ts';
import type { OursApi } from './proxy/ours.ts';
import type { PeerApi, PeerName } from './proxy/peers.ts';
import type { UpstreamApi } from './proxy/upstream.ts';
import { type Child, startChild } from './sync/child.ts';

const PEERS: readonly PeerName[] = [
  'node server alone',
  'fast-proxy',
  'http-proxy',
  'express + axios',
];
const OURS = 'millrace';
const NGINX = 'nginx';
const ROUNDS = 7;
const BURSTS = {
  '2k': { requests: 2_000, connections: 16 },
  '200k': { requests: 250, connections: 16 },
} as const;
const SINGLE = { requests: 600, connections: 1 } as const;

type Size = keyof typeof BURSTS;

interface Variant {
  readonly name: string;
  readonly cpuMs: () => Promise<number>;
  readonly target: (size: Size) => Target;
  readonly stop: () => Promise<void>;
}

/** Of single rounds, by variant and figure. */
type Rounds = Map<string, number[]>;

export async function run(): Promise<BenchResult> {
  const upstream = startChild<UpstreamApi>(peerFile('upstream'));
  const load = startChild<LoadApi>(peerFile('load'));
  const bundle = await bundled(peerFile('ours'), ['sandbox']);
  const variants: Variant[] = [];
  try {
    const origin = await upstream.call('listen', null);
    for (const name of PEERS) variants.push(await openPeer(name, origin));
    const nginx = await startNginx(origin);
    if (nginx) variants.push({ ...nginx, name: NGINX, target: targetAt(nginx.origin) });
    variants.push(await openOurs(bundle.file, bundle.env, origin));
    const rounds: Rounds = new Map();
    // The first round compiles what the others run.
    for (let turn = 0; turn <= ROUNDS; turn += 1) {
      await playRound(load, variants, origin, turn === 0 ? new Map() : rounds);
    }
    return resultOf(
      rounds,
      variants.map(({ name }) => name),
    );
  } finally {
    await Promise.all([...variants, upstream, load].map((each) => each.stop()));
    bundle.remove();
  }
}

async function openPeer(name: PeerName, upstream: string): Promise<Variant> {
  const child = startChild<PeerApi>(peerFile('peers'));
  const origin = await child.call('listen', { peer: name, upstream });
  return {
    name,
    cpuMs: () => child.call('cpuMs', null),
    target: targetAt(origin),
    stop: child.stop,
  };
}

/** Of proxies that only pass on what they get. */
function targetAt(origin: string): Variant['target'] {
  const headers = { authorization: 'Bearer token-of-the-tenant' };
  return (size) => ({ origin, path: `/api/bodies/${size}`, headers });
}

async function openOurs(
  file: string,
  env: Readonly<Record<string, string>>,
  upstream: string,
): Promise<Variant> {
  const child = startChild<OursApi>(file, { env });
  const { origin, headers } = await child.call('listen', { upstream });
  return {
    name: OURS,
    cpuMs: () => child.call('cpuMs', null),
    target: (size) => ({ origin, path: `/v1/proxy/bodies/${size}`, headers }),
    stop: child.stop,
  };
}

async function playRound(
  load: Child<LoadApi>,
  variants: readonly Variant[],
  upstream: string,
  rounds: Rounds,
): Promise<void> {
  const note = (name: string, value: number) =>
    rounds.set(name, [...(rounds.get(name) ?? []), value]);
  for (const { name, cpuMs, target } of variants) {
    for (const size of ['2k', '200k'] as const) {
      const before = await cpuMs();
      await load.call('burst', { target: target(size), ...BURSTS[size] });
      note(`${name} ${size}`, (((await cpuMs()) - before) * 1_000) / BURSTS[size].requests);
    }
  }
  const direct = { origin: upstream, path: '/api/bodies/2k', headers: {} };
  for (const { name, target } of variants) {
    const base = await load.call('burst', { target: direct, ...SINGLE });
    const { p50Us, p50OwnUs } = await load.call('burst', { target: target('2k'), ...SINGLE });
    note(`${name} p50`, p50Us - base.p50Us);
    if (name === OURS) note(`${name} own`, p50OwnUs);
  }
}

function resultOf(rounds: Rounds, names: readonly string[]): BenchResult {
  const figures = new Figures('proxy');
  const of = (name: string) => rounds.get(name) ?? [];
  const ratio = (size: Size, peer: PeerName) =>
    round(median(of(`${OURS} ${size}`).map((cpu, at) => cpu / (of(`${peer} ${size}`)[at] ?? 0))));
  for (const size of ['2k', '200k'] as const) {
    const label = size === '2k' ? '2 KB' : '200 KB';
    for (const name of names) {
      figures.set(`${label}: CPU of ${name}, µs`, round(median(of(`${name} ${size}`)), 0));
    }
    figures.set(`${label}: CPU ÷ fast-proxy`, ratio(size, 'fast-proxy'), ['≤', 1.15]);
    figures.set(`${label}: CPU ÷ http-proxy`, ratio(size, 'http-proxy'));
    figures.set(`${label}: CPU ÷ express + axios`, ratio(size, 'express + axios'), ['≤', 0.2]);
  }
  figures.set('2 KB: CPU ÷ node server alone', ratio('2k', 'node server alone'), ['≤', 5]);
  for (const name of names.filter((each) => each !== PEERS[0])) {
    const addedMs = round(median(of(`${name} p50`)) / 1_000, 3);
    figures.set(`added p50 of ${name}, ms`, addedMs, name === OURS ? ['≤', 0.25] : undefined);
  }
  figures.set('own time by Server-Timing, p50, ms', round(median(of(`${OURS} own`)) / 1_000, 3));
  if (!names.includes(NGINX)) figures.note(NGINX, 'not measured: it is not installed');
  return figures.result();
}

function peerFile(name: string): string {
  return path.join(import.meta.dirname, 'proxy', `${name}.ts`);
}
