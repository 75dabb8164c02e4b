/**
 * The shape that a unified model gives its records, as a function: brings a mapped record into
 * shape where that loses nothing, and says what does not fit where it cannot.
 *
 * Lists are lists (JSONata yields a lone item for a list of one), fields that are absent are null
 * where the model allows it, instants are ISO 8601 UTC with milliseconds. Reasons name paths and
 * types, never values.
 *
 * Source  JSON Schema 2020-12, the subset of integration/schema/model.ts
 */
import type { FieldSource, TypeName } from '../integration/mapping/model-source.ts';
import { isoTime } from '../kernel/clock.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';

export interface Misfit {
  /** `email_addresses[0].email`. */
  readonly path: string;
  readonly reason: string;
}

/** Brings one value into shape; what does not fit is noted. */
export type ShapeValue = (value: unknown, path: string, misfits: Misfit[]) => Json;

/** With an offset or Z: an instant without one means nothing across providers. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A day that there is in UTC, to the second or the millisecond: all but in its final form. */
const UTC_INSTANT =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

export function compileShape(field: FieldSource): ShapeValue {
  const types = typeof field.type === 'string' ? [field.type] : field.type;
  if (types.includes('array')) return shapeList(field, types);
  if (types.includes('object')) return shapeObject(field, types);
  return shapeScalar(field, types);
}

function shapeList(field: FieldSource, types: readonly TypeName[]): ShapeValue {
  const shapeItem = field.items ? compileShape(field.items) : asItIs;
  const isNullable = types.includes('null');
  return (value, path, misfits) => {
    if (value === undefined || (value === null && !isNullable)) return [];
    if (value === null) return null;
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) => {
      const before = misfits.length;
      const shaped = shapeItem(item, '', misfits);
      if (misfits.length > before) placeWithin(`${path}[${index}]`, misfits, before);
      return shaped;
    });
  };
}

function shapeObject(field: FieldSource, types: readonly TypeName[]): ShapeValue {
  const required = field.required ?? [];
  const members = Object.entries(field.properties ?? {}).map(([name, property]) => ({
    name,
    path: `.${name}`,
    shape: compileShape(property),
    needed: required.includes(name),
  }));
  // An object of free members, such as custom_fields, is empty where it is absent.
  const absent = types.includes('null') ? null : members.length === 0 ? {} : undefined;
  return (value, path, misfits) => {
    const present = value ?? absent;
    if (present === null) return null;
    if (!isJsonObject(present)) return misfit(misfits, path, 'must be an object');
    if (members.length === 0) return present;
    const object: Record<string, Json> = {};
    const before = misfits.length;
    for (const { name, path: place, shape, needed } of members) {
      const member = present[name];
      object[name] = member !== undefined || needed ? shape(member, place, misfits) : null;
    }
    if (misfits.length > before) placeWithin(path, misfits, before);
    return object;
  };
}

/** Places are known from within: most values fit, and need none. */
function placeWithin(outer: string, misfits: Misfit[], from: number): void {
  for (const { path, reason } of misfits.splice(from)) misfit(misfits, outer + path, reason);
}

type Scalar = string | number | boolean;
type Fits = (value: unknown) => value is Scalar;

const FITS: Readonly<Partial<Record<TypeName, Fits>>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value): value is number => typeof value === 'number' && Number.isFinite(value),
  integer: (value): value is number => Number.isInteger(value),
};

function shapeScalar(field: FieldSource, types: readonly TypeName[]): ShapeValue {
  const expected = `must be ${types.join(' or ')}`;
  const allowed = field.enum;
  const isNullable = types.includes('null');
  const fits = fitting(types);
  const finish = finishing(field.format);
  return (value, path, misfits) => {
    if (value === undefined || value === null) {
      return isNullable ? null : misfit(misfits, path, 'is missing');
    }
    if (!fits(value)) return misfit(misfits, path, expected);
    if (allowed && !allowed.some((one) => one === value)) {
      return misfit(misfits, path, 'is none of the values that the model allows');
    }
    return finish(value, path, misfits);
  };
}

function shapeInstant(value: Scalar, path: string, misfits: Misfit[]): Json {
  const text = String(value);
  // Most are; making a date of each and a text of that was the half of all that mapping cost.
  if (UTC_INSTANT.test(text)) return text.length === 24 ? text : `${text.slice(0, -1)}.000Z`;
  const atMs = INSTANT.test(text) || DAY.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) return misfit(misfits, path, 'must be an instant in ISO 8601');
  return isoTime(atMs);
}

/** The day as it stands: an instant's day depends on who looks. */
function shapeDay(value: Scalar, path: string, misfits: Misfit[]): Json {
  const day = String(value).slice(0, 10);
  const whole = DAY.test(String(value)) || INSTANT.test(String(value));
  if (!whole || Number.isNaN(Date.parse(day)))
    return misfit(misfits, path, 'must be a day in ISO 8601');
  return day;
}

type Finish = (value: Scalar, path: string, misfits: Misfit[]) => Json;

function finishing(format: FieldSource['format']): Finish {
  if (format === 'date-time') return shapeInstant;
  return format === 'date' ? shapeDay : (value) => value;
}

function fitting(types: readonly TypeName[]): Fits {
  const [first, ...others] = types.map((type) => FITS[type]).filter((fits) => fits !== undefined);
  if (first && others.length === 0) return first;
  return (value): value is Scalar => types.some((type) => FITS[type]?.(value) === true);
}

function asItIs(value: unknown): Json {
  return value === undefined || !isJson(value) ? null : value;
}

function isJson(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}

function misfit(misfits: Misfit[], path: string, reason: string): null {
  misfits.push({ path, reason });
  return null;
}
