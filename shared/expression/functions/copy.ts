/** $clone: a deep copy, by way of JSON as in the reference: numbers lose digits beyond the 15th. */
import { textOf } from '../text.ts';
import { define, type Family } from './builtin.ts';

export const COPY: Family = {
  clone: define('<(oa)-:o>', 1, ([value], run) => {
    if (value === undefined) return undefined;
    const copy: unknown = JSON.parse(textOf(value, run.meter));
    return copy;
  }),
};
