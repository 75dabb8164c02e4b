/**
 * Which Millrace the CLI talks to: flags, then environment, then the local runtime's own files.
 *
 * Errors  {@link UsageError} where none of them says
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../authoring/usage-error.ts';
import { createMillraceClient, type MillraceClient } from '../client/millrace-client.ts';

export interface ConnectionFlags {
  readonly url?: string;
  readonly key?: string;
  readonly dataDir?: string;
}

export const DEFAULT_DATA_DIR = '.millrace';
const CONNECTION_FILE = 'connection.json';

export interface Connection {
  readonly url: string;
  readonly apiKey: string;
}

export function connect(flags: ConnectionFlags): MillraceClient {
  return createMillraceClient(resolveConnection(flags, process.env));
}

export function connectionFile(dataDir: string): string {
  return join(dataDir, CONNECTION_FILE);
}

export function resolveConnection(
  flags: ConnectionFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Connection {
  const local = readLocal(flags.dataDir ?? DEFAULT_DATA_DIR);
  const url = flags.url ?? environment['MILLRACE_URL'] ?? local?.url;
  const apiKey = flags.key ?? environment['MILLRACE_API_KEY'] ?? local?.apiKey;
  if (url === undefined || apiKey === undefined) {
    throw new UsageError(
      'no Millrace to talk to: start one with `npm start`, or set MILLRACE_URL and MILLRACE_API_KEY',
    );
  }
  return { url: url.replace(/\/+$/, ''), apiKey };
}

function readLocal(dataDir: string): Connection | undefined {
  try {
    return JSON.parse(readFileSync(connectionFile(dataDir), 'utf8'));
  } catch {
    // No local runtime has run here: the flags or the environment must say.
    return undefined;
  }
}
