/** What the emulator holds when it starts; the rest is written through the engine. */
import { generateKeyPairSync } from 'node:crypto';

export const CLIENT = { id: 'millrace-client', secret: 's3cret+/=&%of a client' };
/** Linear's, which acts as itself. */
export const APP_CLIENT = { id: 'millrace-app', secret: 'an0ther s3cret' };
export const REDIRECT_URI = 'https://ours.example/callback';

export const OWNER = 'octocat';
export const COLLABORATOR = 'ada';
export const REPOSITORY = 'mill';
export const GITHUB_APP_ID = 12_345;
export const INSTALLATION_ID = 100;
export const OTHER_REPOSITORIES = 4;
export const SLACK_USERS = 45;
export const LINEAR_TEAMS = 45;
export const MICROSOFT_USER = 'ada@contoso.example';

const appKeys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const GITHUB_APP_KEY = appKeys.privateKey;

const registered = {
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
  name: 'Millrace',
  redirect_uris: [REDIRECT_URI],
};

const LINEAR_SCOPES = ['read', 'write', 'issues:create', 'comments:create'];

export const seed = {
  github: {
    users: [
      { login: OWNER, name: 'Octo Cat', email: 'octocat@github.example' },
      { login: COLLABORATOR, name: 'Ada Lovelace', email: 'ada@github.example' },
    ],
    repos: [REPOSITORY, ...counted(OTHER_REPOSITORIES).map((n) => `other-${n}`)].map((name) => ({
      owner: OWNER,
      name,
      auto_init: true,
    })),
    oauth_apps: [registered],
    apps: [
      {
        app_id: GITHUB_APP_ID,
        slug: 'millrace',
        name: 'Millrace',
        private_key: GITHUB_APP_KEY,
        permissions: { contents: 'read', issues: 'write', metadata: 'read' },
        installations: [
          { installation_id: INSTALLATION_ID, account: OWNER, repository_selection: 'all' },
        ],
      },
    ],
  },
  slack: {
    team: { name: 'Contoso', domain: 'contoso' },
    users: counted(SLACK_USERS).map((n) => ({
      name: `user${n}`,
      real_name: `User ${n}`,
      email: `user${n}@contoso.example`,
    })),
    channels: [{ name: 'mill' }],
    oauth_apps: [{ ...registered, scopes: ['chat:write', 'channels:read', 'users:read'] }],
  },
  stripe: { customers: [{ email: 'first@contoso.example', name: 'First' }] },
  linear: {
    organization: { name: 'Contoso', url_key: 'contoso' },
    users: [{ email: 'ada@contoso.example', name: 'Ada', admin: true }],
    teams: counted(LINEAR_TEAMS).map((n) => ({ key: `T${n}`, name: `Team ${n}` })),
    oauth_apps: [
      { ...registered, scopes: LINEAR_SCOPES, actor: 'user' },
      {
        ...registered,
        client_id: APP_CLIENT.id,
        client_secret: APP_CLIENT.secret,
        scopes: LINEAR_SCOPES,
        actor: 'app',
      },
    ],
    tokens: [{ token: 'lin_api_seeded', user: 'ada@contoso.example', scopes: LINEAR_SCOPES }],
  },
  microsoft: {
    users: [
      { email: MICROSOFT_USER, name: 'Ada Lovelace' },
      { email: 'ben@contoso.example', name: 'Ben Lovelace' },
    ],
    oauth_clients: [registered],
  },
};

function counted(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
