/**
 * A credential in memory: what authenticates at the provider. It cannot be turned into text.
 *
 * Shape   named strings, as the integration's auth block names them in `{{cred.<name>}}`:
 *         `access_token`, `refresh_token`, `token`, `email`, `api_token`, `username`, `password` …
 */
import { Transient } from '../kernel/transient.ts';

export interface CredentialFields {
  readonly [name: string]: string;
}

export interface Credential {
  readonly fields: Transient<CredentialFields>;
  /** When the access token ends; absent where it does not or is not known. */
  readonly expiresAtMs?: number;
}

export function createCredential(fields: CredentialFields, expiresAtMs?: number): Credential {
  return { fields: Transient.of(fields), ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
}
