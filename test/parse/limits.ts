/** The limit of calls that the server was started with: told, used up, refused with, and over again. */

import { refusalOf } from '../support/builders/refusal.ts';
import type { Checks } from '../support/checks.ts';
import type { LiveAccount } from '../support/worlds/live-account.ts';
import { LIMIT } from './parse-server.ts';

const PATH = '/classes/Contact';
const ONE = { query: 'limit=1' };

export async function checkLimits(
  checks: Checks,
  account: LiveAccount,
  wrongKey: LiveAccount,
): Promise<void> {
  const first = await account.proxy('GET', PATH, ONE);
  checks.check(
    'the proxy tells the limit in both families',
    first.status === 200 &&
      first.headers['ratelimit-limit'] === String(LIMIT.calls) &&
      first.headers['ratelimit-remaining'] === String(LIMIT.calls - 1) &&
      first.headers['ratelimit']?.startsWith(`"default";r=${LIMIT.calls - 1};t=`) === true &&
      isSoon(Number(first.headers['ratelimit-reset'])),
    JSON.stringify(normalised(first.headers)),
  );
  const { rateLimit } = await account.list('crm/contacts', { limit: 1_000, query: {} });
  checks.check(
    'a list observes it',
    rateLimit?.limit === LIMIT.calls && (rateLimit.remaining ?? LIMIT.calls) < LIMIT.calls - 1,
    JSON.stringify(rateLimit),
  );
  const answers: string[] = [];
  for (let n = 0; n < LIMIT.calls && answers.at(-1) !== 'rate_limited'; n += 1) {
    answers.push((await refusalOf(account.proxy('GET', PATH, ONE))).text);
  }
  checks.check('one call too many is refused', answers.at(-1) === 'rate_limited', answers.join());
  const refused = await refusalOf(account.list('crm/contacts'));
  const waitMs = (refused.resumeAtMs ?? 0) - Date.now();
  checks.check(
    'a list is refused with the time to come back',
    refused.text === 'rate_limited' && waitMs > 0 && waitMs <= LIMIT.windowMs + 1_000,
    `${refused.text}, in ${waitMs} ms`,
  );
  const { headers = {} } = refused;
  const seconds = Number(headers['retry-after']);
  checks.check(
    'with Retry-After and both families of headers',
    seconds >= 1 &&
      seconds <= LIMIT.windowMs / 1_000 + 1 &&
      headers['ratelimit-remaining'] === '0' &&
      headers['ratelimit-limit'] === String(LIMIT.calls) &&
      isSoon(Number(headers['ratelimit-reset'])) &&
      headers['ratelimit']?.startsWith('"default";r=0;t=') === true &&
      headers['ratelimit-policy']?.startsWith(`"default";q=${LIMIT.calls}`) === true,
    JSON.stringify(headers),
  );
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs) + 100));
  const later = await account.proxy('GET', PATH, ONE);
  checks.check(
    'and then the call succeeds',
    later.status === 200,
    `${later.status} after ${waitMs} ms`,
  );
  const wrong = await refusalOf(wrongKey.verify());
  checks.check('a wrong key is told as one', wrong.text === 'needs_reauth', wrong.text);
}

/** Seconds since the epoch, within the window. */
function isSoon(resetAtS: number): boolean {
  const inMs = resetAtS * 1_000 - Date.now();
  return inMs > -1_000 && inMs <= LIMIT.windowMs + 1_000;
}

function normalised(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const wanted = Object.entries(headers).filter(([name]) => /^(ratelimit|retry-after)/.test(name));
  return Object.fromEntries(wanted);
}
