/**
 * The part of an OpenAPI document that an integration calls: its paths and what they refer to. The
 * whole of a large one takes Prism minutes.
 */
import { isJsonObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';

/** @param called the paths that are called, without a query */
export function sliceDocument(document: JsonObject, called: readonly string[]): JsonObject {
  const all = Object.entries(objectOf(document['paths']));
  const kept = Object.fromEntries(
    all.filter(([template]) => called.some((path) => matchesTemplate(template, path))),
  );
  const { openapi, info, servers, security, components } = document;
  const head = { openapi, info, servers, security };
  const sliced: Record<string, Json> = { ...JSON.parse(JSON.stringify(head)), paths: kept };
  const schemes = objectOf(components)['securitySchemes'];
  sliced['components'] = schemes === undefined ? {} : { securitySchemes: schemes };
  for (const pointer of pointersOf(document, kept)) place(sliced, pointer, at(document, pointer));
  return sliced;
}

/** Of several that match, Prism takes the most literal one. */
export function matchesTemplate(template: string, path: string): boolean {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}

function pointersOf(document: JsonObject, start: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (node: Json | undefined): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    if (!isJsonObject(node)) return;
    const pointer = node['$ref'];
    if (typeof pointer === 'string' && pointer.startsWith('#/') && !found.has(pointer)) {
      found.add(pointer);
      walk(at(document, pointer));
    }
    for (const member of Object.values(node)) walk(member);
  };
  walk(start);
  return found;
}

function at(document: JsonObject, pointer: string): Json | undefined {
  let node: Json | undefined = document;
  for (const step of stepsOf(pointer)) node = isJsonObject(node) ? node[step] : undefined;
  return node;
}

function place(target: Record<string, Json>, pointer: string, value: Json | undefined): void {
  const steps = stepsOf(pointer);
  const last = steps.pop() ?? '';
  let node: Record<string, Json> = target;
  for (const step of steps) {
    const next: Record<string, Json> = { ...objectOf(node[step]) };
    node[step] = next;
    node = next;
  }
  if (value !== undefined) node[last] = value;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .slice('#/'.length)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
