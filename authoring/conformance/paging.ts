/** Lists that do not go on as they should. */

import { describeError } from '../engine/replay.ts';
import { toResponse } from '../engine/scripted-send.ts';
import type { FixtureAnswer } from '../fixtures/fixture.ts';
import { atFirstPage, firstPage, goodAnswer, matchingAnswer, pageAnswer } from './answers.ts';
import { flagsOf } from './flags.ts';
import { completes, failsForGood } from './judges.ts';
import type { ListUnderTest } from './list-under-test.ts';
import { withMember, withoutMember } from './members.ts';
import type { Misbehaviour, Play, Played } from './misbehaviour.ts';
import { fullTurningPage, hasNext, turningPage, withNext } from './turning.ts';

const ONE_PAGE = 'the list has one page';
const NO_TURN = 'no page with a next one could be made of its fixture';

/** The answer for the first page, the fixture's before and after it. */
function forFirstPage(list: ListUnderTest, answer: FixtureAnswer): Play['answer'] {
  return ({ index, request }) => {
    if (index < firstPage(list)) return goodAnswer(list, index);
    return index === firstPage(list) ? toResponse(answer) : matchingAnswer(list, request, index);
  };
}

export const repeatedPage: Misbehaviour = {
  code: 'repeated_cursor',
  expected: 'provider_error: the list turned in a circle',
  plays(list) {
    if (list.method.pagination.kind === 'none') return ONE_PAGE;
    const turning = turningPage(list);
    if (!turning) return NO_TURN;
    return [
      {
        form: 'the same page for ever',
        answer: atFirstPage(list, () => toResponse(turning)),
        judge: failsForGood,
      },
    ];
  },
};

const TOKEN_KINDS = ['cursor', 'next_url', 'link_header'];

export const emptyPage: Misbehaviour = {
  code: 'empty_page_with_next',
  expected: 'goes on where the provider hands out the next place, ends where we count',
  plays(list) {
    const { pagination } = list.method;
    if (pagination.kind === 'none') return ONE_PAGE;
    const turning = turningPage(list);
    if (!turning) return NO_TURN;
    const path = list.recordsPath;
    if (!path) return 'its records are computed';
    const empty = { ...turning, body: withMember(turning.body, path, []) };
    if (TOKEN_KINDS.includes(pagination.kind))
      return hasNext(list, empty) ? [goesOn(list, empty)] : NO_TURN;
    return [
      {
        form: 'no records',
        answer: atFirstPage(list, () => toResponse(empty)),
        judge: endsSomehow,
      },
    ];
  },
};

/** The second page of the fixture, or its only one, must be asked for. */
function goesOn(list: ListUnderTest, empty: FixtureAnswer): Play {
  const at = firstPage(list);
  return {
    form: 'no records, and a next page',
    answer: forFirstPage(list, empty),
    judge: ({ requests, outcome }) => {
      if (outcome.kind === 'failed') return `failed: ${describeError(outcome.error)}`;
      return requests.length > at + 1
        ? undefined
        : 'ended at the empty page, though there was a next one';
    },
  };
}

/** That it does end is looked at in every play. */
function endsSomehow(_played: Played): undefined {
  return undefined;
}

const STRANGER = 'https://attacker.example/next';

export const foreignNext: Misbehaviour = {
  code: 'next_page_elsewhere',
  expected: 'provider_error, and nothing is sent there',
  plays(list) {
    const { pagination } = list.method;
    if (pagination.kind !== 'next_url' && !leadsByLink(list)) {
      return 'the provider hands out no URLs';
    }
    const base = turningPage(list) ?? pageAnswer(list);
    const called = new URL(list.exchanges[firstPage(list)]?.request.url ?? STRANGER);
    const urls = {
      'another host': STRANGER,
      'another port': `${called.protocol}//${called.hostname}:8443${called.pathname}`,
      'a host that looks like it': `${called.protocol}//${called.hostname}@attacker.example/`,
      'a bare host': '//attacker.example/next',
    };
    const plays = Object.entries(urls).flatMap(([form, url]): Play[] => {
      const answer = withNext(pagination, base, { cursor: 'x', url });
      return answer
        ? [{ form, answer: atFirstPage(list, () => toResponse(answer)), judge: failsForGood }]
        : [];
    });
    return plays.length > 0 ? plays : 'its next URL is computed';
  },
};

function leadsByLink({ method: { pagination } }: ListUnderTest): boolean {
  return pagination.kind === 'link_header' && pagination.attribute === undefined;
}

export const missingMore: Misbehaviour = {
  code: 'missing_more',
  expected: 'provider_error, or another page; never the end',
  plays(list) {
    const paths = flagsOf(list.method.pagination);
    if (paths.length === 0) return 'no member of the body but the token says that there is more';
    const turning = fullTurningPage(list);
    if (!turning) return NO_TURN;
    const at = firstPage(list);
    return paths.map((path): Play => {
      const body = withoutMember(turning.body ?? null, path);
      return {
        form: `without ${path.join('.')}`,
        answer: forFirstPage(list, { ...turning, body }),
        judge: ({ outcome, requests }) =>
          outcome.kind === 'completed' && requests.length <= at + 1
            ? 'ended there, as if it had been the last page'
            : undefined,
      };
    });
  },
};

/** The fixture as it is: a suite whose good run fails would say nothing about the bad ones. */
export const goodRun: Misbehaviour = {
  code: 'none',
  expected: 'completes',
  plays(list) {
    const { records = [] } = list.fixture.expect;
    return [
      {
        form: 'the fixture as it is',
        answer: ({ index }) => goodAnswer(list, index),
        judge: completes(records.length),
      },
    ];
  },
};
