/** The template as unit tests see it: placeholder bundles, no validators, made once per settings. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createApp } from '../../infra/create-app.ts';
import { functionNames } from '../../infra/functions.ts';

const oneOrMany = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema)]).transform((value) => (Array.isArray(value) ? value : [value]));

const statementSchema = z.strictObject({
  Sid: z.string(),
  Effect: z.literal('Allow'),
  Action: oneOrMany(z.string()),
  Resource: oneOrMany(z.unknown()),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.output<typeof statementSchema>;

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.any()).default({}),
});
export type Resource = z.output<typeof resourceSchema> & { readonly id: string };

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.unknown()),
});

export interface TestTemplate {
  readonly text: string;
  readonly outputs: readonly string[];
  readonly resources: readonly Resource[];
  ofType(type: string): readonly Resource[];
  /** The Lambda function of a folder of functions/. */
  lambda(functionName: string): Resource;
  /** Everything that a function's role allows. */
  allowed(functionName: string): readonly Statement[];
  /** Statements of every role of ours, with the role's logical id. */
  statements(): readonly (Statement & { readonly role: string })[];
}

const made = new Map<string, TestTemplate>();

export function template(settings: Readonly<Record<string, unknown>> = {}): TestTemplate {
  const key = JSON.stringify(settings);
  const known = made.get(key) ?? synthesise(settings);
  made.set(key, known);
  return known;
}

function synthesise(context: Readonly<Record<string, unknown>>): TestTemplate {
  const { app, stack } = createApp({ bundles: placeholderBundles(), context });
  const parsed = templateSchema.parse(app.synth().getStackByName(stack.stackName).template);
  const resources = Object.entries(parsed.Resources).map(([id, resource]) => ({ id, ...resource }));
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const lambda = (functionName: string) => {
    const found = ofType('AWS::Lambda::Function').find(
      ({ Properties }) =>
        Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME === functionName,
    );
    if (!found) throw new Error(`the template has no function ${functionName}`);
    return found;
  };
  const statementsOf = (role: Resource) =>
    z
      .array(z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) }))
      .default([])
      .parse(role.Properties['Policies'])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return {
    text: JSON.stringify(parsed),
    outputs: Object.keys(parsed.Outputs),
    resources,
    ofType,
    lambda,
    allowed: (functionName) => {
      const roleId = lambda(functionName).Properties['Role']['Fn::GetAtt'][0];
      return statementsOf(resources.find(({ id }) => id === roleId)!);
    },
    statements: () =>
      ofType('AWS::IAM::Role').flatMap((role) =>
        statementsOf(role).map((statement) => ({ ...statement, role: role.id })),
      ),
  };
}

function placeholderBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bundles-'));
  for (const name of functionNames) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return folder;
}
