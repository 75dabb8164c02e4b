/** How to renew an access token, read from the integration's auth block with templates filled in. */
import type { Transient } from '../kernel/transient.ts';

export interface TokenEndpoint {
  readonly url: URL;
  readonly grant: 'refresh_token' | 'client_credentials';
  /** RFC 6749 §2.3.1: in the body, or HTTP Basic with form-urlencoded halves. */
  readonly clientAuth: 'body' | 'basic' | 'none';
  /** Client id and secret: of the environment's app, or the account's own. */
  readonly client: Transient<{ readonly id: string; readonly secret?: string }>;
  /** Further parameters of the request. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Hosts that the integration allows; the URL's host is checked against them at resolution. */
  readonly timeoutMs: number;
}
