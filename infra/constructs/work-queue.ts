/**
 * A queue with a dead-letter queue behind it: encrypted, TLS only, and kept no longer than said.
 *
 * Both retentions are required, because whoever makes a place that holds bytes must say for how
 * long. SQS counts a dead letter's age from its first enqueue, so `deadLetterRetention` is the
 * worst case for any message, and must exceed `retention`.
 *
 * Standard queues: what one environment sends cannot hold up another's (fair queues, by message
 * group), and messages may be delayed. Order is the database's business.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface WorkQueueProps {
  readonly encryptionKey: IKey;
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
  /** How long one batch may take; a message stays hidden six times as long, as Lambda asks. */
  readonly workTimeout: Duration;
  /** Receives of one message before it is given up. */
  readonly maxReceives: number;
}

const VISIBILITY_FACTOR = 6;

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const secured = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      // One data key an hour and queue: KMS is called per hour, not per message.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...secured,
      retentionPeriod: props.deadLetterRetention,
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      retentionPeriod: props.retention,
      visibilityTimeout: Duration.seconds(props.workTimeout.toSeconds() * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceives },
    });
  }
}
