/** Object keys begin with the minute they expire in, so that keys in order are keys by age. */
export const CLAIMS_PREFIX = 'c/';

/** `c/202603011205/` for any instant of that minute, UTC. */
export function expiryPrefix(atMs: number): string {
  const minute = new Date(atMs).toISOString().slice(0, 'yyyy-mm-ddTHH:MM'.length);
  return `${CLAIMS_PREFIX}${minute.replaceAll(/[-:T]/g, '')}/`;
}
