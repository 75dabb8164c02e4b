/** What changed since, compiled. A picture must be one that instants can be written by. */
import { ExpressionEvaluationError } from '../../expression/errors.ts';
import { durationMs } from '../request/compile.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileValue } from '../template/values.ts';
import { formatInstant, readInstantText } from './instant-format.ts';
import type { Earliest, Incremental, PlacedInstant, TimeFormat } from './plan.ts';
import type { IncrementalSource } from './source.ts';

type PlacedSource = NonNullable<IncrementalSource['since']>;

export function compileIncremental(
  source: IncrementalSource | undefined,
  path: SourcePath,
  context: CompileContext,
): Incremental | undefined {
  if (!source) return undefined;
  checkPicture(source, path, context);
  const placed = (slot: 'since' | 'until') => compilePlaced(source[slot], [...path, slot], context);
  return {
    cursor: context.expression(source.cursor, [...path, 'cursor']),
    format: source.format,
    mode: source.mode,
    since: placed('since'),
    until: placed('until'),
    window: compileWindow(source, path, context),
    lookbackMs: source.lookback === undefined ? 0 : durationMs(source.lookback),
    omitAtEpoch: source.omit_at_epoch,
  };
}

function compilePlaced(
  source: PlacedSource | undefined,
  path: SourcePath,
  context: CompileContext,
): PlacedInstant | undefined {
  if (!source) return undefined;
  const value = compileValue(source.value, [...path, 'value'], context);
  return { param: source.param, in: source.in, value };
}

/** A first sync would need tens of thousands of requests, each of which may be empty. */
const SHORTEST_WINDOW_MS = 60_000;

function compileWindow(
  source: IncrementalSource,
  path: SourcePath,
  context: CompileContext,
): Incremental['window'] {
  if (source.window === undefined || source.earliest === undefined) return undefined;
  const lengthMs = durationMs(source.window);
  if (lengthMs < SHORTEST_WINDOW_MS) context.fault([...path, 'window'], 'must be at least PT1M');
  if (source.mode !== 'server') {
    context.fault([...path, 'window'], 'must be absent where the provider does not filter');
  }
  return { lengthMs, earliest: compileEarliest(source.earliest) };
}

function compileEarliest(text: string): Earliest {
  return text.startsWith('P') ? { agoMs: durationMs(text) } : { atMs: Date.parse(text) };
}

const EXAMPLE_MS = Date.UTC(2026, 0, 31, 13, 45, 59);

function checkPicture(source: IncrementalSource, path: SourcePath, context: CompileContext): void {
  const { format, mode } = source;
  if (typeof format === 'string') return;
  const at = [...path, 'format', 'picture'];
  const text = written(format);
  if (text === undefined) context.fault(at, 'no instant can be written by this picture');
  else if (mode !== 'server' && !tellsTheDay(text, format)) {
    context.fault(at, 'no instant can be read by this picture');
  }
}

function tellsTheDay(text: string, format: TimeFormat): boolean {
  const readMs = readInstantText(text, format);
  return readMs !== undefined && Math.abs(readMs - EXAMPLE_MS) < 86_400_000;
}

function written(format: TimeFormat): string | undefined {
  try {
    return formatInstant(EXAMPLE_MS, format);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) return undefined;
    throw error;
  }
}
