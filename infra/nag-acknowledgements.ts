/**
 * Findings of cdk-nag that we have read and live with, each with its reason, at the narrowest
 * construct that has them. Whatever is not listed here fails `npm run synth`.
 */
import { type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { CLAIM_OBJECTS } from './permissions.ts';

interface Acknowledgement {
  readonly rule: string;
  /** Construct path below the stack. */
  readonly at: string;
  readonly reason: string;
}

export interface StackFacts {
  /** Logical id of the claims bucket, as findings about its objects spell it. */
  readonly claimsBucketId: string;
  /** Name of the group that customers' schedules are in. */
  readonly scheduleGroup: string;
  /** Alarms are mailed to somebody. */
  readonly sendsMail: boolean;
}

/** Roles that may touch objects of the claims bucket. */
const CLAIM_ROLES = [
  'ControlApi',
  'ProxyApi',
  'UnifiedApi',
  'SyncStream',
  'AccountCheck',
  'SyncStep',
  'WebhookDeliver',
  'ClaimSweep',
];

function acknowledgements(facts: StackFacts): readonly Acknowledgement[] {
  const ownKeys =
    'API keys of ours, not IAM or Cognito: verified by each function, in constant time, before anything else.';
  return [
    {
      rule: 'AwsSolutions::AwsSolutions-S1',
      at: 'Storage/Claims',
      reason:
        'Objects live for minutes under random names, as ciphertext whose key is elsewhere; a log of them would outlive them.',
    },
    ...CLAIM_ROLES.map((role) => ({
      rule: `AwsSolutions::AwsSolutions-IAM5[Resource::<${facts.claimsBucketId}.Arn>/${CLAIM_OBJECTS}]`,
      at: `Functions/${role}/Role`,
      reason:
        'Claims have random facts. The bucket holds nothing else, and each role has only the verbs that it needs.',
    })),
    {
      rule: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${facts.scheduleGroup}/*]`,
      at: 'Functions/ControlApi/Role',
      reason:
        'One schedule per sync job, made at run time, all in one group that holds nothing else.',
    },
    {
      rule: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      at: 'Streaming/Api/CloudWatchRole',
      reason:
        'The policy that API Gateway documents for its one role per account; the setting apiGatewayLogRole leaves it out.',
    },
    { rule: 'AwsSolutions::AwsSolutions-APIG4', at: 'ControlPlane', reason: ownKeys },
    { rule: 'AwsSolutions::AwsSolutions-APIG4', at: 'Streaming', reason: ownKeys },
    { rule: 'AwsSolutions::AwsSolutions-COG4', at: 'Streaming', reason: ownKeys },
    {
      rule: 'AwsSolutions::AwsSolutions-APIG2',
      at: 'Streaming/Api',
      reason:
        "Bodies of proxy calls are the provider's to judge; sync streams are parsed by the function, which lists every fault.",
    },
    {
      rule: 'AwsSolutions::AwsSolutions-APIG3',
      at: 'Streaming/Api',
      reason:
        'WAF inspects no streamed answer and needs rules that only the operator knows; attach one by ARN where wanted.',
    },
    {
      rule: 'AwsSolutions::AwsSolutions-APIG6',
      at: 'Streaming/Api',
      reason:
        "Execution logs hold headers and query values. The access log names route, status and latency, and nothing of anybody's.",
    },
    {
      rule: 'Serverless::Serverless-APIGWXrayEnabled',
      at: 'Streaming/Api',
      reason: 'Segments of X-Ray hold URLs with path and query values.',
    },
    {
      rule: 'Serverless::Serverless-LambdaTracing',
      at: 'Functions',
      reason:
        'Segments of X-Ray hold URLs of providers with path and query values; the boundary log tells the same without them.',
    },
    {
      rule: 'Serverless::Serverless-LambdaDLQ',
      at: 'Functions',
      reason:
        'No function is invoked asynchronously but the sweepers, whose next run does the work of one that failed. Queues have their own dead letters.',
    },
    {
      rule: 'Serverless::Serverless-SQSRedrivePolicy',
      at: 'Queues',
      reason: 'The queues without one are the dead-letter queues.',
    },
    ...['StepFeed', 'StartFeed', 'DeliveryFeed'].map((feed) => ({
      rule: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      at: feed,
      reason: 'SQS sources take no destination on failure; their queue has dead letters.',
    })),
    ...(facts.sendsMail
      ? [
          {
            rule: 'Serverless::Serverless-SNSRedrivePolicy',
            at: 'Alarms/Topic',
            reason:
              'A mail that cannot be delivered has nobody else to go to; the alarm still shows in CloudWatch.',
          },
        ]
      : []),
  ];
}

export function acknowledgeFindings(stack: Stack, facts: StackFacts): void {
  for (const { rule, at, reason } of acknowledgements(facts)) {
    Validations.of(childAt(stack, at)).acknowledge({ id: rule, reason });
  }
}

/** Throws where the path leads nowhere, so that no acknowledgement outlives its construct. */
function childAt(stack: Stack, path: string): IConstruct {
  return path.split('/').reduce<IConstruct>((parent, id) => parent.node.findChild(id), stack);
}
