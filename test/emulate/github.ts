/** GitHub: issues and their comments in one repository and over several, Link paging, limits, OAuth, an app's installation. */
import type { JsonObject } from '../../shared/kernel/json.ts';
import { type LiveAccount, openLiveAccount } from '../support/live-account.ts';
import { refusalOf } from '../support/refusal.ts';
import {
  GITHUB_APP_ID,
  GITHUB_APP_KEY,
  INSTALLATION_ID,
  OTHER_REPOSITORIES,
  OWNER,
  REPOSITORY,
} from './seed.ts';
import { signIn } from './sign-in.ts';
import { ask, at, idsOf, rows, sameIds, type Tier } from './tier.ts';

const ISSUES = 45;
/** Calls until the emulator's limit is used up. */
const CALLS_AN_HOUR = 5_000;
const CONNECTION = { owner: OWNER, repository: REPOSITORY };

export async function checkGithub(tier: Tier): Promise<void> {
  const account = open(tier, 'ghp_tier', CONNECTION);
  await account.verify();
  tier.checks.check('github: verify', true);
  await checkIssues(tier, account);
  await checkComments(tier, account);
  await checkErrors(tier, account);
  await checkRepositories(tier);
  await checkLimits(tier, account);
  await checkSignIn(tier);
  await checkInstallation(tier);
  tier.checks.skip('github: an idempotent repeat', 'GitHub has no idempotency keys');
  tier.checks.skip('github: teams and an app’s repositories', 'emulate has neither path');
}

function open({ catalogue, send }: Tier, token: string, connection: Record<string, string>) {
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

async function checkIssues({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const repository = `${url}/repos/${OWNER}/${REPOSITORY}`;
  for (let n = 1; n <= ISSUES; n += 1) {
    const input = { subject: `Case ${n}`, description: `Description ${n}` };
    await account.write('create', 'ticketing/tickets', { input });
  }
  const { records, pages } = await account.list('ticketing/tickets', { limit: 20 });
  const theirs = rows(await ask(`${repository}/issues?state=all&per_page=100`));
  checks.check('github: what was created is there', theirs.length === ISSUES, `${theirs.length}`);
  checks.check(
    'github: the list brings every issue, over three pages by Link',
    pages === 3 && sameIds(idsOf(records), idsOf(theirs, 'number')),
    `${records.length} in ${pages}`,
  );
  const synced = await account.sync('issues');
  checks.check(
    'github: a sync reads the provider’s own records',
    JSON.stringify(byNumber(synced)) ===
      JSON.stringify(byNumber(theirs)).replaceAll(
        url.replace('127.0.0.1', 'localhost'),
        'https://api.github.com',
      ),
  );
  const got = await account.get('ticketing/tickets', '7');
  const their7 = await ask(`${repository}/issues/7`);
  checks.check(
    'github: one issue',
    got['subject'] === at(their7, 'title') && got['description'] === at(their7, 'body'),
  );
  const since = new Date().toISOString();
  // It is told in whole seconds, and the emulator compares texts.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await account.write('update', 'ticketing/tickets', {
    id: '7',
    input: { subject: 'Case 7, solved', status: 'solved' },
  });
  const changed = await ask(`${repository}/issues/7`);
  checks.check(
    'github: an update arrives',
    at(changed, 'title') === 'Case 7, solved' && at(changed, 'state') === 'closed',
    `${at(changed, 'title')}, ${at(changed, 'state')}, ${at(changed, 'state_reason')}`,
  );
  const newer = await account.list('ticketing/tickets', { updatedAfter: since });
  const ids = idsOf(newer.records);
  checks.check(
    'github: what changed since is listed',
    ids.join() === '7',
    `${ids.length} of ${ISSUES}`,
  );
}

function byNumber(records: readonly JsonObject[]): readonly JsonObject[] {
  return [...records].sort((a, b) => Number(a['number']) - Number(b['number']));
}

async function checkComments({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const comments = `${url}/repos/${OWNER}/${REPOSITORY}/issues/3/comments`;
  const made: string[] = [];
  for (const body of ['One', 'Two', 'Three']) {
    const input = { ticket_id: '3', body };
    const { id } = await account.write('create', 'ticketing/comments', { input });
    if (id !== undefined) made.push(id);
  }
  const [first = '', second = ''] = made;
  await account.write('update', 'ticketing/comments', {
    id: first,
    input: { body: 'One, changed' },
  });
  await account.write('delete', 'ticketing/comments', { id: second });
  const theirs = rows(await ask(comments));
  checks.check(
    'github: comments are created, changed and deleted',
    theirs.map((one) => one['body']).join() === 'One, changed,Three',
    theirs.map((one) => one['body']).join(),
  );
  const { records } = await account.list('ticketing/comments', { query: { ticket_id: '3' } });
  checks.check('github: the comments of one issue', sameIds(idsOf(records), idsOf(theirs)));
  const all = await account.list('ticketing/comments');
  checks.check(
    'github: the comments of all issues, issue by issue',
    sameIds(idsOf(all.records), idsOf(theirs)),
    `${all.records.length}`,
  );
}

async function checkErrors({ checks }: Tier, account: LiveAccount): Promise<void> {
  const absent = await refusalOf(account.get('ticketing/tickets', '999'));
  checks.check(
    'github: an issue that is not there',
    absent.text === 'not_found of 404',
    absent.text,
  );
  const gone = await refusalOf(account.write('delete', 'issue_comments', { id: '999999' }));
  checks.check('github: a comment that is not there', gone.text === 'not_found of 404', gone.text);
  const invalid = await refusalOf(
    account.write('create', 'issues', { input: { body: 'no title' } }),
  );
  checks.check(
    'github: an issue without a title',
    invalid.text === 'validation of 422',
    invalid.text,
  );
}

/** An account that names no repository works through all that its user owns. */
async function checkRepositories(tier: Tier): Promise<void> {
  const { checks, url } = tier;
  const account = open(tier, 'ghp_wide', {});
  for (const n of [1, 2]) {
    await account.write('create', 'repository_issues', {
      query: { owner: OWNER, repository: `other-${n}` },
      input: { title: `Elsewhere ${n}` },
    });
  }
  const repositories = await account.list('repositories', { limit: 2 });
  checks.check(
    'github: every repository of the user',
    repositories.records.length === OTHER_REPOSITORIES + 1 && repositories.pages === 3,
    `${repositories.records.length} in ${repositories.pages}`,
  );
  const issues = await account.sync('ticketing/tickets');
  const elsewhere = rows(await ask(`${url}/repos/${OWNER}/other-2/issues?state=all`));
  checks.check(
    'github: the issues of every repository',
    issues.length === ISSUES + 2 && elsewhere.length === 1,
    `${issues.length}`,
  );
}

async function checkLimits(tier: Tier, account: LiveAccount): Promise<void> {
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
  const limited = open(tier, 'ghp_limited', CONNECTION);
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

async function checkSignIn({ checks, catalogue, send, url }: Tier): Promise<void> {
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

async function checkInstallation({ checks, catalogue, send, url }: Tier): Promise<void> {
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
