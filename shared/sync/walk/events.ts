/**
 * The events of a run, as subscribers see them.
 *
 * An event's id follows from the run, the resource and the position from which its batch was read,
 * so a redelivery carries the id of the delivery. It also follows from which records it holds:
 * where the provider's list has changed between two tries, the second event is another one, and a
 * consumer that drops ids it knows drops nothing new.
 *
 * Source  GET /v1/openapi.json and docs/architecture.md
 */
import { isoTime } from '../../kernel/clock.ts';
import { deterministicId, type EventId } from '../../kernel/id.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Transient } from '../../kernel/transient.ts';
import { jsonData, type OutboundEvent } from '../../webhook/delivery/outbound-event.ts';
import type { RecordFault } from '../run/record-fault.ts';
import { presentCounters, type RunError, type SyncRun } from '../run/sync-run.ts';
import type { Batch, BatchRecord } from './batch.ts';
import { encodePosition } from './cursor-stack.ts';

/** An event whose place in the run's sequence is not given yet. */
export type UnnumberedEvent = Omit<OutboundEvent, 'sequence'>;

export const RECORD_EVENT = 'sync_job_run:record';

export function startedEvent(run: SyncRun, startedAtMs: number): UnnumberedEvent {
  return runEvent(run, 'started', startedAtMs, {
    started_at: isoTime(startedAtMs),
    previous_run_date: isoTime(run.previousRunDateMs),
  });
}

export function completedEvent(run: SyncRun, nowMs: number): UnnumberedEvent {
  return runEvent(run, 'completed', nowMs, summary(run, nowMs));
}

export function failedEvent(run: SyncRun, error: RunError, nowMs: number): UnnumberedEvent {
  return runEvent(run, 'failed', nowMs, { ...summary(run, nowMs), error: { ...error } });
}

export interface RateLimitNotice {
  readonly provider: string;
  readonly resource: string;
  readonly resumeAtMs: number;
  /** Waits of this run, this one included. */
  readonly hits: number;
  /** More waits than the job takes for normal. */
  readonly alert: boolean;
}

export function rateLimitedEvent(
  run: SyncRun,
  notice: RateLimitNotice,
  nowMs: number,
): UnnumberedEvent {
  const id = eventId(run, ['rate_limited', notice.hits]);
  const event = runEvent(run, 'rate_limited', nowMs, {
    provider: notice.provider,
    resource: notice.resource,
    // Seconds, as Retry-After counts them: never sooner than the provider said.
    retry_after: Math.max(0, Math.ceil((notice.resumeAtMs - nowMs) / 1_000)),
    resume_at: isoTime(notice.resumeAtMs),
    hits: notice.hits,
    alert: notice.alert,
  });
  return { ...event, id };
}

/** Everything that one batch has to tell, in order. */
export function batchEvents(run: SyncRun, batch: Batch, nowMs: number): readonly UnnumberedEvent[] {
  const place = encodePosition(batch.from).toString();
  const records = [...batch.groups].map(([resource, group]) =>
    recordEvent(run, resource, group, place, nowMs),
  );
  const faults = batch.faults.map((fault, at) => faultEvent(run, fault, [place, at], nowMs));
  return [...records, ...faults];
}

function recordEvent(
  run: SyncRun,
  resource: string,
  records: readonly BatchRecord[],
  place: string,
  nowMs: number,
): UnnumberedEvent {
  const head = JSON.stringify({ ...about(run), resource });
  const texts = records.map(({ json }) => json.reveal());
  return {
    ...envelope(run, 'record', nowMs),
    id: eventId(run, [resource, place, ...records.map(({ hash }) => hash)]),
    data: Transient.of(`${head.slice(0, -1)},"records":[${texts.join(',')}]}`),
  };
}

function faultEvent(
  run: SyncRun,
  { resource, code, message, httpStatus, ref }: RecordFault,
  place: readonly (string | number)[],
  nowMs: number,
): UnnumberedEvent {
  const data = {
    ...about(run),
    resource,
    http_status: httpStatus ?? null,
    code,
    message,
    ...(ref === undefined ? {} : { record_ref: ref }),
  };
  return {
    ...envelope(run, 'record_error', nowMs),
    id: eventId(run, [resource, 'record_error', ...place, code, ref ?? '']),
    data: jsonData(data),
  };
}

function runEvent(run: SyncRun, what: string, nowMs: number, data: JsonObject): UnnumberedEvent {
  return {
    ...envelope(run, what, nowMs),
    id: eventId(run, [what]),
    data: jsonData({ ...about(run), ...data }),
  };
}

function envelope(run: SyncRun, what: string, nowMs: number) {
  return {
    type: `sync_job_run:${what}`,
    atMs: nowMs,
    environmentId: run.environmentId,
    tenantId: run.tenantId,
    accountId: run.accountId,
  };
}

function eventId(run: SyncRun, parts: readonly (string | number)[]): EventId {
  return deterministicId('evt', [run.id, ...parts]);
}

function about(run: SyncRun) {
  return { sync_job_id: run.jobId, sync_job_run_id: run.id };
}

function summary(run: SyncRun, nowMs: number): JsonObject {
  const startedAtMs = run.startedAtMs ?? nowMs;
  return {
    resources: presentCounters(run.counters),
    started_at: isoTime(startedAtMs),
    duration_ms: Math.max(0, nowMs - startedAtMs),
  };
}
