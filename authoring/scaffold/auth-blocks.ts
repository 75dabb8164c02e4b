/** The `auth` block of a new integration, by kind, and a credential for its fixture. */
export interface AuthBlock {
  readonly yaml: string;
  /** Of an account, in the fixture. */
  readonly credential: Readonly<Record<string, string>>;
}

/** `origin` is that of the base URL: where authorization servers most often are. */
const BLOCKS: Readonly<Record<string, (origin: string) => AuthBlock>> = {
  none: () => ({ yaml: 'none: { kind: none }', credential: {} }),
  token: () => ({
    yaml: `api_token:
  title: API token
  kind: token
  # An account is asked for every field that is named in {{cred.…}}.
  apply: { headers: { authorization: "Bearer {{cred.token}}" } }`,
    credential: { token: 't0ken' },
  }),
  basic: () => ({
    yaml: `basic:
  title: User and password
  kind: basic
  username: "{{cred.username}}"
  password: "{{cred.password}}"`,
    credential: { username: 'ada', password: 'pa55' },
  }),
  oauth2_code: (origin) => ({
    yaml: `oauth:
  title: OAuth
  kind: oauth2_code
  authorize_url: ${origin}/oauth/authorize
  token_url: ${origin}/oauth/token
  scopes: { default: [read] }
  # rotates: true where every refresh answers a new refresh token and kills the old one.
  refresh: { rotates: false }`,
    credential: { access_token: 'at-1' },
  }),
  oauth2_cc: (origin) => ({
    yaml: `machine:
  title: OAuth for machines
  kind: oauth2_cc
  token_url: ${origin}/oauth/token`,
    credential: { access_token: 'at-1' },
  }),
  token_exchange: (origin) => ({
    yaml: `login:
  title: User and password
  kind: token_exchange
  # Runs when an account is made, and again when the provider refuses what it yielded.
  steps:
    - url: ${origin}/login
      body_format: json
      body: { username: "{{cred.username}}", password: "{{cred.password}}" }
      capture: { token: body.token }
  credential: { access_token: "{{step.token}}" }
  expires: { unknown: refresh_on_401 }`,
    credential: { username: 'ada', password: 'pa55', access_token: 'at-1' },
  }),
  oauth1: () => ({
    yaml: `signed:
  title: OAuth 1.0a
  kind: oauth1
  consumer_key: "{{cred.consumer_key}}"
  consumer_secret: "{{cred.consumer_secret}}"
  token: "{{cred.token}}"
  token_secret: "{{cred.token_secret}}"`,
    credential: { consumer_key: 'ck', consumer_secret: 'cs', token: 'tk', token_secret: 'ts' },
  }),
  sigv4: () => ({
    yaml: `signed:
  title: AWS keys
  kind: sigv4
  service: execute-api
  region: us-east-1
  access_key_id: "{{cred.access_key_id}}"
  secret_access_key: "{{cred.secret_access_key}}"`,
    credential: { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'secret' },
  }),
  wsse: () => ({
    yaml: `signed:
  title: WSSE
  kind: wsse
  username: "{{cred.username}}"
  secret: "{{cred.secret}}"`,
    credential: { username: 'ada', secret: 's3cret' },
  }),
};

export const AUTH_KINDS: readonly string[] = Object.keys(BLOCKS);

export function authBlock(kind: string, origin: string): AuthBlock | undefined {
  return Object.hasOwn(BLOCKS, kind) ? BLOCKS[kind]?.(origin) : undefined;
}
