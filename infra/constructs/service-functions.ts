/** All functions, by name. What each may do and know is in the two tables that this reads. */
import { Construct } from 'constructs';
import { functionEnvironment } from '../function-environment.ts';
import { functionPermissions, type Resources } from '../function-permissions.ts';
import { type FunctionName, functionNames } from '../functions.ts';
import type { Settings } from '../settings.ts';
import { ServiceFunction } from './service-function.ts';

export interface ServiceFunctionsProps {
  readonly bundles: string;
  readonly resources: Resources;
  readonly settings: Settings;
}

interface Shape {
  readonly description: string;
  readonly timeout:
    | 'controlTimeoutSeconds'
    | 'proxyTimeoutSeconds'
    | 'stepTimeoutSeconds'
    | 'streamTimeoutSeconds'
    | 'unifiedTimeoutSeconds'
    | 'workerTimeoutSeconds';
  readonly feedsItself?: boolean;
}

const shapes: Readonly<Record<FunctionName, Shape>> = {
  'control-api': {
    description: 'Answers the control plane',
    timeout: 'controlTimeoutSeconds',
  },
  'proxy-api': {
    description: "Passes one call through to a provider, with the account's credential",
    timeout: 'proxyTimeoutSeconds',
  },
  'unified-api': {
    description: 'Reads and writes records of providers, in their own shape or a unified one',
    timeout: 'unifiedTimeoutSeconds',
  },
  'sync-stream': {
    description: 'Runs one sync and answers with its events as they come',
    timeout: 'streamTimeoutSeconds',
  },
  'account-check': {
    description: 'Verifies an account at its provider, or renews its token',
    timeout: 'controlTimeoutSeconds',
  },
  'sync-start': {
    description: 'Starts the runs of a schedule that came due',
    timeout: 'workerTimeoutSeconds',
  },
  'sync-step': {
    description: 'Takes a run some pages further, then hands over to itself',
    timeout: 'stepTimeoutSeconds',
    feedsItself: true,
  },
  'sync-sweep': {
    description: 'Wakes every run that is due',
    timeout: 'workerTimeoutSeconds',
  },
  'webhook-deliver': {
    description: 'Posts events that belong to no run to their subscribers',
    timeout: 'workerTimeoutSeconds',
    // A try that failed goes back into the queue with a delay.
    feedsItself: true,
  },
  'claim-sweep': {
    description: 'Deletes claims that are past their time',
    timeout: 'workerTimeoutSeconds',
  },
};

export class ServiceFunctions extends Construct {
  readonly all: readonly ServiceFunction[];

  constructor(
    scope: Construct,
    id: string,
    { bundles, resources, settings }: ServiceFunctionsProps,
  ) {
    super(scope, id);
    this.all = functionNames.map((functionName) => {
      const { description, timeout, feedsItself = false } = shapes[functionName];
      return new ServiceFunction(this, pascalCase(functionName), {
        functionName,
        description,
        bundles,
        environment: functionEnvironment(functionName, resources, settings),
        permissions: functionPermissions(functionName, resources),
        timeoutSeconds: settings[timeout],
        memoryMb: settings.functionMemoryMb,
        logLevel: settings.logLevel,
        logRetentionDays: settings.logRetentionDays,
        feedsItself,
      });
    });
  }

  named(name: FunctionName): ServiceFunction {
    const found = this.all.find(({ functionName }) => functionName === name);
    if (!found) throw new Error(`there is no function ${name}`);
    return found;
  }
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
