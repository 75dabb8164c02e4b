/** Microsoft: PKCE sign-in, tokens that rotate, an app without a user, one user of the directory. */

import { refusalOf } from '../support/builders/refusal.ts';
import { type LiveCast, openLiveAccount } from '../support/worlds/live-account.ts';
import { CLIENT, MICROSOFT_USER } from './seed.ts';
import { signIn } from './sign-in.ts';
import { ask, at, type Tier } from './tier.ts';

const TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const GRAPH = 'emulate’s Graph has /me and /users/{id} alone';

export async function checkMicrosoft(tier: Tier): Promise<void> {
  const { checks, catalogue, send } = tier;
  const integration = 'microsoft_graph';
  const connection = { tenant: 'organizations' };
  await checkUser(tier, { catalogue, send, integration, auth: 'oauth', connection, app: CLIENT });
  const app = {
    catalogue,
    send,
    integration,
    auth: 'app',
    connection: { tenant_id: TENANT },
    app: CLIENT,
  };
  await checkApp(tier, app);
  checks.skip('microsoft: verify and lists of users and groups', GRAPH);
  checks.skip('microsoft: drives, files and folders', GRAPH);
  checks.skip('microsoft: create, update and delete', GRAPH);
  checks.skip('microsoft: the tenant’s id after connecting', GRAPH);
  checks.skip('microsoft: an app by its certificate', 'emulate checks client secrets alone');
  checks.skip('microsoft: an idempotent repeat', 'Graph has no idempotency keys');
}

async function checkUser({ checks, url }: Tier, cast: LiveCast): Promise<void> {
  const pageAt = (page: URL) => url + page.pathname.replace('/organizations', '') + page.search;
  const signedIn = await signIn(cast, { user: MICROSOFT_USER, pageAt });
  const first = signedIn.credential.fields.reveal();
  const lifeMs = (signedIn.credential.expiresAtMs ?? 0) - Date.now();
  checks.check(
    'microsoft: a user signs in with PKCE, for an hour',
    signedIn.state.sent === signedIn.state.returned &&
      first['refresh_token'] !== undefined &&
      lifeMs > 3_590_000 &&
      lifeMs <= 3_600_000,
    `${Object.keys(first).join()}; ${lifeMs} ms`,
  );
  const stolen = await refusalOf(signedIn.stolen());
  checks.check(
    'microsoft: a code without its verifier is refused',
    stolen.text !== 'succeeded',
    stolen.text,
  );
  const account = openLiveAccount({ ...cast, credential: first });
  const me = JSON.parse((await account.proxy('GET', '/me')).text);
  const theirs = await ask(`${url}/v1.0/me`, { token: first['access_token'] ?? '' });
  checks.check(
    'microsoft: the proxy reads /me',
    at(me, 'id') === at(theirs, 'id') && at(me, 'id') !== null,
  );
  const got = await account.get('directory/users', String(at(me, 'id')));
  checks.check(
    'microsoft: one user',
    got['email'] === at(theirs, 'mail') && got['display_name'] === at(theirs, 'displayName'),
    JSON.stringify(got),
  );
  const absent = await refusalOf(
    account.get('directory/users', '00000000-0000-4000-8000-000000000000'),
  );
  checks.check(
    'microsoft: a user that is not there',
    absent.text === 'not_found of 404' && absent.providerCode === 'Request_ResourceNotFound',
    `${absent.text}, ${absent.providerCode}`,
  );
  await account.renew();
  const second = account.fields();
  checks.check(
    'microsoft: renewal keeps the new refresh token',
    second['refresh_token'] !== first['refresh_token'] &&
      second['access_token'] !== first['access_token'],
  );
  await account.renew();
  checks.check(
    'microsoft: and renews with it',
    account.fields()['access_token'] !== second['access_token'],
  );
  const reused = await refusalOf(openLiveAccount({ ...cast, credential: first }).renew());
  checks.check(
    'microsoft: a spent refresh token is refused for good',
    reused.text === 'needs_reauth',
    reused.text,
  );
}

async function checkApp({ checks, url }: Tier, cast: LiveCast): Promise<void> {
  const account = openLiveAccount(cast);
  await account.renew();
  const token = account.fields()['access_token'] ?? '';
  const asUser = await ask(`${url}/v1.0/me`, { token });
  checks.check(
    'microsoft: an app’s token, which is nobody’s',
    token.startsWith('microsoft_') && at(asUser, 'error', 'code') === 'Request_ResourceNotFound',
  );
  const wrong = openLiveAccount({ ...cast, app: { id: CLIENT.id, secret: 'another' } });
  const refused = await refusalOf(wrong.renew());
  checks.check('microsoft: a wrong secret is refused', refused.text !== 'succeeded', refused.text);
}
