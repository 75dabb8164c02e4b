/** Answers of status 200 that are not what the integration says. */
import type { Json } from '#shared/kernel/json.ts';
import { atFirstPage, CANARY, isJsonAnswer, json, pageAnswer, text } from './answers.ts';
import { fails, failsForGood } from './judges.ts';
import type { ListUnderTest } from './list-under-test.ts';
import type { Misbehaviour, Play } from './misbehaviour.ts';

const NOT_JSON = 'its answers are not JSON';

const PAGE = `<!doctype html><html><body>${CANARY}</body></html>`;

export const html: Misbehaviour = {
  code: 'html_for_json',
  expected: 'provider_error: the answer cannot be read',
  plays: (list) =>
    isJsonAnswer(pageAnswer(list))
      ? [
          {
            form: 'a page for people, status 200',
            answer: atFirstPage(list, () => text(200, 'text/html', PAGE)),
            judge: failsForGood,
          },
        ]
      : NOT_JSON,
};

/** Shapes that no list has. The object has members of no integration. */
const SHAPES: Readonly<Record<string, Json>> = {
  'an object of other members': { [CANARY]: CANARY },
  null: null,
  'a text': CANARY,
  'a number': 7,
  'a list of texts': [CANARY],
};

export const otherShape: Misbehaviour = {
  code: 'other_shape',
  expected: 'provider_error: the records are not where they should be',
  plays(list) {
    if (!isJsonAnswer(pageAnswer(list))) return NOT_JSON;
    if (!list.recordsPath) return 'its records are computed';
    return Object.entries(SHAPES).map(
      ([form, body]): Play => ({
        form,
        answer: atFirstPage(list, () => json(200, body)),
        judge: isBareList(list) && Array.isArray(body) ? quarantines : failsForGood,
      }),
    );
  },
};

/** The body itself is the list. */
function isBareList({ recordsPath }: ListUnderTest): boolean {
  return recordsPath?.length === 0;
}

/** A list it is, if not of records: each item is left out by itself. */
function quarantines({ outcome }: Parameters<Play['judge']>[0]): string | undefined {
  if (outcome.kind === 'failed') return undefined;
  const good = outcome.records.filter((record) => !isRejected(record));
  return good.length > 0 ? 'took texts for records' : undefined;
}

function isRejected(record: unknown): boolean {
  return (
    typeof record === 'object' && record !== null && Reflect.get(record, 'kind') === 'rejected'
  );
}

export const noBody: Misbehaviour = {
  code: 'no_body',
  expected: 'provider_error: there is no answer to read',
  plays: (list) =>
    isJsonAnswer(pageAnswer(list))
      ? [200, 204].map((status) => ({
          form: `status ${status}`,
          answer: atFirstPage(list, () => text(status, 'application/json', '')),
          judge: failsForGood,
        }))
      : NOT_JSON,
};

const ERRORS = ['provider_error', 'rate_limited', 'needs_reauth'];

/** The integration's own words for an error, as its fixtures have them, under status 200. */
export const errorAsSuccess: Misbehaviour = {
  code: 'error_as_200',
  expected: 'an error of any class; never a page',
  plays(list) {
    if (!isJsonAnswer(pageAnswer(list))) return NOT_JSON;
    const bodies = new Map(
      list.others.flatMap(({ expect, exchanges }) => {
        const body = exchanges.at(-1)?.answer.body;
        return expect.error === undefined || !isError(exchanges.at(-1)?.answer.status, body)
          ? []
          : [[JSON.stringify(body), body ?? null] as const];
      }),
    );
    if (bodies.size === 0) return 'no fixture shows an error';
    return [...bodies.values()].map((body, index) => ({
      form: `error ${index + 1} of its fixtures`,
      answer: atFirstPage(list, () => json(200, body)),
      judge: fails(...ERRORS),
    }));
  },
};

/** Fixtures of broken lists have good bodies but for what is missing. */
function isError(status: number | undefined, body: Json | undefined): boolean {
  return status !== undefined && status >= 400 && body !== undefined;
}
