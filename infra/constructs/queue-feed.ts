/** Feeds a function from its queue: failures are reported one by one, concurrency is bounded. */
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface QueueFeedProps {
  readonly source: WorkQueue;
  readonly worker: ServiceFunction;
  /** Messages one invocation gets at most. */
  readonly batchSize: number;
  /** Invocations at the same time at most. */
  readonly maxConcurrency: number;
}

export class QueueFeed extends Construct {
  constructor(scope: Construct, id: string, props: QueueFeedProps) {
    super(scope, id);
    new CfnEventSourceMapping(this, 'Mapping', {
      eventSourceArn: props.source.queue.queueArn,
      functionName: props.worker.function.functionName,
      batchSize: props.batchSize,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: props.maxConcurrency },
    });
  }
}
