/**
 * Bundles every function, and writes the catalogue of integrations beside each bundle: what is
 * tested, run locally and deployed is the same folder, `dist/functions/<name>`.
 *
 * CommonJS, because an ES module costs 45 ms more of every cold start (measured), and the bundle
 * says so itself in a `package.json`, because the folders above it say otherwise. Source maps lie
 * outside the bundle: they would change its hash with the place it was built in.
 *
 * Nothing is built that has not changed: `dist/build.json` remembers the hash of every file that
 * went in.
 *
 * Usage   npm run build [-- --integrations DIR …]
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { readCatalogueFolder } from '../shared/integration/catalogue/read-catalogue.ts';

export interface BuildOptions {
  /** More folders of integrations, beside the repository's own. */
  readonly integrations?: readonly string[];
  /** Where the folders of bundles go; `dist/functions` unless said. */
  readonly output?: string;
}

export interface BuildReport {
  /** Folder with one folder per function. */
  readonly output: string;
  /** Functions that were bundled anew. */
  readonly bundled: readonly string[];
  readonly functions: readonly string[];
}

/** What `dist/build.json` remembers. */
interface Memory {
  /** Of the tools: this file and the lock file. */
  readonly tools: string;
  readonly functions: Readonly<Record<string, BundleMemory>>;
}

export interface BundleMemory {
  readonly bytes: number;
  /** Every source file in the bundle with its hash; packages, by path, without one. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Ways of the AWS SDK to find credentials on a person's machine: 115 KB of each bundle, and never
 * asked, because Lambda and the local runtime both give credentials in the environment. Should one
 * be asked after all, it is loaded from where the bundle runs: Lambda brings the SDK along.
 */
const NEVER_ON_LAMBDA = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

const root = dirname(import.meta.dirname);
const bundles = join(root, 'dist', 'functions');
const memoryFile = join(root, 'dist', 'build.json');

export async function build(options: BuildOptions = {}): Promise<BuildReport> {
  const output = options.output ?? bundles;
  const functions = await functionNames();
  const remembered = await remember();
  const tools = await toolsHash();
  const changed: string[] = [];
  for (const name of functions) {
    const isFresh = remembered?.tools === tools && (await isUnchanged(name, remembered));
    if (!isFresh) changed.push(name);
  }
  const rebuilt = await bundleAll(changed);
  const kept = Object.entries(remembered?.functions ?? {}).filter(([name]) =>
    functions.includes(name),
  );
  await write(
    memoryFile,
    JSON.stringify({ tools, functions: { ...Object.fromEntries(kept), ...rebuilt } }),
  );
  await writeCatalogues(functions, output, options.integrations ?? []);
  if (output !== bundles) await copyBundles(functions, output);
  return { output, bundled: changed, functions };
}

async function functionNames(): Promise<string[]> {
  const folders = await readdir(join(root, 'functions'));
  return folders.filter((name) => existsSync(join(root, 'functions', name, 'handler.ts'))).sort();
}

async function bundleAll(names: readonly string[]): Promise<Record<string, BundleMemory>> {
  if (names.length === 0) return {};
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `functions/${name}/handler.ts`])),
    outdir: bundles,
    entryNames: '[name]/index',
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: NEVER_ON_LAMBDA,
    // Without `keepNames`: it names every closure when it is made, a third of what mapping costs. No
    // error is told apart by the name of its class, and the source map tells frames' names.
    minify: true,
    // Node quotes the whole line where an error began; a minified one is the whole bundle.
    lineLimit: 200,
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  await Promise.all(result.outputFiles.map((file) => write(destination(file.path), file.contents)));
  await Promise.all(
    names.map((name) => write(join(bundles, name, 'package.json'), '{"type":"commonjs"}\n')),
  );
  const memories = Object.entries(result.metafile.outputs)
    .filter(([path]) => path.endsWith('.js'))
    .map(async ([path, { bytes, inputs }]) => {
      const name = relative(bundles, dirname(join(root, path)));
      return [name, { bytes, inputs: await hashInputs(Object.keys(inputs)) }] as const;
    });
  return Object.fromEntries(await Promise.all(memories));
}

/** Maps go to `dist/source-maps`, away from what is deployed. */
function destination(path: string): string {
  if (!path.endsWith('.map')) return path;
  return join(root, 'dist', 'source-maps', relative(bundles, path));
}

async function isUnchanged(name: string, memory: Memory): Promise<boolean> {
  const known = memory.functions[name];
  if (!known || (await hashFile(join(bundles, name, 'index.js'))) === undefined) return false;
  const now = await hashInputs(Object.keys(known.inputs));
  return Object.entries(known.inputs).every(([path, hash]) => now[path] === hash);
}

/** Packages change only with the lock file, which {@link toolsHash} covers. */
async function hashInputs(paths: readonly string[]): Promise<Record<string, string>> {
  const hashes = paths.map(async (path) => {
    if (path.startsWith('node_modules/')) return [path, ''] as const;
    return [path, (await hashFile(join(root, path))) ?? 'gone'] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

async function toolsHash(): Promise<string> {
  const files = [import.meta.filename, join(root, 'package-lock.json'), join(root, 'package.json')];
  return (await Promise.all(files.map(hashFile))).join();
}

async function writeCatalogues(
  functions: readonly string[],
  output: string,
  extraFolders: readonly string[],
): Promise<void> {
  const catalogue = JSON.stringify(
    await readCatalogueFolder([join(root, 'integrations'), ...extraFolders]),
  );
  await Promise.all(
    functions.map((name) => write(join(output, name, 'catalogue.json'), catalogue)),
  );
}

async function copyBundles(functions: readonly string[], output: string): Promise<void> {
  for (const name of functions) {
    await mkdir(join(output, name), { recursive: true });
    for (const file of ['index.js', 'package.json']) {
      await copyFile(join(bundles, name, file), join(output, name, file));
    }
  }
}

async function remember(): Promise<Memory | undefined> {
  try {
    const memory: Memory = JSON.parse(await readFile(memoryFile, 'utf8'));
    return memory;
  } catch {
    // Missing or cut short: build everything.
    return undefined;
  }
}

async function hashFile(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('base64url');
  } catch {
    // Not there: never equal to what is remembered.
    return undefined;
  }
}

/** By rename, so that a build beside this one never reads half a file; and not at all if equal. */
async function write(path: string, contents: string | Uint8Array): Promise<void> {
  if ((await hashFile(path)) === createHash('sha256').update(contents).digest('base64url')) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, contents);
  await rename(draft, path);
}

/** No `await` at the top level: Jest loads this file as CommonJS. */
async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      integrations: { type: 'string', multiple: true },
      output: { type: 'string' },
    },
  });
  const report = await build(values);
  const what = report.bundled.length === 0 ? 'nothing changed' : report.bundled.join(', ');
  console.log(`Bundled into ${relative(root, report.output)}: ${what}`);
}

if (import.meta.main) void run();
