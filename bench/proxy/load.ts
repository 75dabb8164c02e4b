/** Who calls the proxies: so many requests over so many connections, every answer read to its end. */
import { Pool } from 'undici';
import { serveParent } from '../sync/child.ts';

export interface Target {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Burst {
  readonly target: Target;
  readonly requests: number;
  readonly connections: number;
}

export interface Measured {
  readonly wallMs: number;
  readonly bytes: number;
  /** Median of single requests. */
  readonly p50Us: number;
  /** Median of what the answers themselves say that the proxy took; NaN where they say nothing. */
  readonly p50OwnUs: number;
}

const OWN = /\bown;dur=([\d.]+)/;

async function burst({ target, requests, connections }: Burst): Promise<Measured> {
  const pool = new Pool(target.origin, { connections, pipelining: 1 });
  const times: number[] = [];
  const owns: number[] = [];
  let bytes = 0;
  let left = requests;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const startedMs = performance.now();
      const { statusCode, headers, body } = await pool.request({
        path: target.path,
        method: 'GET',
        headers: target.headers,
      });
      bytes += (await body.arrayBuffer()).byteLength;
      times.push(performance.now() - startedMs);
      const own = OWN.exec(String(headers['server-timing'] ?? ''))?.[1];
      if (own !== undefined) owns.push(Number(own));
      if (statusCode !== 200) throw new Error(`the answer is ${statusCode}`);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const wallMs = performance.now() - startedMs;
  await pool.close();
  return { wallMs, bytes, p50Us: medianUs(times), p50OwnUs: medianUs(owns) };
}

function medianUs(timesMs: readonly number[]): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 1_000;
}

const api = { burst };

export type LoadApi = typeof api;
serveParent(api);
