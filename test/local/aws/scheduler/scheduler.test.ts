import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FunctionInvocation } from '../../../../local/aws/embedded-aws.ts';
import { ACCOUNT, NOON_MS, REGION, roleArn, TestAws, trustsScheduler } from '../support.ts';

const MINUTE_MS = 60_000;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:sweep`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:start`;
const ROLE = roleArn('fires');

let local: TestAws;
let scheduler: SchedulerClient;
let sqs: SQSClient;
let queueUrl = '';
let invoked: FunctionInvocation[] = [];
let failures = 0;

function startSchedules(): void {
  local.aws.startSchedules({
    async invokeFunction(invocation) {
      invoked.push(invocation);
      failures -= 1;
      if (failures >= 0) throw new Error('the function failed');
    },
  });
}

function allow(...statements: readonly object[]): void {
  local.role('fires', statements, trustsScheduler('sync'));
}

const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION };
const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };

beforeEach(async () => {
  local = await new TestAws().start();
  ({ scheduler, sqs } = local.clients());
  invoked = [];
  failures = 0;
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'sync' }));
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'start' }))).QueueUrl ?? '';
  allow(invoke, send);
});
afterEach(() => local.remove());

function schedule(
  more: Partial<CreateScheduleCommandInput> = {},
  target: object = {},
): CreateScheduleCommandInput {
  return {
    Name: 'job_1',
    GroupName: 'sync',
    ScheduleExpression: 'cron(0/5 * * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: FUNCTION,
      RoleArn: ROLE,
      Input: '{"a":1}',
      RetryPolicy: { MaximumRetryAttempts: 0 },
      ...target,
    },
    ...more,
  };
}

const create = (...parts: Parameters<typeof schedule>) =>
  scheduler.send(new CreateScheduleCommand(schedule(...parts)));

/** Moves the clock and lets everything that is due happen. */
async function pass(ms: number): Promise<void> {
  local.clock.advance(ms);
  startSchedules();
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function messages(): Promise<readonly (string | undefined)[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body);
}

describe('Scheduler', () => {
  it('fires at its times and not before', async () => {
    await create();
    await pass(5 * MINUTE_MS - 1);
    expect(invoked).toHaveLength(0);
    await pass(1);
    expect(invoked).toEqual([
      {
        functionArn: FUNCTION,
        payload: '{"a":1}',
        scheduleArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/sync/job_1`,
      },
    ]);
    await pass(5 * MINUTE_MS);
    expect(invoked).toHaveLength(2);
  });

  it('sends the message that a universal target describes, as the role of the schedule', async () => {
    await create(
      { ScheduleExpression: 'at(2026-03-01T12:01:00)' },
      {
        Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
        Input: JSON.stringify({
          QueueUrl: queueUrl,
          MessageBody: 'due <aws.scheduler.scheduled-time>',
          MessageGroupId: 'env_1',
        }),
      },
    );
    await pass(MINUTE_MS);
    expect(await messages()).toEqual(['due 2026-03-01T12:01:00Z']);
  });

  it('sends its input to a queue', async () => {
    await create({ ScheduleExpression: 'at(2026-03-01T12:01:00)' }, { Arn: QUEUE, Input: 'start' });
    await pass(MINUTE_MS);
    expect(await messages()).toEqual(['start']);
  });

  it('does nothing that the role of the schedule may not do', async () => {
    allow();
    await create({ ScheduleExpression: 'at(2026-03-01T12:01:00)' });
    await create({ Name: 'job_2', ScheduleExpression: 'at(2026-03-01T12:01:00)' }, { Arn: QUEUE });
    await pass(MINUTE_MS);
    expect(invoked).toEqual([]);
    expect(local.denials.map(({ action, resource }) => `${action} on ${resource}`)).toEqual([
      `lambda:InvokeFunction on ${FUNCTION}`,
      `sqs:SendMessage on ${QUEUE}`,
    ]);
  });

  it('tries again as its policy says and then gives up', async () => {
    failures = 9;
    await create(
      { ScheduleExpression: 'at(2026-03-01T12:01:00)' },
      { RetryPolicy: { MaximumRetryAttempts: 2 } },
    );
    await pass(MINUTE_MS);
    expect(invoked).toHaveLength(1);
    await pass(1_000);
    expect(invoked).toHaveLength(2);
    await pass(2_000);
    expect(invoked).toHaveLength(3);
    expect(local.faults).toEqual([
      `schedule arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/sync/job_1 gave up on its target`,
    ]);
    await pass(60 * MINUTE_MS);
    expect(invoked).toHaveLength(3);
  });

  it('gives up on an event that is too old, and buries it', async () => {
    failures = 9;
    await create(
      { ScheduleExpression: 'at(2026-03-01T12:00:00)' },
      {
        Input: 'late',
        RetryPolicy: { MaximumRetryAttempts: 100, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: QUEUE },
      },
    );
    await pass(61_000);
    expect(invoked).toHaveLength(1);
    expect(await messages()).toEqual(['late']);
  });

  it('fires once for all the times it missed', async () => {
    await create();
    await pass(0);
    await local.stop();
    local.clock.advance(62 * MINUTE_MS);
    await local.start();
    allow(invoke);
    await pass(0);
    expect(invoked).toHaveLength(1);
    await pass(3 * MINUTE_MS);
    expect(invoked).toHaveLength(2);
  });

  it('retries after a restart what it had not brought to its end', async () => {
    failures = 1;
    await create(
      { ScheduleExpression: 'at(2026-03-01T12:01:00)' },
      { RetryPolicy: { MaximumRetryAttempts: 5 } },
    );
    await pass(MINUTE_MS);
    expect(invoked).toHaveLength(1);
    await local.stop();
    await local.start();
    allow(invoke);
    await pass(1_000);
    expect(invoked).toHaveLength(2);
    await pass(60 * MINUTE_MS);
    expect(invoked).toHaveLength(2);
  });

  it('fires within a flexible window', async () => {
    await create({
      ScheduleExpression: 'at(2026-03-01T12:01:00)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
    });
    await pass(11 * MINUTE_MS);
    await pass(0);
    await pass(10 * MINUTE_MS);
    expect(invoked).toHaveLength(1);
  });

  it('is silent while disabled, before its start and after its end', async () => {
    await create({ State: 'DISABLED' });
    await create({ Name: 'later', StartDate: new Date(NOON_MS + 60 * MINUTE_MS) });
    await create({ Name: 'over', EndDate: new Date(NOON_MS + MINUTE_MS) });
    await pass(10 * MINUTE_MS);
    expect(invoked).toHaveLength(0);
    await pass(50 * MINUTE_MS);
    expect(invoked.map(({ scheduleArn }) => scheduleArn.split('/').at(-1))).toEqual(['later']);
  });

  it('deletes a completed schedule where that is asked', async () => {
    await create({
      ScheduleExpression: 'at(2026-03-01T12:01:00)',
      ActionAfterCompletion: 'DELETE',
    });
    await pass(MINUTE_MS);
    await expect(
      scheduler.send(new GetScheduleCommand({ Name: 'job_1', GroupName: 'sync' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(invoked).toHaveLength(1);
  });

  it('counts a changed timing from the change', async () => {
    await create();
    await pass(4 * MINUTE_MS);
    await scheduler.send(
      new UpdateScheduleCommand(schedule({ ScheduleExpression: 'cron(1 * * * ? *)' })),
    );
    await pass(10 * MINUTE_MS);
    expect(invoked).toHaveLength(0);
    await pass(47 * MINUTE_MS);
    expect(invoked).toHaveLength(1);
  });

  it('stops with its schedule', async () => {
    await create();
    await scheduler.send(new DeleteScheduleCommand({ Name: 'job_1', GroupName: 'sync' }));
    await pass(60 * MINUTE_MS);
    expect(invoked).toHaveLength(0);
  });

  it('answers a repeated create as the first, and refuses another one', async () => {
    await create({ ClientToken: 'token-1' });
    await create({ ClientToken: 'token-1' });
    await expect(create({ ClientToken: 'token-2' })).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  it('describes and lists what there is', async () => {
    await create({ Description: 'hourly' });
    await create({ Name: 'other', State: 'DISABLED' });
    const described = await scheduler.send(
      new GetScheduleCommand({ Name: 'job_1', GroupName: 'sync' }),
    );
    expect(described).toMatchObject({
      Description: 'hourly',
      State: 'ENABLED',
      CreationDate: new Date(NOON_MS),
      Target: { Arn: FUNCTION },
    });
    const names = async (filter: object) =>
      (await scheduler.send(new ListSchedulesCommand(filter))).Schedules?.map(({ Name }) => Name);
    expect(await names({ GroupName: 'sync' })).toEqual(['job_1', 'other']);
    expect(await names({ NamePrefix: 'jo' })).toEqual(['job_1']);
    expect(await names({ State: 'DISABLED' })).toEqual(['other']);
  });

  it('deletes a group with its schedules', async () => {
    await create();
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'sync' }));
    expect((await scheduler.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    expect(
      (await scheduler.send(new ListScheduleGroupsCommand({}))).ScheduleGroups?.map(
        ({ Name }) => Name,
      ),
    ).toEqual(['default']);
    await expect(create()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses what it could never fire', async () => {
    await expect(create({ ScheduleExpression: 'cron(0 8 * * *)' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(
      create({}, { Arn: 'arn:aws:sns:eu-central-1:123456789012:topic' }),
    ).rejects.toThrow('The local scheduler has no target');
    await expect(
      create({}, { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', Input: '{}' }),
    ).rejects.toThrow('no valid request of sqs:sendMessage');
    await expect(create({ Name: 'a b' })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
