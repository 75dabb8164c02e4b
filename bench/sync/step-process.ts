/**
 * The measured process: holds the step and nothing else. It is bundled before it is run, as a
 * function is, so that no compiler of types sits in its memory.
 */
import { fetchAlone, postAlone } from './alone.ts';
import { serveParent } from './child.ts';
import { type Addresses, type Engine, openEngine } from './engine.ts';

export interface SyncMeasure {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Heap and buffers alive right after a page came in: the largest seen. 0 where not sampled. */
  readonly peakLiveBytes: number;
  /** Resident set of the process, the largest since it began. */
  readonly peakRssBytes: number;
}

let opened: { readonly engine: Engine; readonly providerUrl: string } | undefined;
let pages = 0;
let sampleEvery = 0;
let peakLiveBytes = 0;

const api = {
  /** Resolves to the secret of the subscription. */
  open: async (addresses: Addresses): Promise<string> => {
    const engine = await openEngine(addresses, sampleLive);
    opened = { engine, providerUrl: addresses.providerUrl };
    return engine.receiver.secrets.map((secret) => secret.reveal()).join();
  },
  /**
   * `everyPages`: how often all garbage is collected to see what is alive, which makes the times
   * worthless; 0 for never.
   */
  sync: async ({ everyPages }: { readonly everyPages: number }): Promise<SyncMeasure> => {
    const run = await current().engine.start();
    [pages, sampleEvery, peakLiveBytes] = [0, everyPages, 0];
    const cpuBefore = process.cpuUsage();
    const wallMs = await timed(run);
    const { user, system } = process.cpuUsage(cpuBefore);
    const peakRssBytes = process.resourceUsage().maxRSS * 1_024;
    return { wallMs, cpuMs: (user + system) / 1_000, peakLiveBytes, peakRssBytes };
  },
  fetchAlone: (_: null): Promise<number> => {
    const { engine, providerUrl } = current();
    return timed(() => fetchAlone(engine, providerUrl));
  },
  postAlone: (events: number): Promise<number> => timed(() => postAlone(current().engine, events)),
};

function current() {
  if (!opened) throw new Error('the engine is not open yet');
  return opened;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function sampleLive(): void {
  pages += 1;
  if (sampleEvery === 0 || pages % sampleEvery !== 0) return;
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  peakLiveBytes = Math.max(peakLiveBytes, heapUsed + external);
}

export type StepApi = typeof api;
serveParent(api);
