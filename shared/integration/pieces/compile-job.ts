/** A method's job, compiled. */

import { mapRecord } from '../../kernel/map-record.ts';
import { durationMs } from '../request/compile.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { Job } from './job.ts';
import type { JobSource } from './job-source.ts';

/** What every request of a job declares. */
type JobRequestSource = Omit<JobSource['create'], 'capture'>;

type CompileJobRequest<Request> = (
  source: JobRequestSource & { readonly method: NonNullable<JobRequestSource['method']> },
  path: SourcePath,
) => Request;

export function compileJob<Request>(
  source: JobSource | undefined,
  path: SourcePath,
  compileRequest: CompileJobRequest<Request>,
  context: CompileContext,
): Job<Request> | undefined {
  if (!source) return undefined;
  const { create, poll, remove } = source;
  const captureOf = (step: 'create' | 'poll') =>
    mapRecord(source[step].capture, (text, name) =>
      context.expression(text, [...path, step, 'capture', name]),
    );
  return {
    create: {
      request: compileRequest({ ...create, method: create.method ?? 'POST' }, [...path, 'create']),
      capture: captureOf('create'),
    },
    poll: {
      request: compileRequest({ ...poll, method: poll.method ?? 'GET' }, [...path, 'poll']),
      capture: captureOf('poll'),
      done: context.expression(poll.done, [...path, 'poll', 'done']),
      failed: context.optionalExpression(poll.failed, [...path, 'poll', 'failed']),
      everyMs: durationMs(poll.every),
    },
    remove: remove && {
      request: compileRequest({ ...remove, method: remove.method ?? 'DELETE' }, [
        ...path,
        'remove',
      ]),
    },
    withinMs: durationMs(source.within),
  };
}
