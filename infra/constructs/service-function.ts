/**
 * One of our Lambda functions, with nothing shared: its own role with one inline policy, its own
 * log group with a retention, and the bundle that the tests ran.
 *
 * The runtime's own START, END and REPORT lines are kept out of the logs; tracing is off, because
 * segments would carry URLs with query values.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../functions.ts';

export interface ServiceFunctionProps {
  /** Folder under functions/ and under the bundles: `webhook-deliver`. */
  readonly functionName: FunctionName;
  /** What it does, for whoever meets it in the console. */
  readonly description: string;
  /** Folder that holds one folder per function: `dist/functions`. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  /** All that it may do, besides writing its own log. */
  readonly permissions: readonly PolicyStatement[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly logRetentionDays: number;
  /**
   * Lambda stops a function that feeds its own queue after 16 rounds, unless told that the loop
   * is meant. Ours is bounded by the run's own budget.
   */
  readonly feedsItself?: boolean;
}

export class ServiceFunction extends Construct {
  readonly functionName: FunctionName;
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    this.functionName = props.functionName;

    const logs = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const mayLog = new PolicyStatement({
      sid: 'WriteOwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
    this.role = new Role(this, 'Role', {
      description: `Least privilege of ${props.functionName}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Work: new PolicyDocument({ statements: [mayLog, ...props.permissions] }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(`${props.bundles}/${props.functionName}`),
      role: this.role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel[props.logLevel],
      environment: { ...props.environment },
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      ...(props.feedsItself && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
  }
}
