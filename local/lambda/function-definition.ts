/** The functions that the template defines, with everything needed to run them here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { propertiesOf, resourcesOf, type Stack, type StackResource } from '../provision/stack.ts';
import { TemplateError } from '../template/template-error.ts';

export interface FunctionDefinition {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Folder that is `/var/task` on Lambda. */
  readonly codeDir: string;
  /** `index.handler`. */
  readonly handler: string;
  /** As the template writes them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  readonly logging: {
    readonly format: 'JSON' | 'Text';
    readonly applicationLevel: string;
    readonly groupName: string;
  };
}

const ignored = z.unknown().optional();
const functionSchema = z.strictObject({
  Architectures: ignored,
  Code: z.object({ S3Key: z.string() }),
  Description: ignored,
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  FunctionName: z.string().optional(),
  Handler: z.string(),
  KmsKeyArn: ignored,
  LoggingConfig: z
    .strictObject({
      ApplicationLogLevel: z.string().default('INFO'),
      LogFormat: z.enum(['JSON', 'Text']).default('Text'),
      LogGroup: z.string().optional(),
      SystemLogLevel: ignored,
    })
    .optional(),
  MemorySize: z.coerce.number().default(128),
  // The loop that it allows is one of Lambda's own watchdogs, which is not played here.
  RecursiveLoop: ignored,
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Role: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Tags: ignored,
  Timeout: z.coerce.number().default(3),
  TracingConfig: z.strictObject({ Mode: z.literal('PassThrough') }).optional(),
});

const assetsSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })),
});

/** Where the synthesised assets lie, by the hash that names them in S3. */
export function readAssets(cloudAssembly: string, stackName: string): ReadonlyMap<string, string> {
  const path = join(cloudAssembly, `${stackName}.assets.json`);
  const { files } = assetsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return new Map(
    Object.entries(files).map(([hash, { source }]) => [hash, join(cloudAssembly, source.path)]),
  );
}

/** @throws TemplateError */
export function functionsOf(
  stack: Stack,
  assets: ReadonlyMap<string, string>,
): readonly FunctionDefinition[] {
  return resourcesOf(stack, 'AWS::Lambda::Function').map((resource) => define(resource, assets));
}

function define(resource: StackResource, assets: ReadonlyMap<string, string>): FunctionDefinition {
  const properties = propertiesOf(resource, functionSchema);
  const codeDir = assets.get(properties.Code.S3Key.replace(/\.zip$/, ''));
  if (codeDir === undefined) {
    throw new TemplateError('the code of a function is not among the assets', {
      logicalId: resource.logicalId,
    });
  }
  const { ReservedConcurrentExecutions: reserved, LoggingConfig: logging } = properties;
  return {
    logicalId: resource.logicalId,
    name: resource.ref,
    arn: resource.attributes['Arn'] ?? '',
    roleArn: properties.Role,
    codeDir,
    handler: properties.Handler,
    environment: properties.Environment.Variables,
    timeoutMs: properties.Timeout * 1_000,
    memoryMb: properties.MemorySize,
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    logging: {
      format: logging?.LogFormat ?? 'Text',
      applicationLevel: logging?.ApplicationLogLevel ?? 'INFO',
      groupName: logging?.LogGroup ?? `/aws/lambda/${resource.ref}`,
    },
  };
}
