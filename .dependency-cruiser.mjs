/**
 * The floors of the house: imports point down only. The table below is the configuration; the
 * rules are made from it. One planted violation per rule is kept in test/architecture.
 */
import { readdirSync } from 'node:fs';

/** Folders of shared/, ground floor first. A folder may import from lower floors and itself. */
export const floors = [
  ['kernel'],
  // Mechanisms: know no domain.
  ['aws', 'http', 'expression'],
  ['encryption', 'lease'],
  ['claim-check'],
  // Domain.
  ['integration', 'tenant', 'access'],
  ['account'],
  ['wire'],
  ['oauth', 'mapping'],
  ['provider'],
  ['list'],
  ['proxy', 'unified'],
  // Use cases.
  ['webhook', 'audit', 'schedule'],
  ['sync'],
  // The edge.
  ['api'],
  ['runtime'],
];

/** Packages of the Lambda edge: only shared/runtime and functions/ may know where they run. */
const EDGE_PACKAGES = 'node_modules/(@middy|@aws-lambda-powertools|@types/aws-lambda|aws-lambda)/';
const ABOVE_SHARED = 'functions|local|infra|authoring|cli|client|bench|scripts|test';

const known = floors.flat();
const anyOf = (names) => `(?:${names.join('|')})`;

/** What `folder` must not import: every other folder of shared/ that is not on a lower floor. */
function above(folder, level) {
  const allowed = [folder, ...floors.slice(0, level).flat()];
  return `^(?:shared/(?!${anyOf(allowed)}/)|(?:${ABOVE_SHARED})/)`;
}

const floorRules = floors.flatMap((folders, level) =>
  folders.map((folder) => ({
    name: `floor-${folder}`,
    comment: `shared/${folder} stands on the floors below it, and takes their types alone too`,
    severity: 'error',
    from: { path: `^shared/${folder}/` },
    to: { path: above(folder, level) },
  })),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...floorRules,
    {
      name: 'folder-without-a-floor',
      comment: 'a new folder of shared/ gets a row in the table of floors first',
      severity: 'error',
      from: {},
      to: { path: `^shared/(?!${anyOf(known)}/)` },
    },
    {
      name: 'no-cycle',
      comment: 'two files that need each other are one file, or three',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'edge-only',
      comment: 'the core does not know that it runs on Lambda',
      severity: 'error',
      from: { pathNot: '^(shared/runtime|functions|test)/' },
      to: { path: EDGE_PACKAGES },
    },
    {
      name: 'function-imports-function',
      comment: 'what two functions share belongs in shared/',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'functions-import-down',
      comment: 'a function wires shared/ and nothing else of ours',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|infra|authoring|cli|client|bench|scripts|test)/' },
    },
    {
      name: 'functions-are-not-imported',
      comment: 'functions run from their bundles; infra may know the types of their settings',
      severity: 'error',
      from: { pathNot: '^(functions|test|infra)/' },
      to: { path: '^functions/' },
    },
    {
      name: 'infra-imports-types',
      comment: 'infra describes the code, it does not run it',
      severity: 'error',
      from: { path: '^infra/' },
      to: {
        path: '^(shared|functions|local|authoring|cli|client|bench|scripts|test)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'infra-is-read-as-template',
      comment: 'whoever wants to know what is deployed reads the synthesised template',
      severity: 'error',
      from: { pathNot: '^(infra|test)/' },
      to: { path: '^infra/' },
    },
    {
      name: 'local-imports-down',
      comment: 'the local runtime stands below the command line',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(functions|authoring|cli|bench|test)/' },
    },
    {
      name: 'authoring-imports-down',
      comment: 'the tools for authors stand below the command line',
      severity: 'error',
      from: { path: '^authoring/' },
      to: { path: '^(functions|infra|cli|bench|test)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'operators install the client without the rest',
      severity: 'error',
      from: { path: '^client/' },
      to: {
        path: `^(shared|${ABOVE_SHARED.replace('client|', '')})/`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-package',
      comment: 'what runs must not need what only tests need',
      severity: 'error',
      // The rule packs of cdk-nag judge the template; the template does not need them.
      from: {
        path: '^(shared|functions|local|authoring|cli|client|infra)/',
        pathNot: '^infra/app\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-resolvable',
      comment: 'an import that leads nowhere, or to a package that package.json does not name',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'undeclared-package',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|test/assets)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
    // Newer than the list of Node's modules that the tool brings along.
    builtInModules: { add: ['node:sqlite', 'sqlite'] },
    skipAnalysisNotInRules: true,
  },
};

/** Folders of shared/ that have no row: for the test that names them. */
export function foldersWithoutFloor(root) {
  return readdirSync(`${root}/shared`).filter((folder) => !known.includes(folder));
}
