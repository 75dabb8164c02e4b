/** EventBridge Scheduler: groups, and the template's own schedules. */
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import type { Creator } from './creator.ts';
import { type PlannedResource, propertiesOf } from './stack.ts';

const groupSchema = z.strictObject({
  Name: z.string().optional(),
  Tags: z.unknown().optional(),
});

const scheduleSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  GroupName: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  FlexibleTimeWindow: z.strictObject({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.number().optional(),
  }),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.number().optional(),
        MaximumRetryAttempts: z.number().optional(),
      })
      .optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  }),
});

export type ScheduleProperties = z.output<typeof scheduleSchema>;

/** @throws TemplateError */
export function schedulePropertiesOf(resource: PlannedResource): ScheduleProperties {
  return propertiesOf(resource, scheduleSchema);
}

export const createScheduleGroup: Creator = async (resource, context) => {
  const name =
    propertiesOf(resource, groupSchema).Name ??
    context.identity.physicalName(resource.logicalId, 64);
  try {
    await context.clients.scheduler.send(new CreateScheduleGroupCommand({ Name: name }));
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
  const arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule-group/${name}`;
  return { ref: name, attributes: { Arn: arn } };
};

export const createSchedule: Creator = async (resource, context) => {
  const properties = schedulePropertiesOf(resource);
  const name = properties.Name ?? context.identity.physicalName(resource.logicalId, 64);
  const group = properties.GroupName ?? 'default';
  const arn = `arn:aws:scheduler:${context.region}:${context.accountId}:schedule/${group}/${name}`;
  if (context.endpointInvokesFunctions || !isFunctionArn(properties.Target.Arn)) {
    const input = scheduleInput(name, properties);
    try {
      await context.clients.scheduler.send(new CreateScheduleCommand(input));
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
      await context.clients.scheduler.send(new UpdateScheduleCommand(input));
    }
  }
  return { ref: name, attributes: { Arn: arn } };
};

export function isFunctionArn(arn: string): boolean {
  return /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/.test(arn);
}

function scheduleInput(name: string, properties: ScheduleProperties): CreateScheduleCommandInput {
  const { Arn, RoleArn, Input, RetryPolicy, DeadLetterConfig } = properties.Target;
  return {
    Name: name,
    ...(properties.GroupName !== undefined && { GroupName: properties.GroupName }),
    ...(properties.Description !== undefined && { Description: properties.Description }),
    ScheduleExpression: properties.ScheduleExpression,
    ...(properties.ScheduleExpressionTimezone !== undefined && {
      ScheduleExpressionTimezone: properties.ScheduleExpressionTimezone,
    }),
    State: properties.State ?? 'ENABLED',
    FlexibleTimeWindow: {
      Mode: properties.FlexibleTimeWindow.Mode,
      ...(properties.FlexibleTimeWindow.MaximumWindowInMinutes !== undefined && {
        MaximumWindowInMinutes: properties.FlexibleTimeWindow.MaximumWindowInMinutes,
      }),
    },
    Target: {
      Arn,
      RoleArn,
      ...(Input !== undefined && { Input }),
      ...(RetryPolicy && { RetryPolicy: withoutUndefined(RetryPolicy) }),
      ...(DeadLetterConfig?.Arn !== undefined && {
        DeadLetterConfig: { Arn: DeadLetterConfig.Arn },
      }),
    },
  };
}

function withoutUndefined(policy: NonNullable<ScheduleProperties['Target']['RetryPolicy']>) {
  return {
    ...(policy.MaximumEventAgeInSeconds !== undefined && {
      MaximumEventAgeInSeconds: policy.MaximumEventAgeInSeconds,
    }),
    ...(policy.MaximumRetryAttempts !== undefined && {
      MaximumRetryAttempts: policy.MaximumRetryAttempts,
    }),
  };
}
