/** Tiny functions for the local runtime's tests: a bundle is a folder with an index.js. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSurroundings } from '../../../local/lambda/environment.ts';
import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';
import { type LogFile, openLogFile } from '../../../local/lambda/log-file.ts';
import { createLambdaHost, type LambdaHost } from '../../../local/lambda-host.ts';

export interface FixtureFunction extends Partial<Omit<FunctionDefinition, 'name' | 'codeDir'>> {
  readonly name: string;
  /** CommonJS source of index.js. */
  readonly code: string;
}

export interface FixtureHost {
  readonly host: LambdaHost;
  readonly folder: string;
  readonly log: LogFile;
  logged(): string;
  close(): Promise<void>;
}

export function startFixtureHost(
  functions: readonly FixtureFunction[],
  surroundings: Partial<FunctionSurroundings> = {},
): FixtureHost {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-host-'));
  const log = openLogFile(join(folder, 'functions.log'));
  const host = createLambdaHost({
    functions: functions.map((fixture) => defineFixture(folder, fixture)),
    surroundingsOf: () => ({
      region: 'eu-test-1',
      endpointVariables: {},
      extras: {},
      ...surroundings,
    }),
    log,
  });
  return {
    host,
    folder,
    log,
    logged: () => readFileSync(log.path, 'utf8'),
    async close() {
      await host.close();
      log.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function writeBundle(folder: string, name: string, code: string): string {
  const codeDir = join(folder, name);
  mkdirSync(codeDir, { recursive: true });
  writeFileSync(join(codeDir, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(codeDir, 'index.js'), code);
  return codeDir;
}

function defineFixture(folder: string, { code, ...fixture }: FixtureFunction): FunctionDefinition {
  return {
    logicalId: fixture.name,
    arn: `arn:aws:lambda:eu-test-1:000000000000:function:${fixture.name}`,
    roleArn: 'arn:aws:iam::000000000000:role/test',
    codeDir: writeBundle(folder, fixture.name, code),
    handler: 'index.handler',
    environment: {},
    timeoutMs: 5_000,
    memoryMb: 128,
    logging: { format: 'JSON', applicationLevel: 'INFO', groupName: '/test' },
    ...fixture,
  };
}
