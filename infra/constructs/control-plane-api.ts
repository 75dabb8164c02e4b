/**
 * The HTTP API: everything answered at once. Three routes have their own function, because they
 * may call providers and control-api does not.
 */
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { accessLogFormat, accessLogGroup } from './access-log.ts';
import type { ServiceFunction } from './service-function.ts';

export interface ControlPlaneApiProps {
  readonly controlApi: ServiceFunction;
  readonly accountCheck: ServiceFunction;
  readonly settings: Settings;
}

export class ControlPlaneApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(
    scope: Construct,
    id: string,
    { controlApi, accountCheck, settings }: ControlPlaneApiProps,
  ) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: 'millrace-control-plane',
      description: 'Millrace: control plane',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('ControlApi', controlApi.function),
    });
    const check = new HttpLambdaIntegration('AccountCheck', accountCheck.function);
    for (const verb of ['verify', 'refresh']) {
      this.api.addRoutes({
        path: `/v1/integrated-accounts/{id}/${verb}`,
        methods: [HttpMethod.POST],
        integration: check,
      });
    }
    this.api.addRoutes({
      path: '/v1/integrated-accounts/{id}/capabilities',
      methods: [HttpMethod.GET],
      integration: check,
    });
    // Deleting an account revokes its grant at the provider.
    this.api.addRoutes({
      path: '/v1/integrated-accounts/{id}',
      methods: [HttpMethod.DELETE],
      integration: check,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.apiRate, burstLimit: settings.apiBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogGroup(this, settings.logRetentionDays)),
        format: accessLogFormat('routeKey'),
      },
    });
  }

  get url(): string {
    return this.api.apiEndpoint;
  }
}
