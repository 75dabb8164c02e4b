/** Bundles stay small, for a cold start reads all of it, and hold nothing that does not belong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { filesBelow, root } from './sources.ts';

const memorySchema = z.object({
  functions: z.record(
    z.string(),
    z.object({ bytes: z.number(), inputs: z.record(z.string(), z.string()) }),
  ),
});

/** `npm test` and `npm run build` write it. */
const { functions } = memorySchema.parse(
  JSON.parse(readFileSync(join(root, 'dist', 'build.json'), 'utf8')),
);
const names = readdirSync(join(root, 'functions'));

/**
 * Kilobytes of 1,000 bytes, a few percent above what was measured, so that growth is a decision.
 * The ground of every function (AWS SDK core, DynamoDB, KMS, zod, Powertools) is 440; S3 is 105, the
 * HTTP client 295, expressions (jsonata's parser and re2js) 245, YAML, which is read where an
 * integration is validated, 120, and the decoders of answers (XML, CSV, zip; loaded when one is needed)
 * 110.
 */
const BUDGET_KB: Readonly<Record<string, number>> = {
  'account-check': 1_600,
  'claim-sweep': 460,
  'control-api': 1_350,
  'proxy-api': 1_440,
  'sync-start': 500,
  'sync-step': 1_650,
  'sync-stream': 1_650,
  'sync-sweep': 500,
  'unified-api': 1_650,
  'webhook-deliver': 940,
};

/** Packages that would cost a cold start, or have no business in production. */
const FORBIDDEN = [
  'aws-cdk-lib/',
  'constructs/',
  'commander/',
  'dynalite/',
  'esbuild/',
  'fauxqs/',
  'jest/',
  'listr2/',
  'typescript/',
  // 72 ms of cold start as a whole; its pool alone is imported by path.
  'undici/index.js',
  'undici/lib/web/fetch/index.js',
  // `import { z }` brings every locale along; `import * as z` does not.
  'zod/v4/locales/index.js',
];
/** Reads what callers send to be validated; nobody else meets YAML, for the catalogue is JSON. */
const READS_YAML = 'control-api';

describe('bundles', () => {
  it('are there for every function', () => {
    expect(Object.keys(functions).sort()).toEqual(names.sort());
  });

  it.each(names)('%s stays within its budget', (name) => {
    expect((functions[name]?.bytes ?? Number.NaN) / 1_000).toBeLessThanOrEqual(
      BUDGET_KB[name] ?? 0,
    );
  });

  it.each(names)('%s holds no forbidden package', (name) => {
    const forbidden = name === READS_YAML ? FORBIDDEN : [...FORBIDDEN, 'yaml/'];
    const found = Object.keys(functions[name]?.inputs ?? {}).filter((path) =>
      forbidden.some((part) => path.startsWith(`node_modules/${part}`)),
    );

    expect(found).toEqual([]);
  });

  it.each(names)(
    '%s says that it is CommonJS, and carries its catalogue and nothing else',
    (name) => {
      expect(filesBelow(`dist/functions/${name}`)).toEqual(
        ['catalogue.json', 'index.js', 'package.json'].map(
          (file) => `dist/functions/${name}/${file}`,
        ),
      );
    },
  );
});
