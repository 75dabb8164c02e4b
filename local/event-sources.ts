/** The template's event source mappings, each played by a poller. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { type Poller, type QueueFeed, startQueuePoller } from './events/queue-poller.ts';
import type { LambdaHost } from './lambda-host.ts';
import { propertiesOf, resourcesOf, type Stack } from './provision/stack.ts';
import { TemplateError } from './template/template-error.ts';

const mappingSchema = z.strictObject({
  BatchSize: z.number().int().positive().default(10),
  Enabled: z.boolean().default(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).default(0),
  ScalingConfig: z
    .strictObject({ MaximumConcurrency: z.number().int().min(2) })
    .default({ MaximumConcurrency: 5 }),
  Tags: z.unknown().optional(),
});

export interface EventSourcesOptions {
  readonly stack: Stack;
  /** A client with the credentials of the function's role. */
  readonly sqsFor: (functionId: string) => SQSClient;
  readonly host: Pick<LambdaHost, 'invoke' | 'capacityOf'>;
  readonly clock: Clock;
  readonly onFault: (what: string, error: unknown) => void;
}

/** @throws TemplateError for a source that is not a queue of the template */
export function startEventSources(options: EventSourcesOptions): Poller {
  const pollers = feedsOf(options.stack).map((feed) =>
    startQueuePoller({
      // Messages taken beyond what can run would wait while their visibility timeout runs.
      feed: {
        ...feed,
        maxConcurrency: Math.min(feed.maxConcurrency, options.host.capacityOf(feed.functionId)),
      },
      sqs: options.sqsFor(feed.functionId),
      invoke: options.host.invoke,
      clock: options.clock,
      onFault: options.onFault,
    }),
  );
  return {
    async stop() {
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
}

export function feedsOf(stack: Stack): readonly QueueFeed[] {
  return resourcesOf(stack, 'AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const mapping = propertiesOf(resource, mappingSchema);
    const queue = resourcesOf(stack, 'AWS::SQS::Queue').find(
      ({ attributes }) => attributes['Arn'] === mapping.EventSourceArn,
    );
    if (!queue) {
      throw new TemplateError('an event source is not a queue of the template', {
        logicalId: resource.logicalId,
      });
    }
    if (!mapping.Enabled) return [];
    return [
      {
        queueUrl: queue.ref,
        queueArn: mapping.EventSourceArn,
        functionId: mapping.FunctionName,
        region: stack.region,
        batchSize: mapping.BatchSize,
        windowSeconds: mapping.MaximumBatchingWindowInSeconds,
        maxConcurrency: mapping.ScalingConfig.MaximumConcurrency,
        reportsPartialFailures: mapping.FunctionResponseTypes.length > 0,
      },
    ];
  });
}
