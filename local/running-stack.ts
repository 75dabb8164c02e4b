/** A provisioned stack brought to life: its functions, routes, event sources and schedules. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '#shared/kernel/clock.ts';
import type { AwsCredentials } from './aws/embedded-aws.ts';
import type { Endpoint } from './endpoint.ts';
import { startEventSources } from './event-sources.ts';
import { startTicker } from './events/ticker.ts';
import { routesOf } from './http/template-routes.ts';
import { startHttpFront } from './http-front.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import type { LogFile } from './lambda/log-file.ts';
import { createLambdaHost, functionNameOf, type LambdaHost } from './lambda-host.ts';
import { resourcePoliciesOf, rolesOf } from './provision/roles.ts';
import type { Stack } from './provision/stack.ts';

export interface RunningStackOptions {
  readonly stack: Stack;
  readonly functions: readonly FunctionDefinition[];
  readonly endpoint: Endpoint;
  /** `ALLOW_LOOPBACK_TARGETS`, `CATALOGUE_FILE`. */
  readonly extras: Readonly<Record<string, string>>;
  readonly log: LogFile;
  /** Where V8 may keep compiled bundles. */
  readonly compileCacheDir?: string;
  readonly clock: Clock;
  /** 0: any free one. */
  readonly port: number;
  readonly onFault: (what: string, error?: unknown) => void;
}

export interface RunningStack {
  readonly url: string;
  readonly host: LambdaHost;
  /** Takes nothing new; what runs has `graceMs` to end, and is then cut off. */
  stop(graceMs: number): Promise<void>;
}

/** @throws TemplateError */
export async function startStack(options: RunningStackOptions): Promise<RunningStack> {
  const { stack, endpoint, clock, onFault } = options;
  const credentials = registerPolicies(options);
  const host = createLambdaHost({
    functions: options.functions,
    log: options.log,
    ...(options.compileCacheDir !== undefined && { compileCacheDir: options.compileCacheDir }),
    surroundingsOf: (definition) => {
      const own = credentials.get(definition.roleArn);
      return {
        region: endpoint.region,
        endpointVariables: endpoint.variables,
        extras: options.extras,
        ...(own && { credentials: own }),
      };
    },
  });
  const front = await startHttpFront({
    routes: routesOf(stack),
    host,
    accountId: stack.accountId,
    clock,
    log: options.log,
    port: options.port,
  });
  const roleOf = new Map(options.functions.map(({ name, roleArn }) => [name, roleArn]));
  const sources = startEventSources({
    stack,
    host,
    clock,
    onFault,
    sqsFor: (functionId) =>
      sqsClient(endpoint, credentials.get(roleOf.get(functionNameOf(functionId)) ?? '')),
  });
  endpoint.startSchedules(async ({ functionArn, payload }) => {
    await host.invoke(functionArn, payload);
  });
  const stopTicker = endpoint.invokesFunctions
    ? () => undefined
    : startTicker({ stack, invoke: host.invoke });
  return {
    url: front.url,
    host,
    async stop(graceMs) {
      stopTicker();
      const drained = sources.stop();
      await Promise.all([front.close(graceMs), withGrace(drained, graceMs)]);
      await host.close();
      await drained;
    },
  };
}

/** Waits for `work`, but no longer than `graceMs`. */
async function withGrace(work: Promise<void>, graceMs: number): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, graceMs);
  await Promise.race([work, over]);
  // A timer left running would hold the process back.
  clearTimeout(timer);
}

/** From here on every role may do what the template lets it, and nothing else. */
function registerPolicies({ stack, endpoint }: RunningStackOptions) {
  const credentials = new Map<string, AwsCredentials>();
  for (const role of rolesOf(stack)) {
    const own = endpoint.registerRole(role);
    if (own) credentials.set(role.arn, own);
  }
  for (const policy of resourcePoliciesOf(stack)) endpoint.registerResourcePolicy(policy);
  return credentials;
}

/** A poller reads with the role of the function that it feeds, as Lambda does. */
function sqsClient(endpoint: Endpoint, credentials: AwsCredentials | undefined): SQSClient {
  return new SQSClient({ ...endpoint.admin, ...(credentials && { credentials }) });
}
