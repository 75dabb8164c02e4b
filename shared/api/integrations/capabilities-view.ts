/** What can be called, as the API answers it: for people, SDKs and agents. */
import * as z from 'zod';
import type {
  MethodCapability,
  ResourceCapability,
  UnifiedCapability,
} from '../../unified/capabilities.ts';
import { VERBS } from '../../unified/supported.ts';

const parameter = z.object({ name: z.string(), required: z.boolean() });
const verbs = z
  .array(z.enum(VERBS))
  .describe('What callers can do to it: GET, POST, PATCH and DELETE of its path.');
const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12.');

const method = z.object({
  http_method: z.string(),
  path: z.string(),
  reads: z.boolean(),
  params: z.array(parameter),
  pages: z.boolean(),
  page_size: z.int().nullable().describe('Records a page at most; null: the provider decides.'),
  incremental: z.boolean(),
});

const resource = z.object({
  verbs,
  methods: z.record(z.string(), method).describe('All of them, for sync jobs.'),
  names: z
    .array(z.string())
    .nullable()
    .optional()
    .describe('Of a resource that stands for many: which there are; null: not asked.'),
});

const unified = z.object({
  source: z.string(),
  verbs,
  incremental: z.boolean(),
  filters: z.array(parameter),
  fields: z.record(z.string(), z.object({ mapped: z.boolean(), writable: z.boolean() })),
  output_schema: jsonSchema,
  input_schema: jsonSchema.nullable(),
});

export const capabilities = z
  .object({
    integration: z.string(),
    integrated_account_id: z.string().optional(),
    auth: z.string().optional(),
    resources: z.record(z.string(), resource),
    models: z.record(z.string(), z.record(z.string(), unified)),
    webhooks: z
      .object({
        verified_by: z.array(z.string()),
        events: z.record(z.string(), z.enum(['created', 'updated', 'deleted'])),
      })
      .nullable(),
  })
  .meta({ id: 'Capabilities' });
export type CapabilitiesView = z.input<typeof capabilities>;

/** `names`: null where they have not been asked for. */
export function viewOfResource(
  { verbs: can, methods, isNamed }: ResourceCapability,
  names: readonly string[] | null,
): z.input<typeof resource> {
  return {
    verbs: [...can],
    methods: Object.fromEntries(
      Object.entries(methods).map(([name, each]) => [name, viewOfMethod(each)]),
    ),
    ...(isNamed && { names: names && [...names] }),
  };
}

function viewOfMethod({ httpMethod, pageSize, params, ...rest }: MethodCapability) {
  return {
    ...rest,
    http_method: httpMethod,
    params: [...params],
    page_size: pageSize ?? null,
  };
}

export function viewOfUnified({
  verbs: can,
  filters,
  fields,
  outputSchema,
  inputSchema,
  ...rest
}: UnifiedCapability): z.input<typeof unified> {
  return {
    ...rest,
    verbs: [...can],
    filters: [...filters],
    fields,
    output_schema: outputSchema,
    input_schema: inputSchema ?? null,
  };
}
