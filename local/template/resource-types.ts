/**
 * What the local runtime does with each type of resource. A type that is in neither list is
 * refused: a template must not seem to work here because part of it was silently left out.
 */

/** Created on the endpoint, or played by the runtime itself. */
export const INTERPRETED_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
]);

/** Left out, each for its reason. */
export const HARMLESS_TYPES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'the role with which API Gateway logs; the front writes its own log',
  'AWS::ApiGateway::Deployment': 'a snapshot of the API; the front always serves the template',
  'AWS::ApiGateway::GatewayResponse': 'words of the gateway’s own errors',
  'AWS::ApiGateway::RequestValidator': 'no request model is attached to it',
  'AWS::CDK::Metadata': 'usage statistics of the CDK',
  'AWS::CloudWatch::Alarm': 'nothing measures here',
  'AWS::CloudWatch::AnomalyDetector': 'nothing measures here',
  'AWS::CloudWatch::CompositeAlarm': 'nothing measures here',
  'AWS::CloudWatch::Dashboard': 'a view on metrics that nobody collects here',
  'AWS::CodeDeploy::Application': 'there is one version here, so nothing is shifted',
  'AWS::CodeDeploy::DeploymentGroup': 'there is one version here, so nothing is shifted',
  'AWS::Lambda::EventInvokeConfig': 'schedules retry as their own policy says',
  'AWS::Lambda::Permission': 'the runtime is the only one that can invoke',
  'AWS::Logs::LogStream': 'one log file holds all',
  'AWS::Logs::MetricFilter': 'nothing measures here',
  'AWS::Logs::QueryDefinition': 'a saved question to a console that is not here',
  'AWS::Logs::ResourcePolicy': 'log groups are played by one file',
  'AWS::SNS::Subscription': 'alarms do not ring here',
  'AWS::SNS::TopicPolicy': 'alarms do not ring here',
  'AWS::WAFv2::LoggingConfiguration': 'loopback needs no firewall',
  'AWS::WAFv2::WebACL': 'loopback needs no firewall',
  'AWS::WAFv2::WebACLAssociation': 'loopback needs no firewall',
};
