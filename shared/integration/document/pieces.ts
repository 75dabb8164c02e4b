/**
 * What must hold between an integration's resources for lists to be asked for piece by piece: that
 * what they are made from is there, can be read with what is known by then, and does not lead back
 * to them.
 */
import type { Method, Resource } from '../method/plan.ts';
import type { ResourceSource } from '../method/source.ts';
import { knownParams, type Listing, requiredParams } from '../pieces/partition.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { checkPieceUses } from './piece-uses.ts';

type Resources = Readonly<Record<string, Resource>>;

/** Levels of parents above a list. */
const MAX_DEPTH = 4;

/** A listing that another needs, where that is said, and the parameters known there. */
interface Need {
  readonly from: Listing;
  readonly path: SourcePath;
  readonly known: readonly string[];
}

/** @param sources what `resources` were compiled from */
export function checkPieces(
  sources: Readonly<Record<string, ResourceSource>>,
  resources: Resources,
  context: CompileContext,
): void {
  for (const resource of Object.values(resources)) {
    const path = ['resources', resource.name];
    if (resource.discovered) {
      const { from } = resource.discovered;
      checkNeed({ from, path: [...path, 'discovered', 'from'], known: [] }, resources, context);
    }
    for (const method of Object.values(resource.methods)) {
      const at = [...path, method.name];
      const needs = needsOf(method, at);
      for (const need of needs) checkNeed(need, resources, context);
      checkDepth({ resource: resource.name, method: method.name }, at, resources, context);
      const source = sources[resource.name]?.[method.name];
      checkPieceUses({ source, method, resource, resources, path: at }, context);
    }
  }
}

function needsOf(method: Method, path: SourcePath): readonly Need[] {
  const known = [...requiredParams(method)];
  const needs: Need[] = [];
  for (const [index, { param, parent }] of method.partitions.entries()) {
    const at = [...path, 'partitions', index, 'parent'];
    if (parent) needs.push({ from: parent, path: at, known: [...known] });
    known.push(param);
  }
  const from = method.properties?.from;
  if (!from) return needs;
  return [...needs, { from, path: [...path, 'properties', 'from'], known: knownParams(method) }];
}

function checkNeed({ from, path, known }: Need, resources: Resources, context: CompileContext) {
  const resource = own(resources, from.resource);
  const method = resource && own(resource.methods, from.method);
  if (!resource) context.fault(path, 'names no resource');
  else if (!method) context.fault(path, 'names a resource without such a method');
  else if (!method.records) context.fault(path, 'names a method that does not list');
  else {
    for (const param of neededParams(resource, method)) {
      if (known.includes(param)) continue;
      context.fault(path, `names a method that needs \`${param}\`, which is not known here`);
    }
  }
}

/** One of those that a resource stands for must be named as well. */
function neededParams({ discovered }: Resource, method: Method): readonly string[] {
  const needed = requiredParams(method);
  const isFilled = method.partitions.some(({ param }) => param === discovered?.param);
  if (!discovered || isFilled || needed.includes(discovered.param)) return needed;
  return [...needed, discovered.param];
}

function checkDepth(
  of: Listing,
  path: SourcePath,
  resources: Resources,
  context: CompileContext,
): void {
  const levels = levelsAbove(of, [], resources);
  if (levels === 'circle') context.fault(path, 'is made from itself');
  else if (levels > MAX_DEPTH) {
    context.fault(path, `has more than ${MAX_DEPTH} levels of parents above it`);
  }
}

function levelsAbove(
  of: Listing,
  below: readonly string[],
  resources: Resources,
): number | 'circle' {
  const name = `${of.resource}.${of.method}`;
  if (below.includes(name)) return name === below[0] ? 'circle' : 0;
  const resource = own(resources, of.resource);
  const method = resource && own(resource.methods, of.method);
  if (!method || below.length > MAX_DEPTH + 1) return 0;
  let most = 0;
  for (const { from } of needsOf(method, [])) {
    const levels = levelsAbove(from, [...below, name], resources);
    if (levels === 'circle') return 'circle';
    most = Math.max(most, levels + 1);
  }
  return most;
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
