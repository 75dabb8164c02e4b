/** Answers whose status says that something is wrong. */
import type { AuthKind } from '#shared/integration/auth/plan.ts';
import type { Json } from '#shared/kernel/json.ts';
import { atFirstPage, CANARY, firstPage, goodAnswer, json, text } from './answers.ts';
import { completes, fails, failsForGood, failsForNow } from './judges.ts';
import type { ListUnderTest } from './list-under-test.ts';
import type { Misbehaviour, Play } from './misbehaviour.ts';

const RENEWABLE: readonly AuthKind[] = ['oauth2_code', 'oauth2_cc', 'token_exchange'];

export const refusedCredential: Misbehaviour = {
  code: 'credential_refused',
  expected: 'renewed once and repeated; needs_reauth where that does not help',
  plays(list) {
    const refusal = refusalOf(list);
    const refused = () => json(refusal.status, refusal.body);
    const at = firstPage(list);
    const lasting: Play = {
      form: 'for good',
      answer: atFirstPage(list, refused),
      renews: true,
      judge: (played) =>
        fails('needs_reauth')(played) ??
        (played.requests.length > at + 2 ? 'tried more than twice' : undefined),
    };
    const kind = list.opened.compiled.auth[list.fixture.auth]?.kind;
    if (!kind || !RENEWABLE.includes(kind)) return [lasting];
    const { records = [] } = list.fixture.expect;
    const passing: Play = {
      form: 'until it is renewed',
      answer: ({ index }) =>
        index === at ? refused() : goodAnswer(list, index < at ? index : index - 1),
      renews: true,
      judge: (played) =>
        completes(records.length)(played) ??
        (played.renewals === 1 ? undefined : `renewed ${played.renewals} times`),
    };
    return [passing, lasting];
  },
};

/** As a fixture shows it, else as RFC 9110 has it. */
function refusalOf({ others }: ListUnderTest): { readonly status: number; readonly body: Json } {
  // What a token request is refused with, no call is.
  const calls = others.filter(({ renew }) => !renew);
  const shown = calls.find(({ expect }) => expect.error?.['code'] === 'needs_reauth');
  const answer = shown?.exchanges.at(-1)?.answer;
  return answer && answer.status >= 400
    ? { status: answer.status, body: answer.body ?? {} }
    : { status: 401, body: {} };
}

export const serverError: Misbehaviour = {
  code: 'server_error',
  expected: 'provider_error, tried again later',
  plays: (list) => [
    ...[500, 502, 504].map((status) => ({
      form: `status ${status}, HTML`,
      answer: atFirstPage(list, () => text(status, 'text/html', `<h1>${CANARY}</h1>`)),
      judge: failsForNow('provider_error'),
    })),
    {
      form: 'status 503, no body',
      answer: atFirstPage(list, () => text(503, 'text/plain', '')),
      // Some providers limit so.
      judge: failsForNow('provider_error', 'rate_limited'),
    },
  ],
};

export const redirect: Misbehaviour = {
  code: 'redirect_elsewhere',
  expected: 'provider_error, and nothing is sent there',
  plays: (list) =>
    [301, 302, 307, 308].map((status) => ({
      form: `status ${status}`,
      answer: atFirstPage(list, () => json(status, {}, { location: 'https://attacker.example/' })),
      judge: failsForGood,
    })),
};
