/** A reset that is read without a unit is taken for seconds, which an instant is not. */
import { factsOf } from '#shared/expression/facts.ts';
import type { Finding, LintRule } from '../rule.ts';

export const timedWithoutUnit: LintRule = {
  code: 'timed-without-unit',
  check: ({ file, source }) =>
    (source.rate_limit?.observe ?? []).flatMap((rule, index): Finding[] => {
      const text = 'json' in rule ? rule.json : 'body' in rule ? rule.body : undefined;
      if (text === undefined || unitOf(rule) !== undefined) return [];
      if (!factsOf(text).outputFields.includes('reset')) return [];
      const message = 'reads a reset without a unit: name it, seconds or epoch_s';
      return [{ file, at: ['rate_limit', 'observe', index], message }];
    }),
};

function unitOf(rule: object): unknown {
  return 'unit' in rule ? rule.unit : undefined;
}
