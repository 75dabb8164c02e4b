/** The routes of the template's REST and HTTP APIs. */
import * as z from 'zod';
import {
  propertiesOf,
  resourceByRef,
  resourcesOf,
  type Stack,
  type StackResource,
} from '../provision/stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { compilePath } from './path-pattern.ts';
import { type Route, sortRoutes } from './route.ts';

const ignored = z.unknown().optional();
const accessLog = z.object({ Format: z.string() }).optional();

const restApiSchema = z.strictObject({
  BinaryMediaTypes: z.array(z.literal('*/*')).default([]),
  Description: ignored,
  DisableExecuteApiEndpoint: ignored,
  EndpointConfiguration: ignored,
  Name: ignored,
  Tags: ignored,
});
const resourceSchema = z.object({ ParentId: z.string(), PathPart: z.string() });
const methodSchema = z.strictObject({
  ApiKeyRequired: z.literal(false).optional(),
  AuthorizationType: z.literal('NONE'),
  HttpMethod: z.string(),
  Integration: z.strictObject({
    IntegrationHttpMethod: z.literal('POST'),
    ResponseTransferMode: z.enum(['STREAM', 'BUFFERED']).default('BUFFERED'),
    TimeoutInMillis: z.number().default(29_000),
    Type: z.literal('AWS_PROXY'),
    Uri: z.string(),
  }),
  ResourceId: z.string(),
  RestApiId: z.string(),
});
const stageSchema = z.object({
  ApiId: z.string().optional(),
  RestApiId: z.string().optional(),
  StageName: z.string(),
  AccessLogSetting: accessLog,
  AccessLogSettings: accessLog,
});
const httpApiSchema = z.strictObject({
  Description: ignored,
  DisableExecuteApiEndpoint: ignored,
  Name: ignored,
  ProtocolType: z.literal('HTTP'),
  Tags: ignored,
});
const routeSchema = z.strictObject({
  ApiId: z.string(),
  AuthorizationType: z.literal('NONE').optional(),
  RouteKey: z.string(),
  Target: z.string(),
});
const integrationSchema = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().max(30_000).default(30_000),
});

/** @throws TemplateError for what the front does not play, such as authorizers and mocks */
export function routesOf(stack: Stack): readonly Route[] {
  for (const api of resourcesOf(stack, 'AWS::ApiGatewayV2::Api')) propertiesOf(api, httpApiSchema);
  return sortRoutes([
    ...resourcesOf(stack, 'AWS::ApiGateway::Method').map((method) => restRoute(stack, method)),
    ...resourcesOf(stack, 'AWS::ApiGatewayV2::Route').map((route) => httpRoute(stack, route)),
  ]);
}

function restRoute(stack: Stack, resource: StackResource): Route {
  const method = propertiesOf(resource, methodSchema);
  const api = propertiesOf(
    resourceByRef(stack, 'AWS::ApiGateway::RestApi', method.RestApiId),
    restApiSchema,
  );
  const path = resourcePath(stack, method.ResourceId);
  return {
    api: 'rest',
    method: method.HttpMethod,
    pattern: compilePath(path),
    key: path,
    functionId: functionOfUri(resource, method.Integration.Uri),
    timeoutMs: method.Integration.TimeoutInMillis,
    isStreaming: method.Integration.ResponseTransferMode === 'STREAM',
    apiId: method.RestApiId,
    ...stageOf(stack, 'AWS::ApiGateway::Stage', method.RestApiId),
    isBinary: api.BinaryMediaTypes.length > 0,
  };
}

function httpRoute(stack: Stack, resource: StackResource): Route {
  const route = propertiesOf(resource, routeSchema);
  const integrationId = route.Target.replace(/^integrations\//, '');
  const integration = propertiesOf(
    resourceByRef(stack, 'AWS::ApiGatewayV2::Integration', integrationId),
    integrationSchema,
  );
  const [method = 'ANY', path = '/{proxy+}'] =
    route.RouteKey === '$default' ? [] : route.RouteKey.split(' ');
  return {
    api: 'http',
    method,
    pattern: route.RouteKey === '$default' ? EVERY_PATH : compilePath(path),
    key: route.RouteKey,
    functionId: integration.IntegrationUri,
    timeoutMs: integration.TimeoutInMillis,
    isStreaming: false,
    apiId: route.ApiId,
    ...stageOf(stack, 'AWS::ApiGatewayV2::Stage', route.ApiId),
    isBinary: false,
  };
}

/** After every other route; has no path variables. */
const EVERY_PATH = { rank: '9', match: () => ({}) };

function resourcePath(stack: Stack, resourceId: string): string {
  const found = resourcesOf(stack, 'AWS::ApiGateway::Resource').find(
    ({ ref }) => ref === resourceId,
  );
  // What is not a resource is the root.
  if (!found) return '';
  const { ParentId, PathPart } = propertiesOf(found, resourceSchema);
  return `${resourcePath(stack, ParentId)}/${PathPart}`;
}

function stageOf(stack: Stack, type: string, apiId: string) {
  const stages = resourcesOf(stack, type).map((stage) => propertiesOf(stage, stageSchema));
  const stage = stages.find(({ ApiId, RestApiId }) => (ApiId ?? RestApiId) === apiId);
  const format = (stage?.AccessLogSetting ?? stage?.AccessLogSettings)?.Format;
  return {
    stage: stage?.StageName ?? '$default',
    ...(format !== undefined && { accessLogFormat: format }),
  };
}

/** `arn:…:lambda:path/2021-11-15/functions/<ARN>/response-streaming-invocations` → `<ARN>`. */
function functionOfUri(resource: StackResource, uri: string): string {
  const arn = /\/functions\/(arn:[^/]+)\//.exec(uri)?.[1];
  if (arn !== undefined) return arn;
  throw new TemplateError('a method is not integrated with a function', {
    logicalId: resource.logicalId,
  });
}
