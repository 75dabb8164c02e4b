/**
 * The floors hold, and each rule that says so catches the violation planted for it here: a rule
 * with a mistake in its pattern would be silent, and silence looks like order.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import config, { floors, foldersWithoutFloor } from '../../.dependency-cruiser.mjs';
import { root } from './sources.ts';

const reportSchema = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

const FOLDERS = [
  'shared',
  'functions',
  'infra',
  'local',
  'authoring',
  'cli',
  'client',
  'bench',
  'scripts',
  'test',
];

function cruise(folder: string) {
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      join(root, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
      ...FOLDERS.filter((below) => existsSync(join(folder, below))),
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  return reportSchema.parse(JSON.parse(run.stdout)).summary;
}

/** One violation for each rule: the rule, the file it is planted in, the line planted. */
const oneFolderPerFloor = floors.map(([folder]) => String(folder));
const topFolder = oneFolderPerFloor.at(-1);

const plants: readonly (readonly [rule: string, file: string, line: string])[] = [
  ...floors.flat().flatMap((folder) => {
    const above =
      folder === topFolder ? '../../functions/one/handler.ts' : `../${topFolder}/target.ts`;
    return [
      [`floor-${folder}`, `shared/${folder}/up.ts`, `import { value } from '${above}'; value();`],
      [
        `floor-${folder}`,
        `shared/${folder}/up-type.ts`,
        `import type { T } from '${above}'; export type U = T;`,
      ],
    ] as const;
  }),
  [
    'folder-without-a-floor',
    'test/climbs.ts',
    "import { value } from '../shared/attic/target.ts'; value();",
  ],
  ['no-cycle', 'shared/kernel/egg.ts', "import { hen } from './hen.ts'; export const egg = hen;"],
  ['edge-only', 'shared/sync/edge.ts', "import middy from '@middy/core'; middy();"],
  [
    'function-imports-function',
    'functions/two/handler.ts',
    "import { value } from '../one/handler.ts'; value();",
  ],
  [
    'functions-import-down',
    'functions/two/config.ts',
    "import { value } from '../../cli/target.ts'; value();",
  ],
  [
    'functions-are-not-imported',
    'local/calls-function.ts',
    "import { value } from '../functions/one/handler.ts'; value();",
  ],
  [
    'infra-imports-types',
    'infra/runs-code.ts',
    "import { value } from '../shared/kernel/target.ts'; value();",
  ],
  [
    'infra-is-read-as-template',
    'local/reads-infra.ts',
    "import { value } from '../infra/target.ts'; value();",
  ],
  [
    'local-imports-down',
    'local/calls-cli.ts',
    "import { value } from '../cli/target.ts'; value();",
  ],
  [
    'authoring-imports-down',
    'authoring/calls-cli.ts',
    "import { value } from '../cli/target.ts'; value();",
  ],
  [
    'client-stands-alone',
    'client/leans.ts',
    "import { value } from '../shared/kernel/target.ts'; value();",
  ],
  [
    'tests-are-not-imported',
    'cli/uses-test.ts',
    "import { value } from '../test/target.ts'; value();",
  ],
  ['no-development-package', 'shared/kernel/fuzzes.ts', "import fc from 'fast-check'; fc.nat();"],
  ['not-resolvable', 'shared/kernel/lost.ts', "import { value } from './nowhere.ts'; value();"],
  ['undeclared-package', 'shared/http/borrows.ts', "import { x } from 'classic-level'; x();"],
];

const innocents: readonly (readonly [file: string, line: string])[] = [
  ...floors.flat().map((folder) => [`shared/${folder}/target.ts`, exporting()] as const),
  ['shared/attic/target.ts', exporting()],
  ['shared/kernel/hen.ts', "import { egg } from './egg.ts'; export const hen = egg;"],
  ['functions/one/handler.ts', exporting()],
  ['functions/one/config.ts', 'export type Environment = { readonly A: string };'],
  ['infra/target.ts', exporting()],
  [
    'infra/takes-types.ts',
    "import type { Environment } from '../functions/one/config.ts'; export type E = Environment;",
  ],
  ['cli/target.ts', exporting()],
  ['test/target.ts', exporting()],
  ['shared/runtime/edge.ts', "import middy from '@middy/core'; middy();"],
];

function exporting(): string {
  return 'export type T = string; export function value(): T { return ""; }';
}

function plantedHouse(): string {
  const house = mkdtempSync(join(tmpdir(), 'millrace-planted-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  };
  for (const [file, line] of innocents) write(file, line);
  for (const [, file, line] of plants) write(file, line);
  write(
    'package.json',
    JSON.stringify({
      name: 'planted',
      type: 'module',
      dependencies: { '@middy/core': '*' },
      devDependencies: { 'fast-check': '*' },
    }),
  );
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "module": "preserve", "moduleResolution": "bundler", "allowImportingTsExtensions": true, "noEmit": true } }',
  );
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  return house;
}

describe('the floors', () => {
  it('hold in every file', () => {
    const { violations, totalCruised } = cruise(root);

    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(100);
  }, 120_000);

  it('have a row for every folder of shared/', () => {
    expect(foldersWithoutFloor(root)).toEqual([]);
  });
});

describe('the rules of the floors', () => {
  let found: readonly string[] = [];
  beforeAll(() => {
    found = cruise(plantedHouse()).violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  }, 60_000);

  it.each(plants)('%s catches what is planted in %s', (rule, file) => {
    expect(found).toContain(`${rule}: ${file}`);
  });

  it('leave the innocent alone', () => {
    const guilty = new Set(plants.map(([, file]) => file));
    expect(found.filter((line) => !guilty.has(line.split(': ')[1] ?? ''))).toEqual([]);
  });

  it('have one planted violation each', () => {
    const names = (config.forbidden ?? []).map(({ name }) => name);

    expect(new Set(plants.map(([rule]) => rule))).toEqual(new Set(names));
  });
});
