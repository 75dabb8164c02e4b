/**
 * Where AWS is: embedded in this process, or wherever the standard variables say.
 *
 * With any `AWS_ENDPOINT_URL…` set, the runtime provisions there with the credentials it finds,
 * hands the same variables to the functions, and leaves IAM to that place.
 */
import type { AwsCredentials, FunctionInvocation, RoleDefinition } from './aws/embedded-aws.ts';
import type { AwsAccess } from './provision/clients.ts';
import type { ResourcePolicy } from './provision/roles.ts';

export interface Endpoint {
  readonly region: string;
  readonly accountId: string;
  /** For the runtime itself: no policy stands in its way. */
  readonly admin: AwsAccess;
  /** Whether the endpoint runs functions by its own schedules. */
  readonly invokesFunctions: boolean;
  /** What a function's environment needs to find the endpoint. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on the role may do this and nothing else. */
  registerRole(role: RoleDefinition): AwsCredentials | undefined;
  registerResourcePolicy(policy: ResourcePolicy): void;
  startSchedules(invokeFunction: (invocation: FunctionInvocation) => Promise<void>): void;
  stop(): Promise<void>;
}

export interface EndpointOptions {
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Problems that no function's log would show. */
  readonly onFault: (what: string, error?: unknown) => void;
}

const ACCOUNT_ID = '000000000000';
const DEFAULT_REGION = 'us-east-1';

export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { environment } = options;
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? DEFAULT_REGION;
  const isElsewhere = Object.keys(environment).some((name) => name.startsWith('AWS_ENDPOINT_URL'));
  return isElsewhere ? elsewhere(region, environment) : await embedded(region, options);
}

async function embedded(region: string, { dataDir, onFault }: EndpointOptions): Promise<Endpoint> {
  // Loaded on demand: with an endpoint elsewhere none of it is needed.
  const { startEmbeddedAws } = await import('./aws/embedded-aws.ts');
  const aws = await startEmbeddedAws({
    dataDir,
    region,
    accountId: ACCOUNT_ID,
    onDenied: ({ message }) => onFault(message),
    onFault,
  });
  return {
    region,
    accountId: ACCOUNT_ID,
    admin: { region, endpoint: aws.endpoint, credentials: aws.admin },
    invokesFunctions: true,
    variables: { AWS_ENDPOINT_URL: aws.endpoint },
    registerRole: (role) => aws.registerRole(role),
    registerResourcePolicy: ({ resourceArn, document }) =>
      aws.registerResourcePolicy(resourceArn, document),
    startSchedules: (invokeFunction) => aws.startSchedules({ invokeFunction }),
    stop: () => aws.stop(),
  };
}

function elsewhere(region: string, environment: EndpointOptions['environment']): Endpoint {
  const variables = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      // HOME, because that is where profiles lie.
      value !== undefined && (name.startsWith('AWS_') || name === 'HOME') ? [[name, value]] : [],
    ),
  );
  return {
    region,
    accountId: ACCOUNT_ID,
    // The SDK finds the endpoint and the credentials in the same variables by itself.
    admin: { region },
    invokesFunctions: false,
    variables,
    registerRole: () => undefined,
    registerResourcePolicy: () => undefined,
    startSchedules: () => undefined,
    stop: () => Promise.resolve(),
  };
}
