import type { Invocation } from '../../../local/lambda/execution-environment.ts';
import { Pool, PoolClosedError } from '../../../local/lambda/pool.ts';

/** A runner whose events end when the test says so. */
class ScriptedRunner {
  readonly name: string;
  readonly done: (() => void)[] = [];
  ended = false;
  readonly #onEnd: () => void;

  constructor(name: string, onEnd: () => void) {
    this.name = name;
    this.#onEnd = onEnd;
  }

  run({ event }: Invocation): Promise<string> {
    return new Promise((resolve) => this.done.push(() => resolve(`${this.name}:${event}`)));
  }

  async end(): Promise<void> {
    this.ended = true;
    this.#onEnd();
  }
}

function pooled(maxSize: number, idleMs = 60_000) {
  const runners: ScriptedRunner[] = [];
  const starts: (() => void)[] = [];
  const pool = new Pool({
    maxSize,
    idleMs,
    start: (onEnd) =>
      new Promise((resolve) => {
        const runner = new ScriptedRunner(`r${runners.length + 1}`, onEnd);
        runners.push(runner);
        starts.push(() => resolve(runner));
      }),
  });
  const run = (event: string) => pool.run({ event, onChunk: async () => {} });
  return { pool, runners, starts, run };
}

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the pool of execution environments', () => {
  it('starts one environment at a time, however many events wait', async () => {
    const { starts, run } = pooled(5);
    for (const event of ['a', 'b', 'c']) void run(event);
    expect(starts).toHaveLength(1);
    starts[0]!();
    await settle();
    expect(starts).toHaveLength(2);
  });

  it('gives a waiting event to the environment that is free first', async () => {
    const { runners, starts, run } = pooled(5);
    const results = [run('a'), run('b')];
    starts[0]!();
    await settle();
    runners[0]!.done[0]!();
    await settle();
    runners[0]!.done[1]!();
    expect(await Promise.all(results)).toEqual(['r1:a', 'r1:b']);
  });

  it('ends environments that idle, but not the last', async () => {
    const { runners, starts, run } = pooled(2, 5);
    const results = [run('a'), run('b')];
    starts[0]!();
    await settle();
    starts[1]!();
    await settle();
    for (const { done } of runners) done[0]!();
    await Promise.all(results);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(runners.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('replaces an environment that has ended', async () => {
    const { runners, starts, run } = pooled(1);
    const first = run('a');
    starts[0]!();
    await settle();
    runners[0]!.done[0]!();
    await first;
    await runners[0]!.end();
    const second = run('b');
    starts[1]!();
    await settle();
    runners[1]!.done[0]!();
    expect(await second).toBe('r2:b');
  });

  it('starts one environment when warmed, and no second', () => {
    const { pool, starts } = pooled(5);
    pool.warm();
    pool.warm();
    expect(starts).toHaveLength(1);
  });

  it('refuses events once closed, those that wait too', async () => {
    const { pool, run } = pooled(1);
    const waiting = run('a');
    await pool.close();
    await expect(waiting).rejects.toThrow(PoolClosedError);
    await expect(run('b')).rejects.toThrow(PoolClosedError);
  });

  it('ends an environment that only became ready after the close', async () => {
    const { pool, runners, starts } = pooled(1);
    pool.warm();
    await pool.close();
    starts[0]!();
    await settle();
    expect(runners[0]?.ended).toBe(true);
  });
});
