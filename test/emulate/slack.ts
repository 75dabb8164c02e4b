/** Slack: cursors, refusals under 200, messages by conversation, and a sign-in whose answer names the workspace. */

import type { SendHttp } from '../../shared/http/http-message.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { Transient } from '../../shared/kernel/transient.ts';
import { refusalOf } from '../support/builders/refusal.ts';
import { type LiveAccount, openLiveAccount } from '../support/worlds/live-account.ts';
import { SLACK_USERS } from './seed.ts';
import { signIn } from './sign-in.ts';
import { ask, at, idsOf, rows, sameIds, type Tier } from './tier.ts';

const CHANNELS = 25;
const MESSAGES = 30;

/**
 * Slack takes reads by GET as well as by POST; emulate routes POST alone. The query goes as the form
 * that Slack would take in its stead.
 */
export function postingReads(send: SendHttp): SendHttp {
  return async (request) => {
    if (request.method !== 'GET') return send(request);
    const url = new URL(request.url);
    const form = url.searchParams.toString();
    url.search = '';
    const headers = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' };
    return send({ ...request, method: 'POST', url, headers, body: Transient.of(form) });
  };
}

export async function checkSlack(tier: Tier): Promise<void> {
  const { catalogue, send, checks } = tier;
  checks.note('slack: reads go by POST, as Slack allows: emulate routes nothing else');
  const credential = { token: 'xoxb-anybody-at-all' };
  const account = openLiveAccount({
    catalogue,
    send,
    integration: 'slack',
    auth: 'token',
    credential,
  });
  await account.verify();
  checks.check('slack: verify', true);
  await checkUsers(tier, account);
  const channelId = await checkConversations(tier, account);
  await checkMessages(tier, account, channelId);
  await checkErrors(tier, account, channelId);
  await checkSignIn(tier);
  checks.skip('slack: user groups', 'emulate has no usergroups.* methods');
  checks.skip('slack: conversations that the bot is in', 'emulate has no users.conversations');
  checks.skip('slack: one message by its ts', 'emulate ignores oldest and latest');
  checks.skip('slack: renewal with rotation', 'emulate answers no refresh tokens for Slack');
}

async function checkUsers({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const { records, pages } = await account.list('directory/users', { limit: 20 });
  const members = rows(
    at(await ask(`${url}/api/users.list`, { body: { limit: 1000 } }), 'members'),
  );
  const people = members.filter((one) => one['is_bot'] !== true && one['id'] !== 'USLACKBOT');
  checks.check(
    'slack: every user, over pages by cursor, and no bots',
    pages === 3 && people.length >= SLACK_USERS && sameIds(idsOf(records), idsOf(people)),
    `${records.length} of ${members.length} in ${pages}`,
  );
  const their7 = members.find((one) => one['name'] === 'user7');
  const got = await account.get('directory/users', String(their7?.['id']));
  checks.check(
    'slack: one user',
    got['username'] === 'user7' &&
      got['email'] === 'user7@contoso.example' &&
      got['is_active'] === true,
    JSON.stringify(got),
  );
}

/** @returns a conversation to write to */
async function checkConversations({ checks, url }: Tier, account: LiveAccount): Promise<string> {
  let made: string | undefined;
  for (let n = 1; n <= CHANNELS; n += 1) {
    made = (await account.write('create', 'conversations', { input: { name: `mill-${n}` } })).id;
  }
  const { records, pages } = await account.list('conversations', { limit: 10 });
  const body = { limit: 1000, types: 'public_channel,private_channel' };
  const theirs = rows(at(await ask(`${url}/api/conversations.list`, { body }), 'channels'));
  checks.check(
    'slack: every conversation, over pages by cursor',
    pages === Math.ceil(theirs.length / 10) &&
      theirs.length > CHANNELS &&
      sameIds(idsOf(records), idsOf(theirs)),
    `${records.length} in ${pages}`,
  );
  const got = await account.get('conversations', made ?? '');
  checks.check('slack: one conversation', got['name'] === `mill-${CHANNELS}`);
  return made ?? '';
}

async function checkMessages(
  { checks, url }: Tier,
  account: LiveAccount,
  id: string,
): Promise<void> {
  const query = { channel_id: id };
  const sent: string[] = [];
  for (let n = 1; n <= MESSAGES; n += 1) {
    const { id: ts } = await account.write('create', 'messages', {
      query,
      input: { text: `Message ${n}` },
    });
    if (ts !== undefined) sent.push(ts);
  }
  const [first = '', second = '', third = ''] = sent;
  await account.write('update', 'messages', { query, id: first, input: { text: 'Changed' } });
  await account.write('delete', 'messages', { query, id: second });
  await account.write('create', 'messages', {
    query,
    input: { text: 'An answer', thread_ts: third },
  });
  const { records, pages } = await account.list('messages', { query, limit: 10 });
  const body = { channel: id, limit: 1000 };
  const theirs = rows(at(await ask(`${url}/api/conversations.history`, { body }), 'messages'));
  checks.check(
    'slack: the messages of a conversation, over pages by cursor',
    pages === 3 &&
      sent.length === MESSAGES &&
      theirs.length === MESSAGES - 1 &&
      sameIds(idsOf(records, 'ts'), idsOf(theirs, 'ts')),
    `${records.length} in ${pages}`,
  );
  const texts = theirs.map((one) => one['text']);
  checks.check(
    'slack: a message is changed, another deleted',
    texts.includes('Changed') && !texts.includes('Message 1') && !texts.includes('Message 2'),
  );
  const replies = await account.list('replies', { query: { ...query, thread_ts: third } });
  checks.check(
    'slack: answers, without what they answer',
    replies.records.map((one) => one['text']).join() === 'An answer',
    replies.records.map((one) => one['text']).join(),
  );
}

async function checkErrors({ checks }: Tier, account: LiveAccount, id: string): Promise<void> {
  const create = (resource: string, input: JsonObject, query: JsonObject = {}) =>
    account.write('create', resource, { input, query });
  const listOf = (channel: string) => account.list('messages', { query: { channel_id: channel } });
  const refusals = [
    ['user_not_found', 'not_found', () => account.get('directory/users', 'U0NOBODY')],
    ['name_taken', 'conflict', () => create('conversations', { name: 'mill-1' })],
    ['no_text', 'validation', () => create('messages', {}, { channel_id: id })],
    ['channel_not_found', 'not_found', () => listOf('C0NOWHERE')],
  ] as const;
  for (const [code, errorClass, call] of refusals) {
    const refused = await refusalOf(call());
    checks.check(
      `slack: ${code} under 200 is of the class ${errorClass}`,
      refused.text === `${errorClass} of 200` && refused.providerCode === code,
      `${refused.text}, ${refused.providerCode}`,
    );
  }
}

async function checkSignIn({ checks, catalogue, send, url }: Tier): Promise<void> {
  const cast = { catalogue, send, integration: 'slack', auth: 'oauth' };
  const signedIn = await signIn(cast, {
    user: 'user1@',
    pageAt: (page) => url + page.pathname + page.search,
  });
  const credential = signedIn.credential.fields.reveal();
  const me = await ask(`${url}/api/auth.test`, {
    body: {},
    token: credential['access_token'] ?? '',
  });
  checks.check(
    'slack: an app is installed, and its answer names the workspace',
    signedIn.connection['team_id'] === at(me, 'team_id') && at(me, 'bot_id') !== null,
    JSON.stringify(signedIn.connection),
  );
  const again = await refusalOf(signedIn.again());
  checks.check(
    'slack: a code is good for once, refused under 200',
    again.text !== 'succeeded',
    again.text,
  );
}
