import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../infra/functions.ts';
import { findings, SynthesisError, synthesise } from '../../scripts/synth.ts';

const root = join(__dirname, '..', '..');

describe('the CLI', () => {
  it('is 2.1148: what npm calls latest is an old build that cannot read our assemblies', () => {
    const run = spawnSync(process.execPath, ['node_modules/aws-cdk/bin/cdk', '--version'], {
      cwd: root,
      encoding: 'utf8',
    });

    expect(run.stdout).toMatch(/^2\.1148\.\d+ /);
  });

  it('is pinned exactly, like the library', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

    expect(dependencies['aws-cdk']).toMatch(/^2\.1148\.\d+$/);
    expect(dependencies['aws-cdk-lib']).toMatch(/^2\.276\.\d+$/);
  });
});

describe('findings', () => {
  const passed = (pluginName: string) => ({ pluginName, conclusion: 'success' });

  it('are none when every rule pack ran and found nothing', () => {
    expect(findings({ pluginReports: [passed('AwsSolutions'), passed('Serverless')] })).toEqual([]);
  });

  it('name the rule and where it is broken', () => {
    const violations = [
      {
        ruleName: 'AwsSolutions-S1',
        violatingConstructs: [{ constructPath: 'Millrace/Storage/Claims' }],
      },
    ];

    expect(
      findings({
        pluginReports: [
          { pluginName: 'AwsSolutions', conclusion: 'failure', violations },
          passed('Serverless'),
        ],
      }),
    ).toEqual(['AwsSolutions: AwsSolutions-S1 at Millrace/Storage/Claims']);
  });

  it('count a rule pack that did not run', () => {
    expect(findings({ pluginReports: [passed('AwsSolutions')] })).toEqual([
      'Serverless: did not run',
    ]);
  });

  it('count a failure that names no rule', () => {
    expect(
      findings({
        pluginReports: [
          passed('AwsSolutions'),
          { pluginName: 'Serverless', conclusion: 'failure' },
        ],
      }),
    ).toEqual(['Serverless: failure']);
  });
});

describe('synthesise', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'millrace-synth-'));
  const bundles = () => {
    const made = folder();
    for (const name of functionNames) {
      mkdirSync(join(made, name));
      writeFileSync(join(made, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
    }
    return made;
  };

  it('writes a template with the settings it was given', () => {
    const { templateFile } = synthesise({
      outDir: folder(),
      settings: { deliveryTimeoutMs: '1234' },
      bundles: bundles(),
    });

    expect(readFileSync(templateFile, 'utf8')).toContain('"DELIVERY_TIMEOUT_MS": "1234"');
  }, 60_000);

  it('says which setting it refuses, without a stack', () => {
    const attempt = () =>
      synthesise({ outDir: folder(), settings: { leaseMs: 'soon' }, bundles: bundles() });

    expect(attempt).toThrow(SynthesisError);
    expect(attempt).toThrow(/^settings are wrong:\nleaseMs: [^\n]+$/);
  }, 60_000);
});
