/** One tenant's account at a provider. The credential is not in it: see credential-vault.ts. */
import * as z from 'zod';
import type { AccountId, EnvironmentId, TenantId } from '../kernel/id.ts';

export const accountStatus = z.enum([
  'active',
  'needs_reauth',
  'connecting',
  'paused',
  'key_revoked',
  'key_unavailable',
]);
export type AccountStatus = z.output<typeof accountStatus>;

export interface IntegratedAccount {
  readonly id: AccountId;
  readonly environmentId: EnvironmentId;
  readonly tenantId: TenantId;
  /** Name of the integration, a folder of integrations/. */
  readonly integration: string;
  /** Which of the integration's `auth` alternatives it uses. */
  readonly auth: string;
  readonly status: AccountStatus;
  readonly statusReason?: string;
  /** The integration's connection inputs, defaults filled in: `{ subdomain: 'acme' }`. Not secret. */
  readonly connection: Readonly<Record<string, string>>;
  readonly label?: string;
  /** When the access token ends; absent where it does not. Milliseconds since the epoch. */
  readonly expiresAtMs?: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises by one with every change; the ETag. */
  readonly version: number;
}
