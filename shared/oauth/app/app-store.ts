/**
 * The environment's app at a provider: OAuth client id and secret, and the secrets that the
 * provider signs its webhooks with. Written by the operator, read by the engine, never shown.
 *
 * Shape   one item per environment and integration: `{ sealed, updatedAtMs, version }`
 * Errors  KeyRevokedError, KeyUnavailableError, EnvelopeTamperedError
 */
import * as z from 'zod';
import { appKey } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import { OPERATOR, type SealContext, type Sealer } from '../../encryption/sealer.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EnvironmentId } from '../../kernel/id.ts';
import { Transient } from '../../kernel/transient.ts';

export interface App {
  readonly client?: { readonly id: string; readonly secret?: string };
  readonly webhookSecrets: readonly string[];
}

export interface AppStore {
  /** Replaces whatever was there. */
  put(environmentId: EnvironmentId, integration: string, app: Transient<App>): Promise<void>;
  get(environmentId: EnvironmentId, integration: string): Promise<Transient<App> | undefined>;
}

export interface AppStoreDeps {
  readonly table: Table;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, 'now'>;
}

const app = z.object({
  client: z.object({ id: z.string(), secret: z.string().exactOptional() }).exactOptional(),
  webhookSecrets: z.array(z.string()),
}) satisfies z.ZodType<App>;

export function createAppStore({ table, sealer, clock }: AppStoreDeps): AppStore {
  return {
    async put(environmentId, integration, given) {
      const plaintext = Buffer.from(JSON.stringify(given.reveal()));
      try {
        const sealed = await sealer.seal(plaintext, contextOf(environmentId, integration));
        const set = { sealed, updatedAtMs: clock.now() };
        await table.update(appKey(environmentId, integration), { set, add: { version: 1 } });
      } finally {
        plaintext.fill(0);
      }
    },

    async get(environmentId, integration) {
      const item = await table.get(appKey(environmentId, integration));
      if (!item) return undefined;
      const context = contextOf(environmentId, integration);
      const plaintext = await sealer.open(item['sealed'], context);
      try {
        return Transient.of(app.parse(JSON.parse(plaintext.toString())));
      } finally {
        plaintext.fill(0);
      }
    },
  };
}

function contextOf(environmentId: EnvironmentId, integration: string): SealContext {
  return { environmentId, ownerId: OPERATOR, purpose: 'app_secret', subject: integration };
}
