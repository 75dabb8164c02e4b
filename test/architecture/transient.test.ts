/**
 * Provider data is read in few places, each with its reason. A file that is not listed here must
 * pass a `Transient` on unopened.
 */
import { sourceFiles, withoutComments } from './sources.ts';

const mayReveal: Readonly<Record<string, string>> = {
  'shared/account/credential-vault.ts': 'seals the fields of a credential',
  'shared/api/idempotency.ts': 'hashes the request body, to know it again',
  'shared/api/json-body.ts': "parses the caller's JSON",
  'shared/api/router.ts': 'measures the request body against its limit',
  'shared/api/routes/integrations.ts': 'reads an integration.yaml to validate it',
  'shared/api/routes/proxy.ts': 'looks whether the call has a body',
  'shared/api/routes/sync-stream.ts': 'sends the lines of a streamed run to the caller',
  'shared/api/routes/webhook-subscriptions.ts': 'shows a new signing secret once',
  'shared/claim-check/claim-check.ts': 'encrypts an event under a key of its own',
  'shared/http/read-body.ts': "reads the provider's bytes up to a limit",
  'shared/http/request.ts': "sends the request's bytes",
  'shared/integration/token-endpoint.ts': "takes the OAuth client from the credential's fields",
  'shared/oauth/app-store.ts': 'seals the OAuth client of an environment',
  'shared/oauth/refresh-token.ts': 'sends client secret and refresh token, reads the new token',
  'shared/oauth/renew.ts': 'looks whether there is a refresh token',
  'shared/oauth/renewal-need.ts': 'looks whether there is an access token',
  'shared/proxy/answer.ts': "parses the provider's answer",
  'shared/proxy/authenticate.ts': 'puts the credential into the request',
  'shared/proxy/list-page.ts': 'finds records and the next page in the answer',
  'shared/proxy/provider-client.ts': 'judges by the answer whether it is an error',
  'shared/proxy/proxy-call.ts':
    'judges a passed-through answer; looks whether a body can be sent twice',
  'shared/runtime/compose/providers.ts':
    'takes the OAuth client of an environment to the token endpoint',
  'shared/runtime/rest-stream-endpoint.ts': "pipes the provider's bytes to the caller",
  'shared/sync/batch.ts': 'writes a record as JSON, to measure it',
  'shared/sync/cursor-stack.ts': "hashes a parent's id, to know it again on resume",
  'shared/sync/events.ts': 'joins records into the body of an event',
  'shared/sync/run-source.ts': "fills parents' fields into a child's query",
  'shared/unified/page-source.ts': 'maps queries and records between shapes',
  'shared/webhook/post-event.ts': "sends the event's bytes, throws the answer's away",
  'shared/webhook/sign.ts': "signs with the subscription's secret",
  'shared/webhook/subscription-secrets.ts': 'seals a signing secret',
};

const FOLDERS = ['shared', 'functions'] as const;

function revealing(): readonly string[] {
  return sourceFiles(...FOLDERS)
    .filter(({ text }) => /\.reveal\(/.test(withoutComments(text)))
    .map(({ path }) => path);
}

describe('Transient.reveal', () => {
  it('is called in the listed files only', () => {
    expect(revealing().filter((path) => !(path in mayReveal))).toEqual([]);
  });

  it('is still called in every listed file', () => {
    expect(Object.keys(mayReveal).filter((path) => !revealing().includes(path))).toEqual([]);
  });

  it('is nowhere handed on as a function, which would hide who calls it', () => {
    for (const { path, text } of sourceFiles(...FOLDERS)) {
      if (path === 'shared/kernel/transient.ts') continue;
      expect({
        path,
        found: withoutComments(text).match(/\.reveal(?!\()\b|\['reveal'\]/g),
      }).toEqual({
        path,
        found: null,
      });
    }
  });
});
