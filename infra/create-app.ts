/**
 * The app and its stack, as the CLI, the local runtime and the tests all make it.
 *
 * CDK's behaviour is that of its recommended feature flags, set here and not in cdk.json, so that
 * every way of running it gives the same template.
 */
import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { readSettings } from './settings.ts';
import { MillraceStack } from './stacks/millrace-stack.ts';

export interface CreateAppOptions {
  /** Folder with one folder per function, each holding its bundle. */
  readonly bundles: string;
  /** Settings, under those that the CLI passes. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** @throws SettingsError */
export function createApp({ bundles, context = {} }: CreateAppOptions): {
  app: App;
  stack: MillraceStack;
} {
  const app = new App({ analyticsReporting: false, context: { ...recommendedFlags, ...context } });
  const settings = readSettings(app.node.getAllContext());
  return { app, stack: new MillraceStack(app, 'Millrace', { settings, bundles }) };
}
