/** Several OpenAPI documents of one provider as one: each document's components get its own names. */
import { isJsonObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';

export function mergeDocuments(documents: readonly JsonObject[]): JsonObject {
  const [first] = documents;
  if (documents.length === 1 && first) return first;
  const paths: Record<string, Json> = {};
  const components: Record<string, Record<string, Json>> = {};
  for (const [index, document] of documents.entries()) {
    const named = renamed(document, index);
    for (const [path, operations] of Object.entries(object(named['paths']))) {
      paths[path] ??= withoutSecurity(operations);
    }
    for (const [kind, parts] of Object.entries(object(named['components']))) {
      components[kind] ??= {};
      for (const [name, part] of Object.entries(object(parts))) {
        components[kind][`${index}.${name}`] = part;
      }
    }
  }
  const info = { title: 'several documents', version: '1' };
  return { openapi: '3.0.1', info, paths, components };
}

function renamed(document: JsonObject, index: number): JsonObject {
  const text = JSON.stringify(document);
  return JSON.parse(text.replaceAll(/#\/components\/(\w+)\//g, `#/components/$1/${index}.`));
}

/** The documents differ in which scopes they know, and a token tells none. */
function withoutSecurity(operations: Json): Json {
  if (!isJsonObject(operations)) return operations;
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      if (!isJsonObject(operation)) return [method, operation];
      const { security: _security, ...rest } = operation;
      return [method, rest];
    }),
  );
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
