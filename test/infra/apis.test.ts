import { template } from './template.ts';

describe('the streaming API', () => {
  const methods = () => template().ofType('AWS::ApiGateway::Method');

  it('streams every answer', () => {
    expect(methods()).toHaveLength(6);
    for (const { Properties } of methods()) {
      expect(Properties['Integration'].ResponseTransferMode).toBe('STREAM');
      expect(JSON.stringify(Properties['Integration'].Uri)).toContain(
        '/response-streaming-invocations',
      );
    }
  });

  it('waits exactly as long as the function behind may run', () => {
    const functions = ['proxy-api', 'unified-api', 'sync-stream'].map((name) =>
      template().lambda(name),
    );
    for (const { Properties } of methods()) {
      const { Uri, TimeoutInMillis } = Properties['Integration'];
      const behind = functions.find(({ id }) => JSON.stringify(Uri).includes(`"${id}"`));

      expect(TimeoutInMillis / 1_000).toBe(behind?.Properties['Timeout']);
    }
  });

  it('sends calls on records to unified-api, whatever the method', () => {
    const { id } = template().lambda('unified-api');
    const records = methods().filter(({ Properties }) =>
      JSON.stringify(Properties['Integration'].Uri).includes(`"${id}"`),
    );

    expect(records.map(({ Properties }) => Properties['HttpMethod'])).toEqual(
      Array.from({ length: 4 }, () => 'ANY'),
    );
  });

  it('passes bodies on as the bytes that were sent', () => {
    const [api] = template().ofType('AWS::ApiGateway::RestApi');

    expect(api!.Properties['BinaryMediaTypes']).toEqual(['*/*']);
  });

  it('logs no execution, which would hold headers and queries', () => {
    const [stage] = template().ofType('AWS::ApiGateway::Stage');

    expect(stage!.Properties['MethodSettings']).toEqual([
      expect.objectContaining({
        DataTraceEnabled: false,
        LoggingLevel: 'OFF',
        ThrottlingRateLimit: 1_000,
        ThrottlingBurstLimit: 2_000,
      }),
    ]);
    expect(stage!.Properties['TracingEnabled']).toBe(false);
  });
});

describe('the control plane', () => {
  it('sends what calls providers to account-check and all else to control-api', () => {
    const integrations = template().ofType('AWS::ApiGatewayV2::Integration');
    const targets = template()
      .ofType('AWS::ApiGatewayV2::Route')
      .map(({ Properties }) => {
        const integrationId = Properties['Target']['Fn::Join'][1][1].Ref;
        const integration = integrations.find(({ id }) => id === integrationId)!;
        return [Properties['RouteKey'], integration.Properties['IntegrationUri']['Fn::GetAtt'][0]];
      });

    expect(Object.fromEntries(targets)).toEqual({
      $default: template().lambda('control-api').id,
      'POST /v1/integrated-accounts/{id}/verify': template().lambda('account-check').id,
      'POST /v1/integrated-accounts/{id}/refresh': template().lambda('account-check').id,
      'DELETE /v1/integrated-accounts/{id}': template().lambda('account-check').id,
      'GET /v1/integrated-accounts/{id}/capabilities': template().lambda('account-check').id,
    });
  });

  it('throttles', () => {
    const [stage] = template().ofType('AWS::ApiGatewayV2::Stage');

    expect(stage!.Properties['DefaultRouteSettings']).toEqual({
      ThrottlingRateLimit: 200,
      ThrottlingBurstLimit: 400,
    });
  });

  it('answers before API Gateway gives up after 30 seconds', () => {
    for (const name of ['control-api', 'account-check']) {
      expect(template().lambda(name).Properties['Timeout']).toBeLessThan(30);
    }
  });
});

describe('access logs', () => {
  it('name routes, never paths, queries, headers or addresses', () => {
    const formats = [
      ...template()
        .ofType('AWS::ApiGateway::Stage')
        .map(({ Properties }) => Properties['AccessLogSetting']),
      ...template()
        .ofType('AWS::ApiGatewayV2::Stage')
        .map(({ Properties }) => Properties['AccessLogSettings']),
    ].map(({ Format }) => String(Format));

    expect(formats).toHaveLength(2);
    for (const format of formats) {
      const variables = format
        .match(/\$context\.[\w.]+/g)!
        .map((name) => name.slice('$context.'.length));
      const harmless =
        /^(requestId|requestTime|httpMethod|routeKey|resourcePath|status|responseLength|responseLatency|error\.responseType)$/;
      for (const variable of variables) expect(variable).toMatch(harmless);
    }
  });
});

describe('outputs', () => {
  it('tells where the APIs and tables are', () => {
    expect(template().outputs).toEqual(['ApiUrl', 'StreamUrl', 'MainTable', 'KeysTable', 'KekArn']);
  });
});

describe('sweepers', () => {
  it('run every minute, and are not repeated when they fail', () => {
    const schedules = template().ofType('AWS::Scheduler::Schedule');

    expect(schedules.map(({ Properties }) => Properties['Target'].Arn['Fn::GetAtt'][0])).toEqual([
      template().lambda('sync-sweep').id,
      template().lambda('claim-sweep').id,
    ]);
    for (const { Properties } of schedules) {
      expect(Properties['ScheduleExpression']).toBe('rate(1 minute)');
      expect(Properties['FlexibleTimeWindow']).toEqual({ Mode: 'OFF' });
      expect(Properties['Target'].RetryPolicy.MaximumRetryAttempts).toBe(0);
    }
  });
});
