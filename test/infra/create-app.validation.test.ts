/** The one test that lets the CloudFormation validator of CDK judge the template; it needs seconds. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { template } from './template.ts';

const diagnosticSchema = z.looseObject({ severity: z.string() });
const reportSchema = z.looseObject({ diagnostics: z.array(diagnosticSchema) });

function validate(text: string): readonly string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'millrace-template-')), 'Millrace.template.json');
  writeFileSync(file, text);
  const fromCdk = createRequire(require.resolve('aws-cdk-lib/package.json'));
  const { CompositeEngine, TemplateFile } = fromCdk('@aws/cloudformation-validate');
  const report = reportSchema.parse(new CompositeEngine().validateTemplate(new TemplateFile(file)));
  return report.diagnostics
    .filter(({ severity }) => /FATAL|ERROR/i.test(severity))
    .map((diagnostic) => JSON.stringify(diagnostic));
}

describe('the CloudFormation validator', () => {
  it('finds nothing wrong with the template', () => {
    expect(validate(template().text)).toEqual([]);
  }, 60_000);

  it('would find a property that does not exist', () => {
    const broken = template().text.replace('"KmsDataKeyReusePeriodSeconds"', '"KmsDataKeyReuse"');

    expect(validate(broken)).toEqual([expect.stringContaining('KmsDataKeyReuse')]);
  }, 60_000);
});
