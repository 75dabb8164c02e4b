/**
 * The message on the step queue: "look at this run". The table is the truth; a hint may be lost,
 * doubled or late without harm.
 */
import * as z from 'zod';
import { brandId } from '../../kernel/id.ts';
import type { SyncRun } from './sync-run.ts';

/** SQS's longest delay. What is due later is left to the sweeper. */
export const MAX_HINT_DELAY_SECONDS = 900;

export const hintMessage = z.strictObject({
  v: z.literal(1),
  run_id: z.string().transform((id) => brandId<'run'>(id)),
  environment_id: z.string().transform((id) => brandId<'env'>(id)),
  account_id: z.string().transform((id) => brandId<'ia'>(id)),
  token: z.string(),
});
export type Hint = Readonly<z.output<typeof hintMessage>>;

/** MessageGroupId = `environment_id`: fair between environments. */
export type SendHint = (hint: Hint, delaySeconds: number) => Promise<void>;

export function hintFor(run: SyncRun): Hint {
  return {
    v: 1,
    run_id: run.id,
    environment_id: run.environmentId,
    account_id: run.accountId,
    token: run.token,
  };
}

/** Sends the hint that wakes a parked run, unless it is too far off for the queue. */
export async function sendHintAt(
  sendHint: SendHint,
  run: SyncRun,
  atMs: number,
  nowMs: number,
): Promise<void> {
  const delaySeconds = Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
  if (delaySeconds <= MAX_HINT_DELAY_SECONDS) await sendHint(hintFor(run), delaySeconds);
}
