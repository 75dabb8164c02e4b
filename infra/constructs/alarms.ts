/**
 * What a person is told about. One runbook page per kind of alarm; the table of them is this file.
 *
 * Metrics of AWS itself only: they cost nothing and cannot leak. What a provider does wrong is
 * told to the API's callers, not to whoever is on call here.
 */
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { ControlPlaneApi } from './control-plane-api.ts';
import { ImpactAlarm, METRIC_PERIOD } from './impact-alarm.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceFunctions } from './service-functions.ts';
import type { Storage } from './storage.ts';
import type { StreamingApi } from './streaming-api.ts';
import type { WorkQueue } from './work-queue.ts';
import type { WorkQueues } from './work-queues.ts';

export interface AlarmsProps {
  readonly alarmEmail: string | undefined;
  readonly storage: Storage;
  readonly queues: WorkQueues;
  readonly functions: ServiceFunctions;
  readonly controlPlane: ControlPlaneApi;
  readonly streaming: StreamingApi;
}

const period = METRIC_PERIOD;
const SUM = 'Sum';

export class Alarms extends Construct {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#topic = props.alarmEmail
      ? this.#mailTo(props.alarmEmail, props.storage.queueKey)
      : undefined;

    this.#queue(
      'Step',
      props.queues.step,
      'Sync runs go on only as often as the sweeper wakes them.',
    );
    this.#queue('Start', props.queues.start, 'Scheduled syncs do not start.');
    this.#queue(
      'Delivery',
      props.queues.delivery,
      'Account and test events do not reach subscribers.',
    );
    for (const each of props.functions.all) this.#function(each);
    this.#sweeper(props.functions.named('sync-sweep'), 'Parked and crashed sync runs stand still.');
    this.#sweeper(
      props.functions.named('claim-sweep'),
      'Encrypted claims stay in the bucket for up to a day instead of an hour.',
    );
    this.#loop(props.functions.named('sync-step'));
    this.#answers(props.controlPlane, props.streaming);
    this.#table(props.storage);
  }

  #queue(id: string, { queue, deadLetters }: WorkQueue, impact: string): void {
    new ImpactAlarm(this, `${id}DeadLetters`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period }),
      impact,
      runbook: 'dead-letters',
      threshold: 1,
      topic: this.#topic,
    });
    new ImpactAlarm(this, `${id}Backlog`, {
      metric: queue.metricApproximateAgeOfOldestMessage({ period }),
      impact: `${impact.replace(/\.$/, '')} in time: work waits for minutes.`,
      runbook: 'queue-backlog',
      // Seconds. A delay of SQS, the longest wait that is meant, is 900.
      threshold: 1_200,
      periods: 5,
      topic: this.#topic,
    });
  }

  #function({ function: lambda, functionName }: ServiceFunction): void {
    new ImpactAlarm(this, `${lambda.node.scope?.node.id}Errors`, {
      metric: lambda.metricErrors({ period }),
      impact: `${functionName} crashes: what it was asked is not done or is done again later.`,
      runbook: 'function-errors',
      threshold: 5,
      periods: 5,
      topic: this.#topic,
    });
    new ImpactAlarm(this, `${lambda.node.scope?.node.id}Throttles`, {
      metric: lambda.metricThrottles({ period }),
      impact: `${functionName} is refused by Lambda: calls fail or wait.`,
      runbook: 'function-throttles',
      threshold: 1,
      periods: 5,
      topic: this.#topic,
    });
  }

  #sweeper({ function: lambda }: ServiceFunction, impact: string): void {
    new ImpactAlarm(this, `${lambda.node.scope?.node.id}Silent`, {
      metric: lambda.metricInvocations({ period }),
      impact,
      runbook: 'sweeper-silent',
      threshold: 1,
      periods: 5,
      whenSilent: true,
      topic: this.#topic,
    });
  }

  #loop({ function: lambda }: ServiceFunction): void {
    new ImpactAlarm(this, 'StepLoopStopped', {
      metric: lambda.metric('RecursiveInvocationsDropped', { period, statistic: SUM }),
      impact: 'Lambda takes our stepping for a runaway loop: long syncs crawl from sweep to sweep.',
      runbook: 'step-loop-stopped',
      threshold: 1,
      topic: this.#topic,
    });
  }

  #answers({ api }: ControlPlaneApi, streaming: StreamingApi): void {
    const alarm = (id: string, metric: Metric, impact: string) =>
      new ImpactAlarm(this, id, {
        metric,
        impact,
        runbook: 'api-errors',
        threshold: 5,
        periods: 3,
        topic: this.#topic,
      });
    alarm(
      'ControlPlaneErrors',
      api.metricServerError({ period, statistic: SUM }),
      'Operators get 5xx answers from the control plane.',
    );
    alarm(
      'StreamingErrors',
      streaming.api.metricServerError({ period, statistic: SUM }),
      'Operators get 5xx answers from proxy calls, calls on records and sync streams.',
    );
  }

  #table({ main }: Storage): void {
    for (const metricName of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      new ImpactAlarm(this, `Main${metricName}`, {
        metric: new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: main.tableName },
          period,
          statistic: SUM,
        }),
        impact: 'Reads or writes of state are refused: calls and syncs slow down, then fail.',
        runbook: 'table-throttles',
        threshold: 1,
        periods: 5,
        topic: this.#topic,
      });
    }
  }

  #mailTo(address: string, key: IKey): ITopic {
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(address));
    key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
    return topic;
  }
}
