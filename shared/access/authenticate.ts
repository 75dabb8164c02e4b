/**
 * Who an API key stands for. Keys that were found are remembered for at most a minute, which
 * bounds how long a deleted one still works; what was not found is never remembered.
 *
 * Units   milliseconds
 */
import type { Clock } from '../kernel/clock.ts';
import type { ApiKeyId, EnvironmentId } from '../kernel/id.ts';
import { type ApiKeyScope, readKeyText, sameSecret } from './api-key.ts';
import type { StoredApiKey } from './api-key-store.ts';

export interface Principal {
  readonly environmentId: EnvironmentId;
  readonly apiKeyId: ApiKeyId;
  readonly scopes: readonly ApiKeyScope[];
}

/** Undefined where the key is malformed, unknown, deleted or its secret wrong. */
export type Authenticate = (apiKey: string) => Promise<Principal | undefined>;

export interface AuthenticateDeps {
  readonly apiKeys: { find(id: ApiKeyId): Promise<StoredApiKey | undefined> };
  readonly clock: Clock;
}

const TTL_MS = 60_000;
const MAX_KEYS = 1_000;

interface Remembered {
  readonly apiKey: StoredApiKey;
  readonly untilMs: number;
}

export function createAuthenticate({ apiKeys, clock }: AuthenticateDeps): Authenticate {
  const remembered = new Map<string, Remembered>();

  const find = async (id: ApiKeyId): Promise<StoredApiKey | undefined> => {
    const known = remembered.get(id);
    remembered.delete(id);
    if (known && clock.now() < known.untilMs) {
      // Back at the end: the first of the map is the one not used for longest.
      remembered.set(id, known);
      return known.apiKey;
    }
    const untilMs = clock.now() + TTL_MS;
    const apiKey = await apiKeys.find(id);
    if (apiKey) remember(remembered, id, { apiKey, untilMs });
    return apiKey;
  };

  return async (text) => {
    const presented = readKeyText(text);
    const apiKey = presented && (await find(presented.id));
    if (!apiKey || !sameSecret(presented, apiKey.secretHash)) return undefined;
    const { environmentId, id, scopes } = apiKey;
    return { environmentId, apiKeyId: id, scopes };
  };
}

function remember(remembered: Map<string, Remembered>, id: string, entry: Remembered): void {
  const [oldest] = remembered.keys();
  if (oldest !== undefined && remembered.size >= MAX_KEYS) remembered.delete(oldest);
  remembered.set(id, entry);
}
