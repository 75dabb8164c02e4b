/**
 * Provider data is read in few places, each with its reason. A file that is not listed here must
 * pass a `Transient` on unopened.
 */
import { sourceFiles, withoutComments } from './sources.ts';

const mayReveal: Readonly<Record<string, string>> = {
  'shared/account/credential-vault.ts': 'seals the fields of a credential',
  'shared/api/idempotency/idempotency.ts': 'hashes the request body, to know it again',
  'shared/api/http/json-body.ts': "parses the caller's JSON",
  'shared/api/http/router.ts': 'measures the request body against its limit',
  'shared/api/records/record-replies.ts': 'answers with the records that were asked for',
  'shared/api/integrations/integrations.ts': 'reads an integration.yaml to validate it',
  'shared/api/proxy/proxy.ts': 'looks whether the call has a body',
  'shared/api/sync/sync-stream.ts': 'sends the lines of a streamed run to the caller',
  'shared/api/webhooks/webhook-subscriptions.ts': 'shows a new signing secret once',
  'shared/claim-check/claim-check.ts': 'encrypts an event under a key of its own',
  'shared/http/read-body.ts': "reads the provider's bytes up to a limit",
  'shared/http/request.ts': "sends the request's bytes",
  'shared/oauth/app/app-store.ts': 'seals the OAuth client of an environment',
  'shared/oauth/app/plan-source.ts':
    'takes the OAuth client of an environment to the token endpoint',
  'shared/oauth/token/refresh-token.ts':
    'fills client and credential into token requests and steps',
  'shared/oauth/app/renewal-plan.ts': "takes the OAuth client from the credential's fields",
  'shared/oauth/renewal/renew.ts': 'looks whether there is a refresh token',
  'shared/oauth/renewal/renewal-need.ts': 'looks which tokens there are',
  'shared/oauth/token/token-call.ts': 'reads the answer that brings a token',
  'shared/wire/decode/answer.ts': "parses the provider's answer",
  'shared/wire/authenticate.ts': 'puts the credential into the request',
  'shared/provider/connect-account.ts': 'finds connection inputs in the answer',
  'shared/wire/credential-in-body.ts': 'puts the credential into the body',
  'shared/provider/exchange.ts': 'reads limits that the provider tells in the body',
  'shared/list/job/job-state.ts': "captures the id of a provider's job from its answer",
  'shared/list/pieces/recent-pages.ts': "hands on the parents' page that was just read",
  'shared/list/pieces/units.ts': "takes the values of a partition from parents' records",
  'shared/list/fields/join-records.ts': 'joins parts of a record by its id',
  'shared/list/fields/names.ts': 'reads the names of fields from the records that describe them',
  'shared/list/list-page.ts': 'finds the next page in the answer',
  'shared/list/listed-records.ts': 'finds the records in the answer',
  'shared/provider/provider-client.ts': 'judges by the answer whether it is an error',
  'shared/wire/sign/sign-request.ts': 'hashes the body that it signs',
  'shared/proxy/proxy-call.ts':
    'judges a passed-through answer; looks whether a body can be sent twice',
  'shared/proxy/returned-redirect.ts': 'looks whether a header repeats the credential',
  'shared/runtime/rest-stream-endpoint.ts': "pipes the provider's bytes to the caller",
  'shared/sync/walk/batch.ts': 'writes a record as JSON, to measure it',
  'shared/sync/walk/cursor-stack.ts': "hashes a parent's id, to know it again on resume",
  'shared/sync/walk/events.ts': 'joins records into the body of an event',
  'shared/sync/walk/run-source.ts': "fills parents' fields into a child's query",
  'shared/unified/list-records.ts': 'picks the fields that the caller wants',
  'shared/unified/mapped-pages.ts': 'maps records to the shape of their model',
  'shared/unified/page-source.ts': "maps a sync's query to the provider's",
  'shared/unified/write-record.ts': "maps input to the provider's, reads what came of it",
  'shared/webhook/delivery/post-event.ts': "sends the event's bytes, throws the answer's away",
  'shared/webhook/subscription/sign.ts': "signs with the subscription's secret",
  'shared/webhook/subscription/subscription-secrets.ts': 'seals a signing secret',
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
