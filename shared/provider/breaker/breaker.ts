/**
 * Holds calls back from an upstream that keeps failing, for all processes at once.
 *
 * What it costs in calls to the table, per process and upstream:
 *
 * | while                                 | reads            | writes                               |
 * | ------------------------------------- | ---------------- | ------------------------------------ |
 * | the first call                        | 1                | 0                                    |
 * | calls succeed                         | 0                | 0                                    |
 * | a lone failure between successes      | 1, at most in 5 s | 0                                   |
 * | a run of failures, until it opens     | 1                | 1 a failure from the second on, 1 to open |
 * | open                                  | 0                | 0                                    |
 * | half-open                             | 1 in 5 s         | 2 by who probes, 1 in 5 s by others  |
 *
 * A process whose calls all succeeded learns that a circuit is open by its own next failure, not
 * before. The breaker itself never fails a call: where the table
 * cannot be asked, it goes by what it knows.
 *
 * Errors  CircuitOpenError
 */
import type { Upstream } from './circuit.ts';
import { CircuitWatch, type Pass, type WatchDeps } from './circuit-watch.ts';

export interface Breaker {
  /** @param callMs the hard limit of the call @throws CircuitOpenError */
  admit(upstream: Upstream, callMs: number): Promise<Pass>;
}

/** More upstreams than that, and the one not called for longest is forgotten. */
const MAX_WATCHED = 1_000;

export function createBreaker(deps: WatchDeps): Breaker {
  const watches = new Map<string, CircuitWatch>();
  let latest: { readonly key: string; readonly watch: CircuitWatch } | undefined;

  const watchOf = (upstream: Upstream): CircuitWatch => {
    const key = `${upstream.integration}#${upstream.host}`;
    if (latest?.key === key) return latest.watch;
    const watch = watches.get(key) ?? new CircuitWatch(upstream, deps);
    // Back at the end: the first of the map is the one not used for longest.
    watches.delete(key);
    const [oldest] = watches.size < MAX_WATCHED ? [] : watches.keys();
    if (oldest !== undefined) watches.delete(oldest);
    watches.set(key, watch);
    latest = { key, watch };
    return watch;
  };

  return { admit: (upstream, callMs) => watchOf(upstream).admit(callMs) };
}
