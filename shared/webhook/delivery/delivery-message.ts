/**
 * The message on the delivery queue: which event for whom, and the claim that its bytes are
 * collected with.
 *
 * The claim's key travels in here and nowhere else, so the message must never reach a log.
 */
import * as z from 'zod';
import { claimTicket } from '../../claim-check/claim-check.ts';
import { brandId } from '../../kernel/id.ts';

export const deliveryMessage = z.strictObject({
  v: z.literal(1),
  event_id: z.string().transform((id) => brandId<'evt'>(id)),
  event_type: z.string(),
  environment_id: z.string().transform((id) => brandId<'env'>(id)),
  subscription_id: z.string().transform((id) => brandId<'sub'>(id)),
  /** Tries that have been made. */
  attempts: z.int().min(0),
  ticket: claimTicket,
});
export type DeliveryMessage = Readonly<z.output<typeof deliveryMessage>>;

/** SQS's longest delay. */
export const MAX_DELAY_SECONDS = 900;

/** MessageGroupId = `environment_id`: fair between environments. */
export type SendDelivery = (message: DeliveryMessage, delaySeconds: number) => Promise<void>;
