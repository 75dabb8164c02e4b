/** The functions that we add to the language; docs/expressions.md has an example of each. */
import { type DataObject, setMember } from '../record.ts';
import { isObject } from '../truth.ts';
import { define, type Family } from './builtin.ts';

const MEMBER_BYTES = 16;

export const ADDED: Family = {
  /** Always an array: of nothing none, of one value that one. */
  list: define('<x:a>', 1, ([value], run) => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [value];
    run.meter.items(value.length);
    return Array.from(value);
  }),
  /** An object without its members that are null or empty text. */
  compact: define('<o-:o>', 1, ([object], run) => {
    if (!isObject(object)) return undefined;
    const kept: DataObject = {};
    const keys = Object.keys(object);
    run.meter.items(keys.length);
    run.meter.allocate(keys.length * MEMBER_BYTES);
    for (const key of keys) {
      const value = object[key];
      if (value !== undefined && value !== null && value !== '') setMember(kept, key, value);
    }
    return kept;
  }),
};
