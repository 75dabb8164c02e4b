/**
 * The REST API: answers that flow while they are made, up to 15 minutes and beyond 10 MB. An HTTP
 * API can do neither, and gives up after 30 seconds, which a slow provider may take for one list.
 *
 * Execution logs and traces are off: they would hold headers and query values. Every media type
 * counts as binary, so that bodies reach the function as the bytes that were sent.
 */
import { Duration } from 'aws-cdk-lib';
import {
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { accessLogFormat, accessLogGroup } from './access-log.ts';
import type { ServiceFunction } from './service-function.ts';

export interface StreamingApiProps {
  readonly proxyApi: ServiceFunction;
  readonly unifiedApi: ServiceFunction;
  readonly syncStream: ServiceFunction;
  readonly settings: Settings;
}

const STAGE = 'live';

export class StreamingApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: StreamingApiProps) {
    super(scope, id);
    const { proxyApi, unifiedApi, syncStream, settings } = props;
    this.api = new RestApi(this, 'Api', {
      restApiName: 'millrace-streaming',
      description: 'Millrace: streamed answers',
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: settings.apiGatewayLogRole,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: settings.streamRate,
        throttlingBurstLimit: settings.streamBurst,
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        tracingEnabled: false,
        accessLogDestination: new LogGroupLogDestination(
          accessLogGroup(this, settings.logRetentionDays),
        ),
        accessLogFormat: accessLogFormat('resourcePath'),
      },
    });
    // CDK adds an output of its own; the stack's outputs say it better.
    this.api.node.tryRemoveChild('Endpoint');
    const v1 = this.api.root.addResource('v1');
    stream(
      v1.addResource('proxy').addResource('{proxy+}'),
      'ANY',
      proxyApi,
      settings.proxyTimeoutSeconds,
    );
    const unified = v1.addResource('unified').addResource('{model}').addResource('{resource}');
    for (const records of [v1.addResource('resources').addResource('{resource}'), unified]) {
      // With what it does not support, it says what it does.
      stream(records, 'ANY', unifiedApi, settings.unifiedTimeoutSeconds);
      stream(records.addResource('{id}'), 'ANY', unifiedApi, settings.unifiedTimeoutSeconds);
    }
    const job = v1.addResource('sync-jobs').addResource('{id}');
    stream(job.addResource('stream'), 'POST', syncStream, settings.streamTimeoutSeconds);
  }

  get url(): string {
    return this.api.urlForPath('/');
  }
}

function stream(
  resource: IResource,
  method: string,
  target: ServiceFunction,
  timeoutSeconds: number,
): void {
  const integration = new LambdaIntegration(target.function, {
    responseTransferMode: ResponseTransferMode.STREAM,
    timeout: Duration.seconds(timeoutSeconds),
    allowTestInvoke: false,
  });
  resource.addMethod(method, integration);
}
