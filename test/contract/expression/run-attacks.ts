/**
 * Runs every attack in this process, which has nothing else to do, and prints one JSON line for each.
 * Outside Jest, whose module sandbox makes all code several times as slow.
 *
 * Units  ms: CPU milliseconds; bytes: what is alive more than before, the result and all that the
 *        engine keeps, after garbage has been collected. The most that is alive in between is limited
 *        by the size of the heap that attack.test.ts gives this process.
 */
import { compileExpression } from '#shared/expression/expression.ts';
import { ATTACKS } from './attacks.ts';

/** What an evaluation answers, or the error that ended it. */
function outcome(text: string, input: unknown): unknown {
  try {
    return compileExpression(text, {}).evaluate(input);
  } catch (error) {
    return error;
  }
}

/** Memory that is reachable: in the heap and, for buffers, beside it. */
function liveBytes(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for (const { name, text, input } of ATTACKS) {
  const before = liveBytes();
  const start = process.cpuUsage();
  const result = outcome(text, input);
  const { user, system } = process.cpuUsage(start);
  const bytes = liveBytes() - before;
  const polluted = 'polluted' in {} || Object.getOwnPropertyNames(Object.prototype).length !== 12;
  const error = result instanceof Error ? result.name : undefined;
  console.log(JSON.stringify({ name, ms: (user + system) / 1000, bytes, polluted, error }));
}
