/** The id that ties an answer to every log line and event it caused. */
import type { IdFactory } from '../../kernel/id.ts';

/** What a caller may send as `x-request-id`. */
const ACCEPTED = /^[A-Za-z0-9_.-]{1,128}$/;

/** The caller's own id where it is well-formed, else a new one. */
export function requestIdOf(
  headers: Readonly<Record<string, string>>,
  ids: Pick<IdFactory, 'make'>,
): string {
  const sent = headers['x-request-id'];
  return sent !== undefined && ACCEPTED.test(sent) ? sent : ids.make('req');
}
