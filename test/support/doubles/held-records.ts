/**
 * A consumer that holds what it received, as an operator's product would: the latest record per
 * resource and id, and every delivery in order.
 */
import {
  type ConsumedEvent,
  type Consumer,
  startConsumer,
} from '../../../local/sandbox/consumer.ts';

export interface HoldingConsumer extends Consumer {
  /** Latest record by resource and id, of acknowledged deliveries only. */
  readonly held: ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>>;
  /** Every verified delivery in order, redeliveries too. */
  readonly deliveries: readonly ConsumedEvent[];
  /** How many deliveries were acknowledged so far, and which record ids they carried. */
  forget(): void;
}

export async function startHoldingConsumer(
  options: {
    readonly answer?: (event: ConsumedEvent, delivery: number) => number;
    readonly latencyMs?: number;
  } = {},
): Promise<HoldingConsumer> {
  const held = new Map<string, Map<string, Record<string, unknown>>>();
  const deliveries: ConsumedEvent[] = [];
  const consumer = await startConsumer({
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    answer: (event, delivery) => {
      const status = options.answer?.(event, delivery) ?? 200;
      deliveries.push(event);
      if (status < 300) hold(held, event);
      return status;
    },
  });
  return {
    ...consumer,
    held,
    deliveries,
    forget: () => {
      held.clear();
      deliveries.length = 0;
    },
  };
}

export function recordsOf(event: ConsumedEvent): readonly Record<string, unknown>[] {
  const records = event.type === 'sync_job_run:record' ? event.data['records'] : [];
  return Array.isArray(records) ? records : [];
}

function hold(held: Map<string, Map<string, Record<string, unknown>>>, event: ConsumedEvent): void {
  const resource = String(event.data['resource']);
  for (const record of recordsOf(event)) {
    const ofResource = held.get(resource) ?? new Map();
    ofResource.set(String(record['id']), record);
    held.set(resource, ofResource);
  }
}
