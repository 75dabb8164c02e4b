/**
 * Makes the template's resources exist: what is missing is created on the endpoint, what exists is
 * brought up to date, and a second start on the same data directory changes nothing.
 *
 * Errors  {@link TemplateError}
 */
import { isJsonObject, type Json } from '#shared/kernel/json.ts';
import { createBucket } from './provision/buckets.ts';
import type { Creator, CreatorContext } from './provision/creator.ts';
import { createKey, createKeyAlias } from './provision/keys.ts';
import { PLAYED_CREATORS } from './provision/played.ts';
import { createQueue } from './provision/queues.ts';
import { createSchedule, createScheduleGroup } from './provision/schedules.ts';
import type { Stack, StackResource } from './provision/stack.ts';
import { createTable } from './provision/tables.ts';
import {
  evaluateCondition,
  referencesOf,
  resolveValue,
  type Scope,
} from './template/intrinsics.ts';
import { TemplateError } from './template/template-error.ts';
import type { Template, TemplateResource } from './template.ts';

const CREATORS: Readonly<Record<string, Creator>> = {
  ...PLAYED_CREATORS,
  'AWS::DynamoDB::GlobalTable': createTable,
  'AWS::DynamoDB::Table': createTable,
  'AWS::KMS::Alias': createKeyAlias,
  'AWS::KMS::Key': createKey,
  'AWS::S3::Bucket': createBucket,
  'AWS::SQS::Queue': createQueue,
  'AWS::Scheduler::Schedule': createSchedule,
  'AWS::Scheduler::ScheduleGroup': createScheduleGroup,
};

/** Resources that do not wait for each other are made side by side. @throws TemplateError */
export async function provision(
  template: Template,
  stackName: string,
  context: CreatorContext,
): Promise<Stack> {
  const made = new Map<string, StackResource>();
  const scope = createScope(template, stackName, context, made);
  const pending = new Map<string, Promise<void>>();
  const wanted = template.resources.filter(
    ({ condition }) => condition === undefined || scope.condition(condition),
  );
  for (const resource of wanted) {
    const needed = neededBy(resource).flatMap((id) => pending.get(id) ?? []);
    pending.set(
      resource.logicalId,
      Promise.all(needed).then(async () => {
        made.set(resource.logicalId, await create(resource, scope, context));
      }),
    );
  }
  await Promise.all(pending.values());
  return {
    name: stackName,
    region: context.region,
    accountId: context.accountId,
    resources: template.resources.flatMap(({ logicalId }) => made.get(logicalId) ?? []),
  };
}

function neededBy(resource: TemplateResource): readonly string[] {
  return [...referencesOf(resource.properties), ...resource.dependsOn];
}

async function create(
  resource: TemplateResource,
  scope: Scope,
  context: CreatorContext,
): Promise<StackResource> {
  const { logicalId, type } = resource;
  const properties = resolveValue(resource.properties, scope, logicalId);
  const creator = CREATORS[type];
  if (!(creator && isJsonObject(properties))) {
    throw new TemplateError('the local runtime does not know this type of resource', {
      logicalId,
      type,
    });
  }
  const planned = { logicalId, type, properties };
  return { ...planned, ...(await creator(planned, context)) };
}

function createScope(
  template: Template,
  stackName: string,
  context: CreatorContext,
  made: ReadonlyMap<string, StackResource>,
): Scope {
  const pseudo: Readonly<Record<string, Json>> = {
    'AWS::AccountId': context.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': context.region,
    'AWS::StackId': `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const scope: Scope = {
    ref: (name) =>
      made.get(name)?.ref ??
      pseudo[name] ??
      template.parameters[name] ??
      (template.leftOut.has(name) ? name : undefined),
    attribute: (logicalId, name) => made.get(logicalId)?.attributes[name],
    condition: (name) => {
      const condition = template.conditions[name];
      if (condition === undefined) {
        throw new TemplateError('the template names a condition it does not hold', { name });
      }
      return evaluateCondition(condition, scope, name);
    },
    mapping: (path) =>
      path.reduce<Json | undefined>(
        (value, key) => (isJsonObject(value) ? value[key] : undefined),
        template.mappings,
      ),
  };
  return scope;
}
