import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../authoring/usage-error.ts';
import { connectionFile, resolveConnection } from '../../../cli/connection.ts';

function dataDirWith(connection: unknown): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  writeFileSync(connectionFile(dataDir), JSON.stringify(connection));
  return dataDir;
}

describe('resolveConnection', () => {
  it('finds the local runtime where nothing else is said', () => {
    const dataDir = dataDirWith({ url: 'http://127.0.0.1:4100', apiKey: 'mr_local' });

    expect(resolveConnection({ dataDir }, {})).toEqual({
      url: 'http://127.0.0.1:4100',
      apiKey: 'mr_local',
    });
  });

  it('takes a flag before the environment, and the environment before the local runtime', () => {
    const dataDir = dataDirWith({ url: 'http://127.0.0.1:4100', apiKey: 'mr_local' });
    const environment = { MILLRACE_URL: 'https://api.example/', MILLRACE_API_KEY: 'mr_env' };

    expect(resolveConnection({ dataDir, key: 'mr_flag' }, environment)).toEqual({
      url: 'https://api.example',
      apiKey: 'mr_flag',
    });
  });

  it('says how to start one where there is none', () => {
    expect(() => resolveConnection({ dataDir: '/nowhere' }, {})).toThrow(UsageError);
  });
});
