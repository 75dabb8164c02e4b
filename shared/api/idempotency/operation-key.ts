/**
 * The key under which a provider may tell a repeated write from a new one, where it takes such keys.
 *
 * Shape   a version 4 UUID, which every provider with a pattern for its keys takes: from the caller's
 *         `Idempotency-Key`, environment and account, or at random
 * Source  RFC 9562 §5.4
 */
import { createHmac } from 'node:crypto';
import type { AccountId, EnvironmentId } from '../../kernel/id.ts';
import type { Random } from '../../kernel/random.ts';

export interface OperationKeyParts {
  readonly environmentId: EnvironmentId;
  readonly accountId: AccountId;
  /** The caller's `Idempotency-Key`. */
  readonly callerKey: string | undefined;
}

const BYTES = 16;

export function operationKey(
  { environmentId, accountId, callerKey }: OperationKeyParts,
  random: Pick<Random, 'bytes'>,
): string {
  if (callerKey === undefined) return uuid(random.bytes(BYTES));
  // The provider learns nothing of the caller's own key, and no two accounts of ours share one.
  const mac = createHmac('sha256', environmentId).update(`${accountId} ${callerKey}`).digest();
  return uuid(mac.subarray(0, BYTES));
}

function uuid(bytes: Buffer): string {
  const marked = Buffer.from(bytes);
  marked.writeUInt8((marked.readUInt8(6) & 0x0f) | 0x40, 6);
  marked.writeUInt8((marked.readUInt8(8) & 0x3f) | 0x80, 8);
  return marked.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
