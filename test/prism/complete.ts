/**
 * Fills a synthetic answer up to what a document requires: fixtures hold only what their integration
 * looks at. What is given stays as it is, so that its faults show; optional members are not added.
 * A null where the document knows none is left out: providers send it all the same.
 */
import { isJsonObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { matchesTemplate } from './slice.ts';

/** Deeper than any required member of the documents in use; ends schemas that refer to themselves. */
const MAX_DEPTH = 12;

export function completeAnswer(
  document: JsonObject,
  operation: { readonly method: string; readonly path: string; readonly status: number },
  given: Json,
): Json {
  const schema = responseSchema(document, operation);
  return schema ? complete(document, schema, given, 0) : given;
}

function responseSchema(
  document: JsonObject,
  { method, path, status }: { method: string; path: string; status: number },
): JsonObject | undefined {
  const templates = Object.keys(object(document['paths'])).filter((one) =>
    matchesTemplate(one, path),
  );
  const [template] = templates.toSorted(
    (one, other) => one.split('{').length - other.split('{').length,
  );
  if (template === undefined) return undefined;
  const operation = object(object(object(document['paths'])[template])[method.toLowerCase()]);
  const responses = object(operation['responses']);
  const response = resolve(document, responses[String(status)] ?? responses['default']);
  const media = object(object(response['content'])['application/json']);
  const schema = resolve(document, media['schema']);
  return Object.keys(schema).length > 0 ? schema : undefined;
}

function complete(document: JsonObject, schema: JsonObject, given: Json, depth: number): Json {
  if (Array.isArray(given)) {
    const items = resolve(document, schema['items']);
    return given.map((item) => complete(document, items, item, depth + 1));
  }
  if (!isJsonObject(given) || depth > MAX_DEPTH) return given;
  const result: Record<string, Json> = { ...given };
  for (const part of partsOf(document, schema)) {
    completeGiven(document, part, result, depth);
    addRequired(document, part, result, depth);
  }
  return result;
}

function completeGiven(
  document: JsonObject,
  part: JsonObject,
  result: Record<string, Json>,
  depth: number,
): void {
  const properties = object(part['properties']);
  const others = resolve(document, part['additionalProperties']);
  for (const [name, value] of Object.entries(result)) {
    const isKnown = Object.hasOwn(properties, name);
    const schema = isKnown ? resolve(document, properties[name]) : others;
    const isTyped = isKnown || schema['type'] !== undefined;
    if (value !== null) result[name] = complete(document, schema, value, depth + 1);
    else if (isTyped && !takesNull(document, schema)) delete result[name];
  }
}

function addRequired(
  document: JsonObject,
  part: JsonObject,
  result: Record<string, Json>,
  depth: number,
): void {
  const properties = object(part['properties']);
  for (const name of texts(part['required'])) {
    result[name] ??= minimal(document, resolve(document, properties[name]), depth + 1);
  }
}

function takesNull(document: JsonObject, schema: JsonObject): boolean {
  return partsOf(document, schema).some(
    (part) => part['nullable'] === true || [part['type']].flat().includes('null'),
  );
}

function minimal(document: JsonObject, schema: JsonObject, depth: number): Json {
  if (schema['nullable'] === true || depth > MAX_DEPTH) return null;
  if (schema['example'] !== undefined && !isJsonObject(schema['example'])) return schema['example'];
  const [choice] = Array.isArray(schema['enum']) ? schema['enum'] : [];
  if (choice !== undefined) return choice;
  switch (typeOf(document, schema)) {
    case 'object':
      return complete(document, schema, {}, depth);
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return FORMATS[String(schema['format'])] ?? 'text';
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  uri: 'https://example.com/',
  email: 'somebody@example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function typeOf(document: JsonObject, schema: JsonObject): string {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (typeof type === 'string') return type;
  const parts = partsOf(document, schema).slice(1);
  if (schema['properties'] !== undefined) return 'object';
  return parts[0] ? typeOf(document, parts[0]) : 'string';
}

/** The schema, all of its `allOf`, and the first of a choice. */
function partsOf(document: JsonObject, schema: JsonObject, depth = 0): readonly JsonObject[] {
  if (depth > MAX_DEPTH) return [];
  const all = list(schema['allOf']);
  const [one] = [...list(schema['oneOf']), ...list(schema['anyOf'])];
  const nested = [...all, ...(one === undefined ? [] : [one])];
  return [
    schema,
    ...nested.flatMap((part) => partsOf(document, resolve(document, part), depth + 1)),
  ];
}

function resolve(document: JsonObject, node: Json | undefined): JsonObject {
  const pointer = object(node)['$ref'];
  if (typeof pointer !== 'string') return object(node);
  let target: Json | undefined = document;
  for (const step of pointer.slice('#/'.length).split('/')) {
    target = object(target)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return resolve(document, target);
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: Json | undefined): readonly string[] {
  return list(value).filter((item) => typeof item === 'string');
}
