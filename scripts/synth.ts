/**
 * Synthesises the template from the bundles.
 *
 * `npm run synth` does it as a deployment would: through the pinned CLI, with CDK's own validators
 * and the rule packs of cdk-nag, offline, and fails on any finding. {@link synthesise} does it for
 * the local runtime: the same template, unjudged, in two seconds, and not at all if nothing changed.
 *
 * Usage   npm run synth [-- -c NAME=VALUE …]    (settings: infra/settings.ts)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.ts';

export interface SynthesiseOptions {
  /** Where the cloud assembly goes. */
  readonly outDir: string;
  /** As `-c` would give them: texts. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder with one folder per function; `dist/functions` unless said. */
  readonly bundles?: string;
}

export interface Assembly {
  readonly templateFile: string;
  readonly assetsFile: string;
}

export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

const root = dirname(import.meta.dirname);

/** @throws SynthesisError with what the app wrote, such as the settings that it refused */
export function synthesise({ outDir, settings = {}, bundles }: SynthesiseOptions): Assembly {
  const source = bundles ?? join(root, 'dist', 'functions');
  const assembly = {
    templateFile: join(outDir, 'Millrace.template.json'),
    assetsFile: join(outDir, 'Millrace.assets.json'),
  };
  const stamp = join(outDir, 'made-from.txt');
  const madeFrom = hashOf(settings, source);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom) return assembly;

  rmSync(stamp, { force: true });
  const run = spawnSync(process.execPath, [join(root, 'infra', 'app.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: outDir,
      CDK_CONTEXT_JSON: JSON.stringify(settings),
      MILLRACE_BUNDLES: source,
    },
  });
  if (run.status !== 0) throw new SynthesisError(run.stderr.trim());
  writeFileSync(stamp, madeFrom);
  return assembly;
}

function hashOf(settings: Readonly<Record<string, string>>, bundles: string): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const folder of [join(root, 'infra'), bundles]) {
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|js|json)$/.test(path)) hash.update(path).update(readFileSync(join(folder, path)));
    }
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** The part of CDK's validation report that is read here. */
interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations?: readonly {
      readonly ruleName: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Findings of a report, one line each; a rule pack that did not run is a finding too. */
export function findings(report: ValidationReport): readonly string[] {
  const missing = ['AwsSolutions', 'Serverless']
    .filter((pack) => !report.pluginReports.some(({ pluginName }) => pluginName === pack))
    .map((pack) => `${pack}: did not run`);
  const found = report.pluginReports.flatMap(({ pluginName, conclusion, violations = [] }) => {
    const lines = violations.map(({ ruleName, violatingConstructs = [] }) => {
      const where = violatingConstructs.map(({ constructPath }) => constructPath).join(', ');
      return `${pluginName}: ${ruleName} at ${where}`;
    });
    return lines.length > 0 || conclusion === 'success' ? lines : [`${pluginName}: ${conclusion}`];
  });
  return [...missing, ...found];
}

async function judge(args: readonly string[]): Promise<number> {
  await build();
  const output = join(root, 'cdk.out');
  rmSync(output, { recursive: true, force: true });
  // Through Node itself, so that the app inside runs on it too, whatever the machine's own is.
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const run = spawnSync(
    process.execPath,
    // The bundles are fresh; the CLI need not build them once more.
    [cli, 'synth', '--quiet', '--strict', '--no-lookups', '--no-notices', '--build=', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    },
  );
  const reportFile = join(output, 'validation-report.json');
  if (!existsSync(reportFile)) {
    console.error('Synthesis left no validation report.');
    return 1;
  }
  const report: ValidationReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  const all = findings(report);
  for (const finding of all) console.error(finding);
  const passed = run.status === 0 && all.length === 0;
  console.log(passed ? 'Synthesised: no findings.' : `Synthesis failed: ${all.length} findings.`);
  return passed ? 0 : 1;
}

/** No `await` at the top level: Jest loads this file as CommonJS. */
async function run(): Promise<void> {
  process.exitCode = await judge(process.argv.slice(2));
}

if (import.meta.main) void run();
