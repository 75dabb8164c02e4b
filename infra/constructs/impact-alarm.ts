/**
 * An alarm that says what a person suffers when it rings, and where to read what to do.
 *
 * `impact` is required on purpose: an alarm whose harm nobody can name should not wake anybody.
 */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface ImpactAlarmProps {
  readonly metric: IMetric;
  /** What operators or their customers notice, as a sentence. */
  readonly impact: string;
  /** Page under docs/runbook, without its ending. */
  readonly runbook: string;
  /** Rings at or above this; for `whenSilent`, below it. */
  readonly threshold: number;
  /** Periods in a row that must breach. */
  readonly periods?: number;
  /** The thing watched must do something: silence rings too. */
  readonly whenSilent?: boolean;
  readonly topic: ITopic | undefined;
}

/** The finest grain that standard metrics of AWS have. */
export const METRIC_PERIOD = Duration.minutes(1);

export class ImpactAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    super(scope, id, {
      alarmDescription: `${props.impact} Runbook: docs/runbook/${props.runbook}.md`,
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.periods ?? 1,
      comparisonOperator: props.whenSilent
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: props.whenSilent
        ? TreatMissingData.BREACHING
        : TreatMissingData.NOT_BREACHING,
    });
    if (props.topic) this.addAlarmAction(new SnsAction(props.topic));
  }
}
