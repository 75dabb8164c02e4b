/**
 * What became of each try to deliver: metadata only, for the deliveries list and for support.
 *
 * Shape   one item per try, `DLV#event#subscription / A#n`, listed newest first per subscription
 *         and forgotten after {@link KEPT_MS}
 */
import * as z from 'zod';
import { attemptKey } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import { isoTime } from '../../kernel/clock.ts';
import { brandId, type EventId, type SubscriptionId } from '../../kernel/id.ts';
import type { ListPage } from '../subscription/subscription-store.ts';

const KEPT_MS = 30 * 86_400_000;

const attemptSchema = z.object({
  eventId: z.string().transform((id) => brandId<'evt'>(id)),
  eventType: z.string(),
  subscriptionId: z.string().transform((id) => brandId<'sub'>(id)),
  /** Counts from 1. */
  attempt: z.number(),
  atMs: z.number(),
  ok: z.boolean(),
  reason: z.string(),
  status: z.number().optional(),
  latencyMs: z.number(),
  /** When the next try is due; absent where none follows. */
  nextAttemptAtMs: z.number().optional(),
});
export type DeliveryAttempt = Readonly<z.output<typeof attemptSchema>>;

export interface DeliveryList {
  readonly attempts: readonly DeliveryAttempt[];
  readonly next?: string;
}

export interface DeliveryLog {
  record(attempt: DeliveryAttempt): Promise<void>;
  /** Newest first. */
  list(subscriptionId: SubscriptionId, page?: ListPage): Promise<DeliveryList>;
}

export function createDeliveryLog(table: Table): DeliveryLog {
  return {
    async record(attempt) {
      const { eventId, subscriptionId, atMs } = attempt;
      await table.put({
        ...attempt,
        ...attemptKey(eventId, subscriptionId, attempt.attempt),
        ...listing(subscriptionId, atMs, eventId),
        // DynamoDB's TTL counts in seconds.
        ttl: Math.ceil((atMs + KEPT_MS) / 1_000),
      });
    },
    async list(subscriptionId, page = {}) {
      const answer = await table.query({
        index: 'gsi1',
        partition: partition(subscriptionId),
        descending: true,
        ...page,
      });
      const attempts = answer.items.map((item) => attemptSchema.parse(item));
      return answer.next === undefined ? { attempts } : { attempts, next: answer.next };
    },
  };
}

function partition(subscriptionId: SubscriptionId): string {
  return `SUB#${subscriptionId}`;
}

function listing(subscriptionId: SubscriptionId, atMs: number, eventId: EventId) {
  return { gsi1pk: partition(subscriptionId), gsi1sk: `DLV#${isoTime(atMs)}#${eventId}` };
}
