/**
 * Lists that a provider prepares first: a job is created, asked after, and read when it is done.
 *
 * One call does one step: while the job is not done, a page is empty and has a next. A job is removed
 * in a call of its own, after whoever reads has kept the last page: a crash before that repeats a
 * page of a job that is still there.
 *
 * Units   waits at most {@link MAX_WAIT_MS} a call
 * Errors  those of CallProvider and ListPage; ProviderError where the job failed, took too long, or was
 *         answered with what a rule ignores: an empty list would end a sync that has read nothing
 */

import type { RequestParts } from '../../integration/method/plan.ts';
import type { Job } from '../../integration/pieces/job.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { buildRequest } from '../../provider/build-request.ts';
import type { CallProvider } from '../../provider/provider-client.ts';
import type { Answer } from '../../wire/decode/answer.ts';
import { ProviderError } from '../../wire/provider-errors.ts';
import type { ListCall, ListedPage, ListPage } from '../list-call.ts';
import { firstSpan, instantsOf } from '../span.ts';
import {
  type Captured,
  capture,
  hasFailed,
  isDone,
  type JobState,
  jobStateJson,
  readJobState,
} from './job-state.ts';

export interface JobDeps {
  readonly callProvider: CallProvider;
  readonly clock: Clock;
}

type Preparing = Extract<JobState, { phase: 'preparing' }>;
type Reading = Extract<JobState, { phase: 'reading' }>;
type MethodJob = Job<RequestParts>;

const MAX_WAIT_MS = 10_000;
const NOTHING: ListedPage = { records: [] };

export function createJobList(inner: ListPage, deps: JobDeps): ListPage {
  return async (call) => {
    const { job } = call.method;
    if (!job) return inner(call);
    if (call.cursor === undefined) return create(deps, call, job);
    const state = readJobState(call.cursor);
    switch (state.phase) {
      case 'preparing':
        return askAfter(deps, call, job, state, inner);
      case 'reading':
        return read(call, job, state, inner);
      case 'removing':
        await remove(deps, call, job, state.job);
        return NOTHING;
    }
  };
}

async function create(deps: JobDeps, call: ListCall, job: MethodJob): Promise<ListedPage> {
  const answer = await send(deps, call, job.create.request, {});
  if (answer.ignored) throw unprepared(call, answer.status, 'the job was not taken on');
  const options = { integration: call.integration.name, needed: true };
  const captured = capture(job.create.capture, answer, {}, options);
  const nowMs = deps.clock.now();
  return pageWith(call, {
    phase: 'preparing',
    job: captured,
    askAtMs: nowMs + job.poll.everyMs,
    giveUpAtMs: nowMs + job.withinMs,
  });
}

async function askAfter(
  deps: JobDeps,
  call: ListCall,
  job: MethodJob,
  state: Preparing,
  inner: ListPage,
): Promise<ListedPage> {
  const { name: integration } = call.integration;
  const waitMs = state.askAtMs - deps.clock.now();
  if (waitMs > 0) await deps.clock.sleep(Math.min(waitMs, MAX_WAIT_MS));
  if (waitMs > MAX_WAIT_MS) return pageWith(call, state);
  const answer = await send(deps, call, job.poll.request, state.job);
  if (answer.ignored) return giveUp(deps, call, job, state, 'the job cannot be asked after');
  if (hasFailed(job.poll.failed, answer)) return giveUp(deps, call, job, state, 'the job failed');
  const needed = isDone(job.poll.done, answer, integration);
  const captured = capture(job.poll.capture, answer, state.job, { integration, needed });
  if (needed) return read(call, job, { phase: 'reading', job: captured }, inner);
  if (deps.clock.now() >= state.giveUpAtMs) {
    return giveUp(deps, call, job, state, 'the job took longer than the integration allows');
  }
  const askAtMs = deps.clock.now() + job.poll.everyMs;
  return pageWith(call, { ...state, job: captured, askAtMs });
}

async function read(
  { cursor: _, ...call }: ListCall,
  job: MethodJob,
  state: Reading,
  inner: ListPage,
): Promise<ListedPage> {
  const asked = { ...call, scope: { ...call.scope, job: state.job } };
  const page = await inner(state.inner === undefined ? asked : { ...asked, cursor: state.inner });
  const { next, ...rest } = page;
  if (next !== undefined) {
    return { ...rest, ...pageWith(call, { ...state, inner: next }, page.records) };
  }
  if (!job.remove) return rest;
  return { ...rest, ...pageWith(call, { phase: 'removing', job: state.job }, page.records) };
}

/** Asked again, the job would still have failed: only a new list helps. */
async function giveUp(
  deps: JobDeps,
  call: ListCall,
  job: MethodJob,
  state: Preparing,
  reason: string,
): Promise<never> {
  await remove(deps, call, job, state.job);
  throw unprepared(call, 200, reason);
}

function unprepared({ integration }: ListCall, status: number, reason: string): ProviderError {
  return new ProviderError(
    'the provider did not prepare the list',
    'config',
    { status, message: reason },
    { integration: integration.name },
  );
}

/** A courtesy, no more: providers forget their jobs by themselves. */
async function remove(
  deps: JobDeps,
  call: ListCall,
  job: MethodJob,
  captured: Captured,
): Promise<void> {
  if (!job.remove) return;
  try {
    await send(deps, call, job.remove.request, captured);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

function send(
  deps: JobDeps,
  call: ListCall,
  request: RequestParts,
  job: Captured,
): Promise<Answer> {
  const { method, integration, account, params, resource } = call;
  const span = firstSpan(method.incremental, call.sinceMs, deps.clock.now());
  const instants = instantsOf(method.incremental, span);
  return deps.callProvider({
    requestId: call.requestId,
    account,
    integration,
    operation: `${resource.name}.${method.name}`,
    request: buildRequest({
      integration,
      // Of the same alternatives and address as the list; what it says of itself comes as JSON.
      method: {
        ...{ ...method, ...request, decode: undefined, url: undefined },
        baseUrl: request.baseUrl ?? method.baseUrl,
      },
      account,
      scope: { ...call.scope, ...instants, id: params['id'], params, job },
    }),
    timeoutMs: request.timeoutMs,
    ok: undefined,
    errors: [...(call.errors ?? []), ...method.errors],
    ...(method.budget ? { budget: method.budget } : {}),
  });
}

function pageWith(
  call: Pick<ListCall, 'integration'>,
  state: JobState,
  records: ListedPage['records'] = [],
): ListedPage {
  return { records, next: jobStateJson(state, call.integration.name) };
}
