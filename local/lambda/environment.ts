/**
 * The environment variables of one function: the template's, those that Lambda reserves, those
 * that lead the SDK to the endpoint, and what the local runtime adds. Nothing of the runtime's own
 * environment: a variable that the template forgot must be missing here too.
 *
 * Source  https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import type { AwsCredentials } from '../aws/embedded-aws.ts';
import type { FunctionDefinition } from './function-definition.ts';

export interface FunctionSurroundings {
  readonly region: string;
  /** Variables that lead to the endpoint: `AWS_ENDPOINT_URL`, or whatever the user set. */
  readonly endpointVariables: Readonly<Record<string, string>>;
  /** The credentials of the function's own role; absent where the endpoint has its own rules. */
  readonly credentials?: AwsCredentials;
  /** `ALLOW_LOOPBACK_TARGETS`, `CATALOGUE_FILE`. */
  readonly extras: Readonly<Record<string, string>>;
}

export function functionEnvironment(
  definition: FunctionDefinition,
  surroundings: FunctionSurroundings,
  logStreamName: string,
): Readonly<Record<string, string>> {
  const { credentials, region } = surroundings;
  return {
    ...definition.environment,
    ...surroundings.extras,
    ...surroundings.endpointVariables,
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }),
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: definition.logging.format,
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logging.groupName,
    AWS_LAMBDA_LOG_LEVEL: definition.logging.applicationLevel,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: definition.codeDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: definition.handler,
  };
}
