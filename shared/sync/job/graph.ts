/**
 * The order of a job's resources: each hangs below the one that it depends on, else at the root.
 *
 * Shape   a forest in the job's own order
 */
import type { Fault } from '../../kernel/errors.ts';
import type { JobResource } from './sync-job.ts';

export interface ResourceNode {
  readonly resource: string;
  readonly method: string;
  readonly query: JobResource['query'];
  readonly children: readonly ResourceNode[];
}

type Named = Pick<JobResource, 'resource' | 'depends_on'>;

/** The forest of resources that {@link graphFaults} has found nothing against. */
export function resourceForest(resources: readonly JobResource[]): readonly ResourceNode[] {
  const below = (parent: string | undefined): readonly ResourceNode[] =>
    resources
      .filter(({ depends_on }) => depends_on === parent)
      .map(({ resource, method, query }) => ({
        resource,
        method,
        query,
        children: below(resource),
      }));
  return below(undefined);
}

/** Every resource of the forest, each before those below it. */
export function parentsFirst(forest: readonly ResourceNode[]): readonly string[] {
  return forest.flatMap(({ resource, children }) => [resource, ...parentsFirst(children)]);
}

/** From the root down to the direct parent; ends where the graph is broken. */
export function ancestorsOf(resource: string, resources: readonly Named[]): readonly string[] {
  const parentOf = new Map(resources.map((each) => [each.resource, each.depends_on]));
  const found: string[] = [];
  let parent = parentOf.get(resource);
  while (parent !== undefined && !found.includes(parent)) {
    found.unshift(parent);
    parent = parentOf.get(parent);
  }
  return found;
}

/** Duplicate names, unknown parents, cycles and trees that are too deep: all of them. */
export function graphFaults(resources: readonly Named[], maxDepth: number): readonly Fault[] {
  const names = resources.map(({ resource }) => resource);
  // Each circle is told once, where the job first enters it.
  const told = new Set<string>();
  return resources.flatMap(({ resource, depends_on }, index): readonly Fault[] => {
    const path = `resources[${index}]`;
    if (names.indexOf(resource) < index) {
      return [{ path: `${path}.resource`, message: `${resource} is in the job already` }];
    }
    const message = dependencyFault(resource, depends_on, resources, maxDepth, told);
    return message === undefined ? [] : [{ path: `${path}.depends_on`, message }];
  });
}

function dependencyFault(
  resource: string,
  parent: string | undefined,
  resources: readonly Named[],
  maxDepth: number,
  told: Set<string>,
): string | undefined {
  if (parent === undefined) return undefined;
  if (!resources.some((each) => each.resource === parent)) return `${parent} is not in the job`;
  const circle = circleFrom(resource, resources);
  if (!circle) {
    const depth = ancestorsOf(resource, resources).length;
    return depth < maxDepth ? undefined : `deeper than ${maxDepth} levels`;
  }
  if (told.has(resource)) return undefined;
  for (const name of circle) told.add(name);
  return `the dependencies go in a circle: ${[...circle, resource].join(' -> ')}`;
}

/** The names from `start` up to itself again, or undefined where the way up ends. */
function circleFrom(start: string, resources: readonly Named[]): readonly string[] | undefined {
  const parentOf = new Map(resources.map((each) => [each.resource, each.depends_on]));
  const way = [start];
  let next = parentOf.get(start);
  while (next !== undefined && !way.includes(next)) {
    way.push(next);
    next = parentOf.get(next);
  }
  return next === start ? way : undefined;
}
