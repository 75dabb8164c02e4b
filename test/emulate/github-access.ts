/** GitHub's ways in: limits of calls, a user's sign-in, an app's installation. */

import { refusalOf } from '../support/builders/refusal.ts';
import { type LiveAccount, openLiveAccount } from '../support/worlds/live-account.ts';
import { GITHUB_APP_ID, GITHUB_APP_KEY, INSTALLATION_ID, OWNER, REPOSITORY } from './seed.ts';
import { signIn } from './sign-in.ts';
import { ask, at, rows, type Tier } from './tier.ts';

/** Calls until the emulator's limit is used up. */
const CALLS_AN_HOUR = 5_000;
export const CONNECTION = { owner: OWNER, repository: REPOSITORY };

export function openByToken(
  { catalogue, send }: Tier,
  token: string,
  connection: Record<string, string>,
) {
  const credential = { token };
  return openLiveAccount({
    catalogue,
    send,
    integration: 'github',
    auth: 'token',
    connection,
    credential,
  });
}

export async function checkLimits(tier: Tier, account: LiveAccount): Promise<void> {
  const { checks, url } = tier;
  const { status, headers } = await account.proxy('GET', `/repos/${OWNER}/${REPOSITORY}/issues`, {
    query: 'per_page=1',
  });
  const told = [
    headers['ratelimit-limit'],
    headers['ratelimit-policy'],
    headers['x-ratelimit-limit'],
  ];
  checks.check(
    'github: the proxy tells the limit in both families',
    status === 200 &&
      headers['ratelimit-limit'] === String(CALLS_AN_HOUR) &&
      /^"core";r=\d+;t=\d+$/.test(headers['ratelimit'] ?? ''),
    JSON.stringify([headers['ratelimit'], ...told]),
  );
  const limited = openByToken(tier, 'ghp_limited', CONNECTION);
  const before = await limited.list('labels');
  checks.check(
    'github: a list observes the limit',
    before.rateLimit?.remaining === CALLS_AN_HOUR - 1,
  );
  await useUp(`${url}/rate_limit`, CALLS_AN_HOUR);
  const refused = await refusalOf(limited.list('ticketing/tickets'));
  const inMinutes = ((refused.resumeAtMs ?? 0) - Date.now()) / 60_000;
  checks.check(
    'github: a limit that is used up says when to come back',
    refused.text === 'rate_limited' && inMinutes > 55 && inMinutes <= 60.1,
    `${refused.text}, in ${inMinutes.toFixed(1)} min`,
  );
  const { headers: normalised = {} } = refused;
  checks.check(
    'github: and in both families of headers',
    normalised['ratelimit-remaining'] === '0' &&
      Number(normalised['retry-after']) > 3_300 &&
      (normalised['ratelimit'] ?? '').startsWith('"core";r=0;t='),
    JSON.stringify(normalised),
  );
}

async function useUp(url: string, calls: number): Promise<void> {
  const headers = { authorization: 'Bearer ghp_limited' };
  let left = calls;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await (await fetch(url, { headers })).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

export async function checkSignIn({ checks, catalogue, send, url }: Tier): Promise<void> {
  const cast = { catalogue, send, integration: 'github', auth: 'oauth', connection: CONNECTION };
  const signedIn = await signIn(cast, {
    user: OWNER,
    pageAt: (page) => url + page.pathname + page.search,
  });
  const credential = signedIn.credential.fields.reveal();
  checks.check(
    'github: a user signs in, and the code becomes a token',
    signedIn.state.sent === signedIn.state.returned && credential['access_token'] !== undefined,
  );
  const account = openLiveAccount({ ...cast, credential });
  const me = JSON.parse((await account.proxy('GET', '/user')).text);
  checks.check('github: which is that user’s', at(me, 'login') === OWNER, String(at(me, 'login')));
  const again = await refusalOf(signedIn.again());
  checks.check(
    'github: a code is good for once, though the refusal comes under 200',
    again.text !== 'succeeded',
    again.text,
  );
  checks.skip('github: renewal of user tokens', 'emulate issues no refresh tokens for GitHub');
}

export async function checkInstallation({ checks, catalogue, send, url }: Tier): Promise<void> {
  const connection = { ...CONNECTION, installation_id: String(INSTALLATION_ID) };
  const credential = { app_id: String(GITHUB_APP_ID), private_key: GITHUB_APP_KEY };
  const account = openLiveAccount({
    catalogue,
    send,
    integration: 'github',
    auth: 'app',
    connection,
    credential,
  });
  await account.renew();
  const { access_token: token = '' } = account.fields();
  const minted = at(await ask(`${url}/_emulate/installation-tokens`), 'installation_tokens');
  checks.check(
    'github: an app’s JWT is exchanged for a token of its installation',
    token.startsWith('ghs_') && rows(minted).length === 1,
    `${rows(minted).length} minted`,
  );
  const { id } = await account.write('create', 'ticketing/tickets', {
    input: { subject: 'By an app' },
  });
  const issue = await ask(`${url}/repos/${OWNER}/${REPOSITORY}/issues/${id}`);
  const author = String(at(issue, 'user', 'login'));
  checks.check('github: which writes as the app', author === 'millrace[bot]', author);
  const elsewhere = openLiveAccount({
    catalogue,
    send,
    integration: 'github',
    auth: 'app',
    connection: { ...connection, installation_id: '404' },
    credential,
  });
  const gone = await refusalOf(elsewhere.renew());
  checks.check('github: an installation that is gone', gone.text === 'needs_reauth', gone.text);
}
