/**
 * The synthesised CloudFormation template, read: what there is to build, and in which order.
 *
 * Shape   see the schema below; `Rules` and `Outputs` are not ours to honour
 * Errors  {@link TemplateError} for a resource type that is in neither list of resource-types.ts
 */
import * as z from 'zod';
import type { Json, JsonObject } from '#shared/kernel/json.ts';
import { referencesOf } from './template/intrinsics.ts';
import { HARMLESS_TYPES, INTERPRETED_TYPES } from './template/resource-types.ts';
import { TemplateError } from './template/template-error.ts';

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const templateSchema = z.object({
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.json().optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), jsonObject)).default({}),
  Conditions: z.record(z.string(), z.json()).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: jsonObject.default({}),
      DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
      Condition: z.string().optional(),
    }),
  ),
});

/** A resource as written: intrinsics not yet resolved. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
}

export interface Template {
  /** Default values; a parameter without one has no member. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly mappings: Json;
  readonly conditions: Readonly<Record<string, Json>>;
  /** Only what is interpreted, each after all that it refers to. */
  readonly resources: readonly TemplateResource[];
  /** Logical ids of what is left out; others may still refer to it. */
  readonly leftOut: ReadonlySet<string>;
}

/** @throws TemplateError */
export function readTemplate(json: unknown): Template {
  const parsed = templateSchema.safeParse(json);
  if (!parsed.success) {
    throw new TemplateError('the file is not a CloudFormation template', {
      path: parsed.error.issues[0]?.path.join('.') ?? '',
    });
  }
  const { Parameters, Mappings, Conditions, Resources } = parsed.data;
  const resources = Object.entries(Resources).map(([logicalId, resource]) => ({
    logicalId,
    type: resource.Type,
    properties: resource.Properties,
    dependsOn: [resource.DependsOn].flat(),
    ...(resource.Condition === undefined ? {} : { condition: resource.Condition }),
  }));
  for (const { logicalId, type } of resources) {
    if (!(INTERPRETED_TYPES.has(type) || type in HARMLESS_TYPES)) {
      throw new TemplateError('the local runtime does not know this type of resource', {
        logicalId,
        type,
      });
    }
  }
  return {
    parameters: Object.fromEntries(
      Object.entries(Parameters).flatMap(([name, { Default }]) =>
        Default === undefined ? [] : [[name, Default]],
      ),
    ),
    mappings: Mappings,
    conditions: Conditions,
    resources: inOrder(resources.filter(({ type }) => INTERPRETED_TYPES.has(type))),
    leftOut: new Set(
      resources.flatMap(({ type, logicalId }) => (type in HARMLESS_TYPES ? [logicalId] : [])),
    ),
  };
}

/** Depth first: what a resource refers to or depends on comes before it. */
function inOrder(resources: readonly TemplateResource[]): readonly TemplateResource[] {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const state = new Map<string, 'open' | 'done'>();
  const ordered: TemplateResource[] = [];
  const visit = (resource: TemplateResource): void => {
    if (state.get(resource.logicalId) === 'done') return;
    if (state.get(resource.logicalId) === 'open') {
      throw new TemplateError('resources refer to each other in a circle', {
        logicalId: resource.logicalId,
      });
    }
    state.set(resource.logicalId, 'open');
    for (const id of [...referencesOf(resource.properties), ...resource.dependsOn]) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    state.set(resource.logicalId, 'done');
    ordered.push(resource);
  };
  for (const resource of resources) visit(resource);
  return ordered;
}
