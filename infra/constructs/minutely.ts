/** Functions that run once a minute: the sweepers, on which all progress rests in the end. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { schedulerPrincipal } from './schedule-principal.ts';
import type { ServiceFunction } from './service-function.ts';

/** The next minute's run does the work of one that failed; a late one is of no use. */
const RETRY_POLICY = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };

export class Minutely extends Construct {
  constructor(scope: Construct, id: string, workers: readonly ServiceFunction[]) {
    super(scope, id);
    const group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', {
      description: 'Runs the sweepers',
      assumedBy: schedulerPrincipal(group),
      inlinePolicies: {
        Work: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'Invoke',
              actions: ['lambda:InvokeFunction'],
              resources: workers.map((worker) => worker.function.functionArn),
            }),
          ],
        }),
      },
    });
    for (const worker of workers) {
      new CfnSchedule(this, worker.functionName, {
        description: `Runs ${worker.functionName} every minute`,
        groupName: group.scheduleGroupName,
        scheduleExpression: 'rate(1 minute)',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: worker.function.functionArn,
          roleArn: role.roleArn,
          input: '{}',
          retryPolicy: RETRY_POLICY,
        },
      });
    }
  }
}
