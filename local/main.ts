/**
 * The headless local runtime: `npm run --silent local -- --port 0 --data-dir DIR --json`.
 *
 * Prints one line of JSON when it is ready, then runs until SIGTERM or SIGINT.
 *
 * Exit codes  0 stopped · 1 failed · 2 wrong usage
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { parseOptions, USAGE, UsageError } from './options.ts';

// Halves the time that loading takes (1.7 s to 0.9 s of CPU); so what is heavy is imported after it.
enableCompileCache(join(import.meta.dirname, '..', 'dist', 'local', 'compiled'));

const terminated = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
});

try {
  await run();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(`local runtime: ${explain(error)}`);
  if (isUsage) console.error(USAGE);
  process.exitCode = isUsage ? 2 : 1;
}

async function run(): Promise<void> {
  const { json, sandbox: wantsSandbox, ...options } = parseOptions(process.argv.slice(2));
  const { startRuntime } = await import('./up.ts');
  const runtime = await startRuntime({
    ...options,
    ...(!json && { onProgress: (line: string) => console.error(line) }),
  });
  const sandbox = wantsSandbox ? await startSandboxIn(runtime.dataDir) : undefined;
  const ready = {
    ready: true,
    api_url: runtime.apiUrl,
    api_key: runtime.apiKey,
    admin_key: runtime.adminKey,
    sandbox_url: sandbox?.url ?? null,
    log_file: runtime.logFile,
    data_dir: runtime.dataDir,
  };
  console.log(
    json
      ? JSON.stringify(ready)
      : Object.entries(ready)
          .map((e) => e.join(' '))
          .join('\n'),
  );
  // Now, because an end by SIGKILL writes nothing.
  flushCompileCache();
  await terminated;
  await sandbox?.close();
  await runtime.stop();
}

async function startSandboxIn(dataDir: string) {
  const { openSandbox } = await import('./sandbox-option.ts');
  return openSandbox(dataDir);
}

/** Message and what it is about; faults of files each on their line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const detail = 'detail' in error ? ` ${JSON.stringify(error.detail)}` : '';
  const faults = 'faults' in error && Array.isArray(error.faults) ? error.faults : [];
  const lines = faults.map(
    ({ file = '', line = '', path = '', message = '' }) => `\n  ${file}:${line} ${path} ${message}`,
  );
  return `${error.message}${detail === ' {}' ? '' : detail}${lines.join('')}`;
}
