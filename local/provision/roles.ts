/** What the template lets each role do, gathered for the endpoint that enforces it. */
import * as z from 'zod';
import type { NamedPolicy, RoleDefinition } from '../aws/embedded-aws.ts';
import { TemplateError } from '../template/template-error.ts';
import { propertiesOf, resourcesOf, type Stack, type StackResource } from './stack.ts';

const ignored = z.unknown().optional();
const inlinePolicy = z.strictObject({ PolicyName: z.string(), PolicyDocument: z.json() });

const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: z.json(),
  Description: ignored,
  ManagedPolicyArns: z.array(z.string()).default([]),
  MaxSessionDuration: ignored,
  Policies: z.array(inlinePolicy).default([]),
  RoleName: z.string().optional(),
  Tags: ignored,
});

const attachedPolicySchema = z.strictObject({
  ...inlinePolicy.shape,
  Roles: z.array(z.string()).default([]),
});

const resourcePolicySchema = z.object({
  Bucket: z.string().optional(),
  Queues: z.array(z.string()).default([]),
  PolicyDocument: z.json(),
});

/** The managed policy with which API Gateway writes its log: the front does that here. */
const LOG_DELIVERY = /:policy\/service-role\/AmazonAPIGatewayPushToCloudWatchLogs$/;

/** @throws TemplateError for a managed policy: its text is not in the template */
export function rolesOf(stack: Stack): readonly RoleDefinition[] {
  const attached = resourcesOf(stack, 'AWS::IAM::Policy').map((policy) =>
    propertiesOf(policy, attachedPolicySchema),
  );
  return resourcesOf(stack, 'AWS::IAM::Role').map((role) => {
    const own = roleDefinition(role);
    const added = attached.filter((policy) => policy.Roles.includes(role.ref)).map(namedPolicy);
    return { ...own, policies: [...own.policies, ...added] };
  });
}

/** The role with its inline policies. @throws TemplateError */
export function roleDefinition(role: StackResource): RoleDefinition {
  const properties = propertiesOf(role, roleSchema);
  if (properties.ManagedPolicyArns.some((arn) => !LOG_DELIVERY.test(arn))) {
    throw new TemplateError('a role has a managed policy, whose text the template lacks', {
      logicalId: role.logicalId,
    });
  }
  return {
    arn: role.attributes['Arn'] ?? '',
    policies: properties.Policies.map(namedPolicy),
    trust: properties.AssumeRolePolicyDocument,
  };
}

function namedPolicy(policy: z.output<typeof inlinePolicy>): NamedPolicy {
  return { name: policy.PolicyName, document: policy.PolicyDocument };
}

/** A resource's own policy, under its ARN. */
export interface ResourcePolicy {
  readonly resourceArn: string;
  readonly document: unknown;
}

export function resourcePoliciesOf(stack: Stack): readonly ResourcePolicy[] {
  const arnOf = (type: string, ref: string): string =>
    resourcesOf(stack, type).find((resource) => resource.ref === ref)?.attributes['Arn'] ?? '';
  const queues = resourcesOf(stack, 'AWS::SQS::QueuePolicy').flatMap((resource) => {
    const { Queues, PolicyDocument } = propertiesOf(resource, resourcePolicySchema);
    return Queues.map((url) => ({
      resourceArn: arnOf('AWS::SQS::Queue', url),
      document: PolicyDocument,
    }));
  });
  const buckets = resourcesOf(stack, 'AWS::S3::BucketPolicy').map((resource) => {
    const { Bucket, PolicyDocument } = propertiesOf(resource, resourcePolicySchema);
    return { resourceArn: arnOf('AWS::S3::Bucket', Bucket ?? ''), document: PolicyDocument };
  });
  return [...queues, ...buckets];
}
