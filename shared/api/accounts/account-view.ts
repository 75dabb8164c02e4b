/** An integrated account as the API answers it: never with its credential. */
import * as z from 'zod';
import { accountStatus, type IntegratedAccount } from '../../account/integrated-account.ts';
import { isoTime } from '../../kernel/clock.ts';
import { versionEtag } from '../http/etag.ts';
import { time } from '../http/schemas.ts';

export const accountView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    integration: z.string(),
    auth: z.string(),
    status: accountStatus,
    status_reason: z.string().nullable(),
    connection: z.record(z.string(), z.string()),
    label: z.string().nullable(),
    expires_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'IntegratedAccount' });

export function viewOfAccount(account: IntegratedAccount): z.input<typeof accountView> {
  return {
    id: account.id,
    tenant_id: account.tenantId,
    integration: account.integration,
    auth: account.auth,
    status: account.status,
    status_reason: account.statusReason ?? null,
    connection: account.connection,
    label: account.label ?? null,
    expires_at: account.expiresAtMs === undefined ? null : isoTime(account.expiresAtMs),
    created_at: isoTime(account.createdAtMs),
    updated_at: isoTime(account.updatedAtMs),
  };
}

/** The answer to a request about one account. */
export function accountReply(account: IntegratedAccount) {
  return { id: account.id, body: viewOfAccount(account), etag: versionEtag(account.version) };
}
