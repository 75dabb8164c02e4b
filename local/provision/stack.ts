/**
 * The stack as it stands: every interpreted resource of the template with its intrinsics resolved
 * and its physical names known. What plays the functions, routes and event sources reads this.
 *
 * Errors  {@link TemplateError} from {@link propertiesOf}: a property that the runtime does not
 *         honour is refused like an unknown type, for the same reason
 */
import type * as z from 'zod';
import type { Json, JsonObject } from '#shared/kernel/json.ts';
import { TemplateError } from '../template/template-error.ts';

/** What a created resource answers to `Ref` and `Fn::GetAtt`. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A resource with its properties resolved, not yet created. */
export interface PlannedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

export interface StackResource extends PlannedResource, Physical {}

export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly resources: readonly StackResource[];
}

export function resourcesOf(stack: Stack, type: string): readonly StackResource[] {
  return stack.resources.filter((resource) => resource.type === type);
}

/** The one resource of `type` with this `Ref`. @throws TemplateError */
export function resourceByRef(stack: Stack, type: string, ref: string): StackResource {
  const found = resourcesOf(stack, type).find((resource) => resource.ref === ref);
  if (found) return found;
  throw new TemplateError('the template refers to a resource outside itself', { type, ref });
}

/** @throws TemplateError naming the first property that is missing, malformed or not honoured */
export function propertiesOf<Schema extends z.ZodType>(
  resource: PlannedResource,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const names = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  throw new TemplateError('the local runtime cannot honour a property', {
    logicalId: resource.logicalId,
    type: resource.type,
    property: [...(issue?.path ?? []), ...names].join('.'),
  });
}

/** The text form in which attributes travel: `true`, `30`, `{"maxReceiveCount":5}`. */
export function attributeText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
