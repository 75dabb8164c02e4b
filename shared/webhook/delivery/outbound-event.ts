/**
 * What we tell subscribers: one event, as JSON.
 *
 * Shape   `{ id, type, timestamp, environment_id, tenant_id?, integrated_account_id?, sequence?, data }`
 * Units   at most {@link MAX_EVENT_BYTES} bytes of UTF-8, envelope and all
 * Source  GET /v1/openapi.json and docs/architecture.md
 */
import { isoTime } from '../../kernel/clock.ts';
import type { AccountId, EnvironmentId, EventId, TenantId } from '../../kernel/id.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Transient } from '../../kernel/transient.ts';

/** The limit of a webhook's payload: 256 KB. */
export const MAX_EVENT_BYTES = 262_144;

/** More than the envelope of any event takes beside its records: ids, names and times. */
export const EVENT_ENVELOPE_BYTES = 4_096;

export interface OutboundEvent {
  readonly id: EventId;
  /** `sync_job_run:record`: a subject, a colon, what happened to it. */
  readonly type: string;
  readonly atMs: number;
  readonly environmentId: EnvironmentId;
  readonly tenantId?: TenantId;
  readonly accountId?: AccountId;
  /** Rises by one with every event of a run; a gap is a loss. */
  readonly sequence?: number;
  /** The `data` member, as JSON text: records were measured as text and stay it. */
  readonly data: Transient<string>;
}

export function jsonData(data: JsonObject): Transient<string> {
  return Transient.of(JSON.stringify(data));
}

/** The exact bytes that are signed and sent. */
export function encodeEvent(event: OutboundEvent): Transient<Buffer> {
  const envelope = JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: isoTime(event.atMs),
    environment_id: event.environmentId,
    ...(event.tenantId === undefined ? {} : { tenant_id: event.tenantId }),
    ...(event.accountId === undefined ? {} : { integrated_account_id: event.accountId }),
    ...(event.sequence === undefined ? {} : { sequence: event.sequence }),
  });
  // `data` goes in as the text it already is: parsing and writing it again would cost the step
  // function more than all the rest of an event.
  return event.data.map((data) => Buffer.from(`${envelope.slice(0, -1)},"data":${data}}`));
}
