/**
 * Where customers' cron schedules live, and the role under which they fire: all it may do is put
 * a message on the start queue. Control-api makes one schedule per sync job in the group.
 */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { onQueues } from '../permissions.ts';
import { schedulerPrincipal } from './schedule-principal.ts';

export class SyncSchedules extends Construct {
  readonly group: ScheduleGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, startQueue: Queue, queueKey: Key) {
    super(scope, id);
    this.group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, 'Role', {
      description: 'Fires sync schedules: may send to the start queue',
      assumedBy: schedulerPrincipal(this.group),
      inlinePolicies: {
        Work: new PolicyDocument({ statements: onQueues(queueKey, [startQueue]) }),
      },
    });
  }

  /** Making, changing and deleting schedules of this group that fire under this role. */
  permissions(): PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'Schedules',
        actions: [
          'scheduler:CreateSchedule',
          'scheduler:DeleteSchedule',
          'scheduler:GetSchedule',
          'scheduler:UpdateSchedule',
        ],
        resources: [
          Stack.of(this).formatArn({
            service: 'scheduler',
            resource: 'schedule',
            resourceName: `${this.group.scheduleGroupName}/*`,
          }),
        ],
      }),
      new PolicyStatement({
        sid: 'PassScheduleRole',
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    ];
  }
}
