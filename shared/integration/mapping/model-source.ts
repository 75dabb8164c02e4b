/**
 * A unified model: resources common to many providers, as a subset of JSON Schema 2020-12.
 *
 * Every record of every model also has `custom_fields` (an object) and, on request, `remote_data`.
 */
import * as z from 'zod';
import { nameSource } from '../template/values-source.ts';

const typeName = z.enum(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
export type TypeName = z.output<typeof typeName>;

export interface FieldSource {
  readonly type: TypeName | readonly TypeName[];
  readonly description?: string | undefined;
  /** `date` is a day without a time zone. */
  readonly format?: 'date-time' | 'date' | undefined;
  /** Set by the provider: a write may not hold it. */
  readonly readOnly?: boolean | undefined;
  readonly enum?: readonly (string | null)[] | undefined;
  readonly items?: FieldSource | undefined;
  readonly properties?: Readonly<Record<string, FieldSource>> | undefined;
  readonly required?: readonly string[] | undefined;
}

const fieldSource: z.ZodType<FieldSource> = z.lazy(() =>
  z.strictObject({
    type: z.union([typeName, z.array(typeName).min(1)], { error: 'must be a JSON Schema type' }),
    description: z.string().optional(),
    format: z.enum(['date-time', 'date']).optional(),
    readOnly: z.boolean().optional(),
    enum: z.array(z.union([z.string(), z.null()])).optional(),
    items: fieldSource.optional(),
    properties: z.record(z.string(), fieldSource).optional(),
    required: z.array(z.string()).optional(),
  }),
);

const modelResourceSource = z.strictObject({
  description: z.string().optional(),
  properties: z.record(nameSource, fieldSource),
  required: z.array(nameSource).default([]),
});

export const modelSource = z.strictObject({
  spec: z.literal(1),
  model: nameSource,
  title: z.string().min(1),
  resources: z.record(nameSource, modelResourceSource),
});
export type ModelSource = z.output<typeof modelSource>;
