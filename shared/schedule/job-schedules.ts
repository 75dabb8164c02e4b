/**
 * One EventBridge schedule per sync job with a cron: it puts the job's start message on the start
 * queue, in the message group of the environment, so that one environment's rush hour does not
 * hold up another's.
 *
 * Repeat  put and delete may be called again: the schedule is then as the last call says
 * Source  https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type FlexibleTimeWindow,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { EnvironmentId, JobId } from '../kernel/id.ts';
import { invariant } from '../kernel/invariant.ts';
import { awsCronOf } from './cron.ts';

export interface JobSchedule {
  readonly jobId: JobId;
  readonly environmentId: EnvironmentId;
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
}

export interface JobSchedules {
  put(schedule: JobSchedule): Promise<void>;
  delete(job: Pick<JobSchedule, 'jobId' | 'environmentId'>): Promise<void>;
}

interface JobScheduleSettings {
  readonly client: SchedulerClient;
  readonly group: string;
  /** The role under which schedules fire. */
  readonly roleArn: string;
  readonly startQueueArn: string;
  /** Spreads jobs that share an hour; 0: on the minute. */
  readonly windowMinutes: number;
}

const SEND_MESSAGE = 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage';
/** A start that is minutes late is worth less than the next one. */
const RETRY = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 } as const;

export function createJobSchedules(settings: JobScheduleSettings): JobSchedules {
  const { client, group } = settings;
  return {
    async put(schedule) {
      const input = scheduleInput(settings, schedule);
      try {
        await client.send(new CreateScheduleCommand(input));
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error;
        await client.send(new UpdateScheduleCommand(input));
      }
    },
    async delete(job) {
      try {
        await client.send(new DeleteScheduleCommand({ GroupName: group, Name: nameOf(job) }));
      } catch (error) {
        // It never was, or a first try has deleted it.
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}

function scheduleInput(
  { group, roleArn, startQueueArn, windowMinutes }: JobScheduleSettings,
  schedule: JobSchedule,
): CreateScheduleCommandInput {
  const { jobId, environmentId } = schedule;
  return {
    GroupName: group,
    Name: nameOf(schedule),
    ScheduleExpression: awsCronOf(schedule.cron),
    ScheduleExpressionTimezone: schedule.timezone,
    FlexibleTimeWindow: flexibleWindow(windowMinutes),
    Target: {
      Arn: SEND_MESSAGE,
      RoleArn: roleArn,
      RetryPolicy: RETRY,
      Input: JSON.stringify({
        QueueUrl: queueUrlOf(startQueueArn),
        MessageGroupId: environmentId,
        MessageBody: JSON.stringify({ v: 1, job_id: jobId, environment_id: environmentId }),
      }),
    },
  };
}

function flexibleWindow(minutes: number): FlexibleTimeWindow {
  return minutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes };
}

/** At most 64 characters: two ids of 30 and a dot. */
function nameOf({ environmentId, jobId }: Pick<JobSchedule, 'jobId' | 'environmentId'>): string {
  return `${environmentId}.${jobId}`;
}

/** `arn:aws:sqs:eu-central-1:123456789012:start` as the URL that SendMessage names a queue by. */
function queueUrlOf(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  invariant(region && account && name, 'a queue ARN names region, account and queue');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${suffix}/${account}/${name}`;
}
