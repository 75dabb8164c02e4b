/** A schedule as the API takes it. */
import * as z from 'zod';

const MAX_RETRIES = 185;
const DAY_SECONDS = 86_400;
const MAX_WINDOW_MINUTES = 1_440;

export const nameSchema = z.string().regex(/^[0-9a-zA-Z._-]{1,64}$/);

const targetSchema = z.object({
  Arn: z.string().startsWith('arn:'),
  RoleArn: z.string().startsWith('arn:'),
  Input: z.string().optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.int().min(0).max(MAX_RETRIES).default(MAX_RETRIES),
      MaximumEventAgeInSeconds: z.int().min(60).max(DAY_SECONDS).default(DAY_SECONDS),
    })
    .default({ MaximumRetryAttempts: MAX_RETRIES, MaximumEventAgeInSeconds: DAY_SECONDS }),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});

export const scheduleSchema = z.object({
  GroupName: nameSchema.default('default'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.int().min(1).max(MAX_WINDOW_MINUTES).optional(),
  }),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  /** Seconds since the epoch. */
  StartDate: z.number().optional(),
  EndDate: z.number().optional(),
  Description: z.string().optional(),
  KmsKeyArn: z.string().optional(),
  ClientToken: z.string().optional(),
  Target: targetSchema,
});

export type ScheduleDefinition = z.output<typeof scheduleSchema>;
export type Target = z.output<typeof targetSchema>;

export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly definition: ScheduleDefinition;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** When its timing was set: nothing earlier is due, and rates count from here. */
  readonly anchorMs: number;
  /** The instant it was last due, however late it fired. */
  readonly lastDueAtMs: number | undefined;
}

/** One firing on its way to the target, kept until it got there or was given up. */
export interface Firing {
  readonly executionId: string;
  readonly scheduleArn: string;
  readonly group: string;
  readonly target: Target;
  readonly dueAtMs: number;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
}
