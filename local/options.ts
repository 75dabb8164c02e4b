/** The command line of the headless runtime. */
import { parseArgs } from 'node:util';
import type { RuntimeOptions } from './up.ts';

export const USAGE = `
  npm run --silent local -- [--port N] [--data-dir DIR] [--json] [--sandbox]
    [--allow-loopback-targets] [--integrations DIR]… [--set NAME=VALUE]… [--assembly DIR]`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface MainOptions extends RuntimeOptions {
  readonly json: boolean;
  readonly sandbox: boolean;
}

const DEFAULT_PORT = '4100';
const DEFAULT_DATA_DIR = '.millrace';

/** @throws UsageError */
export function parseOptions(args: readonly string[]): MainOptions {
  const values = parse(args);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('--port takes a port number');
  }
  return {
    port,
    dataDir: values['data-dir'],
    json: values.json,
    sandbox: values.sandbox,
    allowLoopbackTargets: values['allow-loopback-targets'],
    integrations: values.integrations,
    settings: Object.fromEntries(values.set.map(setting)),
    ...(values.assembly === undefined ? {} : { assembly: values.assembly }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        assembly: { type: 'string' },
        'allow-loopback-targets': { type: 'boolean', default: false },
        'data-dir': { type: 'string', default: DEFAULT_DATA_DIR },
        integrations: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        port: { type: 'string', default: DEFAULT_PORT },
        sandbox: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function setting(text: string): readonly [string, string] {
  const separator = text.indexOf('=');
  if (separator < 1) throw new UsageError('--set takes NAME=VALUE');
  return [text.slice(0, separator), text.slice(separator + 1)];
}
