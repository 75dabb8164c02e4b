/**
 * What `cdk` and the local runtime run: the stack, judged by every rule pack.
 *
 * `CDK_VALIDATION=false` leaves the judging out, as the local runtime and unit tests do: they use
 * the template that `npm run synth` judges.
 */
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { createApp } from './create-app.ts';
import { SettingsError } from './settings.ts';

function main(environment: NodeJS.ProcessEnv): void {
  const bundles =
    environment['MILLRACE_BUNDLES'] ?? join(import.meta.dirname, '..', 'dist', 'functions');
  const { app } = createApp({ bundles });
  if (environment['CDK_VALIDATION'] !== 'false') {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(), new ServerlessChecks());
  }
  app.synth();
}

try {
  main(process.env);
} catch (error) {
  // The operator's to put right: the message says all, a stack would say less.
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
