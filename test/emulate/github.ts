/** GitHub: issues, comments and people of one repository and of several, Link paging, refusals. */
import type { JsonObject } from '../../shared/kernel/json.ts';
import { refusalOf } from '../support/builders/refusal.ts';
import type { LiveAccount } from '../support/worlds/live-account.ts';
import {
  CONNECTION,
  checkInstallation,
  checkLimits,
  checkSignIn,
  openByToken,
} from './github-access.ts';
import { COLLABORATOR, OTHER_REPOSITORIES, OWNER, REPOSITORY } from './seed.ts';
import { ask, at, idsOf, rows, sameIds, type Tier } from './tier.ts';

const ISSUES = 45;

export async function checkGithub(tier: Tier): Promise<void> {
  const account = openByToken(tier, 'ghp_tier', CONNECTION);
  await account.verify();
  tier.checks.check('github: verify', true);
  await checkIssues(tier, account);
  await checkComments(tier, account);
  await checkPeople(tier, account);
  await checkErrors(tier, account);
  await checkRepositories(tier);
  await checkLimits(tier, account);
  await checkSignIn(tier);
  await checkInstallation(tier);
  tier.checks.skip('github: an idempotent repeat', 'GitHub has no idempotency keys');
  tier.checks.skip('github: teams and an app’s repositories', 'emulate has neither path');
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

async function checkPeople({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const collaborators = `${url}/repos/${OWNER}/${REPOSITORY}/collaborators`;
  const body = { permission: 'push' };
  await ask(`${collaborators}/${COLLABORATOR}`, { method: 'PUT', body, token: 'ghp_tier' });
  const { records } = await account.list('ticketing/users');
  const theirs = rows(await ask(collaborators));
  checks.check(
    'github: who works on the repository',
    theirs.length > 0 &&
      sameIds(idsOf(records), idsOf(theirs)) &&
      records[0]?.['name'] === COLLABORATOR,
    JSON.stringify(records.map((one) => [one['name'], one['role']])),
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
  const account = openByToken(tier, 'ghp_wide', {});
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
