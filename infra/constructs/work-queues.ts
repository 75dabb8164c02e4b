/** The three queues. None ever holds a record of a provider's; what they hold is said below. */
import { Duration } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { WorkQueue } from './work-queue.ts';

/** A try that fails is repeated by the sweeper anyway, so giving up early loses nothing. */
const HINT_RECEIVES = 3;
const DELIVERY_RECEIVES = 5;

export class WorkQueues extends Construct {
  /** Hints that a run can go on: ids. */
  readonly step: WorkQueue;
  /** Schedules that came due: ids. */
  readonly start: WorkQueue;
  /** Tickets for events in the claims bucket. A ticket carries the key to its claim, so when it is gone, so is the event. */
  readonly delivery: WorkQueue;

  constructor(scope: Construct, id: string, encryptionKey: Key, settings: Settings) {
    super(scope, id);
    const deadLetterRetention = Duration.hours(settings.deadLetterRetentionHours);
    const workerTimeout = Duration.seconds(settings.workerTimeoutSeconds);
    this.step = new WorkQueue(this, 'Step', {
      encryptionKey,
      retention: Duration.hours(settings.stepRetentionHours),
      deadLetterRetention,
      workTimeout: Duration.seconds(settings.stepTimeoutSeconds),
      maxReceives: HINT_RECEIVES,
    });
    this.start = new WorkQueue(this, 'Start', {
      encryptionKey,
      retention: Duration.hours(settings.startRetentionHours),
      deadLetterRetention,
      workTimeout: workerTimeout,
      maxReceives: HINT_RECEIVES,
    });
    // Fixed, not settings: these two hours are the promise in docs/retention.md.
    this.delivery = new WorkQueue(this, 'Delivery', {
      encryptionKey,
      retention: Duration.hours(1),
      deadLetterRetention: Duration.hours(2),
      workTimeout: workerTimeout,
      maxReceives: DELIVERY_RECEIVES,
    });
  }
}
