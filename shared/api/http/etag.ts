/**
 * Entity tags: what a reader saw, so that a writer can say "change only that".
 *
 * Shape   strong tags: `"7"` for a thing that counts its versions, else a digest of the answer
 * Errors  {@link EtagMismatchError}
 * Source  RFC 9110 §8.8.3, §13.1
 */
import { createHash } from 'node:crypto';
import { CallerError, ContentionError } from '../../kernel/errors.ts';

/** The thing has changed since the caller read it. */
export class EtagMismatchError extends CallerError {
  override readonly name = 'EtagMismatchError';
  readonly code = 'etag_mismatch';
  readonly status = 412;
}

export function versionEtag(version: number): string {
  return `"${version}"`;
}

export function bodyEtag(json: string): string {
  return `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`;
}

/** Whether a list of tags (or `*`) names `etag`. `If-Match` compares strongly: a weak tag never does. */
export function namesEtag(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim() === etag);
}

/** @throws EtagMismatchError where `If-Match` was sent and names another state */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || namesEtag(ifMatch, etag)) return;
  throw new EtagMismatchError('the resource has changed since it was read');
}

/**
 * Makes a change that is conditional on the version that was read.
 *
 * @throws EtagMismatchError where `If-Match` names another version, or somebody was faster
 */
export async function ifMatches<Result>(
  ifMatch: string | undefined,
  current: { readonly version: number },
  change: () => Promise<Result>,
): Promise<Result> {
  requireMatch(ifMatch, versionEtag(current.version));
  try {
    return await change();
  } catch (error) {
    const lostRace = error instanceof ContentionError && error.code === 'conflict';
    if (!lostRace || ifMatch === undefined) throw error;
    throw new EtagMismatchError('the resource has changed since it was read', {}, { cause: error });
  }
}
