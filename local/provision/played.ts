/**
 * Resources that exist in the runtime itself and nowhere on the endpoint: functions, roles, APIs,
 * log groups. They need names and ARNs, because permissions and routes are written with them.
 */
import type { Json } from '#shared/kernel/json.ts';
import type { Creator, CreatorContext } from './creator.ts';
import { roleDefinition } from './roles.ts';
import type { Physical, PlannedResource } from './stack.ts';

type Play = (resource: PlannedResource, context: CreatorContext) => Physical;

const NAME_LIMIT = 64;

const role: Play = (resource, context) => {
  const name = nameOf(resource, context, 'RoleName');
  const physical = {
    ref: name,
    attributes: { Arn: `arn:aws:iam::${context.accountId}:role/${name}`, RoleId: name },
  };
  context.registerRole(roleDefinition({ ...resource, ...physical }));
  return physical;
};

const lambda: Play = (resource, context) => {
  const name = nameOf(resource, context, 'FunctionName');
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`,
    },
  };
};

/** `FunctionName` of versions and aliases is a name or an ARN. */
const qualifiedFunction =
  (qualifierOf: (resource: PlannedResource) => string): Play =>
  (resource, context) => {
    const target = text(resource.properties['FunctionName']);
    const prefix = `arn:aws:lambda:${context.region}:${context.accountId}:function:`;
    const qualifier = qualifierOf(resource);
    const arn = `${target.startsWith('arn:') ? target : prefix + target}:${qualifier}`;
    return { ref: arn, attributes: { Version: qualifier, AliasArn: arn, FunctionArn: arn } };
  };

const logGroup: Play = (resource, context) => {
  const name = nameOf(resource, context, 'LogGroupName');
  const arn = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}:*`;
  return { ref: name, attributes: { Arn: arn } };
};

const restApi: Play = (resource) => ({
  ref: shortId(resource.logicalId),
  attributes: { RootResourceId: 'root', RestApiId: shortId(resource.logicalId) },
});

const httpApi: Play = (resource, context) => {
  const id = shortId(resource.logicalId);
  const endpoint = `https://${id}.execute-api.${context.region}.amazonaws.com`;
  return { ref: id, attributes: { ApiEndpoint: endpoint, ApiId: id } };
};

const topic: Play = (resource, context) => {
  const name = nameOf(resource, context, 'TopicName');
  const arn = `arn:aws:sns:${context.region}:${context.accountId}:${name}`;
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

const named =
  (property: string, fallback: string): Play =>
  (resource) => ({ ref: text(resource.properties[property]) || fallback, attributes: {} });

const byLogicalId: Play = (resource) => ({
  ref: resource.logicalId,
  attributes: { Id: resource.logicalId, ResourceId: resource.logicalId },
});

const PLAYED: Readonly<Record<string, Play>> = {
  'AWS::ApiGateway::Method': byLogicalId,
  'AWS::ApiGateway::Resource': byLogicalId,
  'AWS::ApiGateway::RestApi': restApi,
  'AWS::ApiGateway::Stage': named('StageName', 'prod'),
  'AWS::ApiGatewayV2::Api': httpApi,
  'AWS::ApiGatewayV2::Integration': byLogicalId,
  'AWS::ApiGatewayV2::Route': byLogicalId,
  'AWS::ApiGatewayV2::Stage': named('StageName', '$default'),
  'AWS::IAM::Policy': byLogicalId,
  'AWS::IAM::Role': role,
  'AWS::Lambda::Alias': qualifiedFunction((resource) => text(resource.properties['Name'])),
  'AWS::Lambda::EventSourceMapping': byLogicalId,
  'AWS::Lambda::Function': lambda,
  'AWS::Lambda::Version': qualifiedFunction(() => '1'),
  'AWS::Logs::LogGroup': logGroup,
  'AWS::S3::BucketPolicy': byLogicalId,
  'AWS::SNS::Topic': topic,
  'AWS::SQS::QueuePolicy': byLogicalId,
};

/** A creator for each type that needs nothing from the endpoint. */
export const PLAYED_CREATORS: Readonly<Record<string, Creator>> = Object.fromEntries(
  Object.entries(PLAYED).map(([type, play]): [string, Creator] => [
    type,
    (resource, context) => Promise.resolve(play(resource, context)),
  ]),
);

function nameOf(resource: PlannedResource, context: CreatorContext, property: string): string {
  return (
    text(resource.properties[property]) ||
    context.identity.physicalName(resource.logicalId, NAME_LIMIT)
  );
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Like API Gateway's: ten characters, the same on every start. */
function shortId(logicalId: string): string {
  return logicalId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(-10);
}
