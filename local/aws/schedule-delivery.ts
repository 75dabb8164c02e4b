/**
 * Carrying out what schedules fire, as the role that each schedule names: the role must trust the
 * scheduler and must allow the call.
 */

import { AwsError, type AwsRequest } from './aws-message.ts';
import type { Caller, GuardedServices } from './guarded-services.ts';
import type { AwsPlace } from './iam/access-need.ts';
import type { Authorizer } from './iam/authorizer.ts';
import type { Delivery } from './scheduler/clockwork.ts';
import { SCHEDULER_SERVICE } from './scheduler/scheduler-access.ts';
import { callOf, type SendMessageInput } from './scheduler/target.ts';

/** What a schedule wants done that the embedded AWS cannot do itself. */
export interface ScheduleTargets {
  /** Runs the function to its end; a rejection is retried as the schedule's policy says. */
  invokeFunction(invocation: FunctionInvocation): Promise<void>;
}

export interface FunctionInvocation {
  readonly functionArn: string;
  /** The JSON text that becomes the function's event. */
  readonly payload: string;
  readonly scheduleArn: string;
}

/** @throws AwsError ValidationException where the role does not trust the scheduler for this group */
export function assertAssumable(
  authorizer: Authorizer,
  place: AwsPlace,
  roleArn: string,
  group: string,
): void {
  const context = new Map([
    ['aws:sourceaccount', [place.accountId]],
    [
      'aws:sourcearn',
      [`arn:aws:scheduler:${place.region}:${place.accountId}:schedule-group/${group}`],
    ],
  ]);
  if (authorizer.mayAssume(roleArn, SCHEDULER_SERVICE, context)) return;
  throw new AwsError(
    'ValidationException',
    `The execution role ${roleArn} must allow AWS EventBridge Scheduler to assume the role.`,
  );
}

export function createDelivery(
  services: GuardedServices,
  authorizer: Authorizer,
  place: AwsPlace,
  targets: ScheduleTargets,
): Delivery {
  const send = async (caller: Caller, request: object): Promise<void> => {
    const response = await services.perform(caller, 'sqs', sendMessage(request));
    if (response.status >= 400)
      throw new AwsError('TargetRefused', String(response.body), response.status);
  };
  return {
    async deliver(firing) {
      const { RoleArn } = firing.target;
      assertAssumable(authorizer, place, RoleArn, firing.group);
      const caller: Caller = { kind: 'role', arn: RoleArn };
      const call = callOf(firing);
      if (call.kind === 'send_message_to_url') return await send(caller, call.request);
      if (call.kind === 'send_message')
        return await send(caller, toQueue(call.queueArn, call.request));
      services.assertAllowed(caller, [
        { action: 'lambda:InvokeFunction', resource: call.functionArn },
      ]);
      return await targets.invokeFunction({
        functionArn: call.functionArn,
        payload: call.payload,
        scheduleArn: firing.scheduleArn,
      });
    },
    async bury(firing) {
      const queueArn = firing.target.DeadLetterConfig?.Arn;
      if (queueArn === undefined) return;
      const body: SendMessageInput = { MessageBody: firing.target.Input ?? '{}' };
      await send({ kind: 'role', arn: firing.target.RoleArn }, toQueue(queueArn, body));
    },
  };
}

function toQueue(queueArn: string, request: SendMessageInput): object {
  const [name, account] = queueArn.split(':').reverse();
  return { ...request, QueueUrl: `http://sqs/${account}/${name}` };
}

function sendMessage(request: object): AwsRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: Buffer.from(JSON.stringify(request)),
    signal: new AbortController().signal,
  };
}
