/**
 * What a firing does: which call it makes on its target, and as whom.
 *
 * Targets  arn:aws:scheduler:::aws-sdk:sqs:sendMessage   the input is SendMessage's request
 *          a queue's ARN                                 the input is the message's body
 *          a function's ARN                              the input is the function's event
 */
import * as z from 'zod';
import { isoTime } from '#shared/kernel/clock.ts';
import { AwsError } from '../aws-message.ts';
import type { Firing, Target } from './schedule.ts';

export type TargetCall =
  | { readonly kind: 'send_message'; readonly queueArn: string; readonly request: SendMessageInput }
  | {
      readonly kind: 'send_message_to_url';
      readonly request: SendMessageInput & { readonly QueueUrl: string };
    }
  | { readonly kind: 'invoke_function'; readonly functionArn: string; readonly payload: string };

export interface SendMessageInput {
  readonly MessageBody: string;
  readonly MessageGroupId?: string | undefined;
}

const SEND_MESSAGE = 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage';

const sendMessageSchema = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string().min(1),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
  DelaySeconds: z.int().optional(),
});

/** @throws AwsError ValidationException for a target that the local scheduler cannot reach */
export function assertReachable(target: Target): void {
  if (target.Arn === SEND_MESSAGE) {
    parseSendMessage(target.Input ?? '');
  } else if (!isQueue(target.Arn) && !isFunction(target.Arn)) {
    throw new AwsError('ValidationException', `The local scheduler has no target ${target.Arn}.`);
  }
}

export function callOf(firing: Firing): TargetCall {
  const { target } = firing;
  const input = fillIn(target.Input ?? '{}', firing);
  if (target.Arn === SEND_MESSAGE)
    return { kind: 'send_message_to_url', request: parseSendMessage(input) };
  if (isFunction(target.Arn))
    return { kind: 'invoke_function', functionArn: target.Arn, payload: input };
  return {
    kind: 'send_message',
    queueArn: target.Arn,
    request: { MessageBody: input, MessageGroupId: target.SqsParameters?.MessageGroupId },
  };
}

/** Scheduler's context attributes, replaced in the input's text. */
function fillIn(input: string, firing: Firing): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', firing.scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', isoTime(firing.dueAtMs).replace('.000Z', 'Z'))
    .replaceAll('<aws.scheduler.execution-id>', firing.executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(firing.attempts + 1));
}

function parseSendMessage(input: string): z.output<typeof sendMessageSchema> {
  try {
    return sendMessageSchema.parse(JSON.parse(input));
  } catch {
    throw new AwsError(
      'ValidationException',
      'The target input is no valid request of sqs:sendMessage.',
    );
  }
}

function isQueue(arn: string): boolean {
  return arn.startsWith('arn:aws:sqs:');
}

function isFunction(arn: string): boolean {
  return /^arn:aws:lambda:[^:]+:\d+:function:[\w-]+(:[\w$-]+)?$/.test(arn);
}
