/**
 * The records of a new integration's fixture, its mapping and what the mapping makes of them, from
 * the unified model that is to be mapped.
 */
import type { ModelResource } from '#shared/integration/mapping/model.ts';
import type { Json, JsonObject } from '#shared/kernel/json.ts';

export interface ScaffoldRecord {
  readonly native: JsonObject;
  readonly unified: JsonObject;
}

type Field = ModelResource['properties'][string];

const CREATED = '2026-01-20T22:55:29.000Z';
const UPDATED = '2026-02-05T10:38:52.000Z';

/** Field → expression, for the fields that can be guessed; the rest is the author's. */
export function mappedFields(model: ModelResource): Readonly<Record<string, string>> {
  const entries = guessable(model).map(([name]) => [
    name,
    isIdentifier(name) ? `$string(response.${name})` : `response.${name}`,
  ]);
  return Object.fromEntries(entries);
}

/** Fields of the model that are left to the author. */
export function openFields(model: ModelResource): readonly string[] {
  const done = new Set(guessable(model).map(([name]) => name));
  return Object.keys(model.properties).filter((name) => !done.has(name));
}

export function scaffoldRecord(model: ModelResource, number: number): ScaffoldRecord {
  const native = guessable(model).map(([name, field]) => [name, sample(name, field, number)]);
  const samples = new Map(native.map(([name, value]) => [String(name), value ?? null]));
  const unified = Object.entries(model.properties).map(([name, field]) => [
    name,
    samples.get(name) ?? nothing(name, field),
  ]);
  return { native: Object.fromEntries(native), unified: Object.fromEntries(unified) };
}

/** Plain texts and numbers; what has fixed words, parts or items needs thought. */
function guessable(model: ModelResource): readonly (readonly [string, Field])[] {
  return Object.entries(model.properties).filter(
    ([name, field]) =>
      name !== 'custom_fields' &&
      field.enum === undefined &&
      typesOf(field).some((type) => ['string', 'number', 'integer', 'boolean'].includes(type)),
  );
}

function isIdentifier(name: string): boolean {
  return name === 'id' || name.endsWith('_id');
}

function sample(name: string, field: Field, number: number): Json {
  if (isIdentifier(name)) return String(number);
  if (field.format === 'date-time') return name.startsWith('updated') ? UPDATED : CREATED;
  const types = typesOf(field);
  if (types.includes('string')) return `${name.replaceAll('_', ' ')} ${number}`;
  return types.includes('boolean') ? true : number;
}

function nothing(name: string, field: Field): Json {
  if (name === 'custom_fields') return {};
  return typesOf(field).includes('array') ? [] : null;
}

function typesOf({ type }: Field): readonly string[] {
  return typeof type === 'string' ? [type] : type;
}
