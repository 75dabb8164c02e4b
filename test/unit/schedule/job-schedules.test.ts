import {
  ConflictException,
  CreateScheduleCommand,
  type DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  type UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { brandId } from '#shared/kernel/id.ts';
import { createJobSchedules } from '#shared/schedule/job-schedules.ts';

const JOB = { jobId: brandId<'job'>('job_1'), environmentId: brandId<'env'>('env_1') };
const NIGHTLY = { ...JOB, cron: '0 2 * * *', timezone: 'Europe/Berlin' };
const failure = { $metadata: {}, message: 'x', Message: 'x' };

type Sent = CreateScheduleCommand | UpdateScheduleCommand | DeleteScheduleCommand;

/** A client that notes what it is asked, and answers as told. */
function aClient(answer: (command: Sent) => unknown = () => ({})) {
  const sent: Sent[] = [];
  class Client extends SchedulerClient {
    override async send(command: never): Promise<never> {
      sent.push(command);
      return answer(command) as never;
    }
  }
  return { client: new Client({ region: 'eu-central-1' }), sent };
}

function schedules(client: SchedulerClient, change = {}) {
  return createJobSchedules({
    client,
    group: 'sync',
    roleArn: 'arn:aws:iam::1:role/fire',
    startQueueArn: 'arn:aws:sqs:eu-central-1:123456789012:start',
    windowMinutes: 0,
    ...change,
  });
}

describe('createJobSchedules', () => {
  it('sends the start message to the start queue, in the group of the environment', async () => {
    const { client, sent } = aClient();

    await schedules(client).put(NIGHTLY);

    expect(sent.map(({ input }) => input)).toEqual([
      {
        GroupName: 'sync',
        Name: 'env_1.job_1',
        ScheduleExpression: 'cron(0 2 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
          RoleArn: 'arn:aws:iam::1:role/fire',
          RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
          Input:
            '{"QueueUrl":"https://sqs.eu-central-1.amazonaws.com/123456789012/start",' +
            '"MessageGroupId":"env_1",' +
            '"MessageBody":"{\\"v\\":1,\\"job_id\\":\\"job_1\\",\\"environment_id\\":\\"env_1\\"}"}',
        },
      },
    ]);
  });

  it('changes the schedule where there is one', async () => {
    const { client, sent } = aClient((command) => {
      if (command instanceof CreateScheduleCommand) throw new ConflictException(failure);
    });

    await schedules(client).put(NIGHTLY);

    expect(sent.map((command) => command.constructor.name)).toEqual([
      'CreateScheduleCommand',
      'UpdateScheduleCommand',
    ]);
  });

  it('spreads starts over a window where it is told to', async () => {
    const { client, sent } = aClient();

    await schedules(client, { windowMinutes: 10 }).put(NIGHTLY);

    expect(sent[0]?.input).toMatchObject({
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
    });
  });

  it('takes a schedule that is gone for deleted', async () => {
    const { client } = aClient(() => {
      throw new ResourceNotFoundException(failure);
    });

    await expect(schedules(client).delete(JOB)).resolves.toBeUndefined();
  });

  it('lets other errors through', async () => {
    const { client } = aClient(() => {
      throw new Error('no');
    });

    await expect(schedules(client).delete(JOB)).rejects.toThrow('no');
    await expect(schedules(client).put(NIGHTLY)).rejects.toThrow('no');
  });
});
