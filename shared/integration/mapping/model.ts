/** A unified model: for each resource, the shape that every record has, whatever the provider. */
import type { FieldSource } from './model-source.ts';

export interface ModelResource {
  readonly name: string;
  readonly description: string | undefined;
  /** A subset of JSON Schema 2020-12, `custom_fields` included. */
  readonly properties: Readonly<Record<string, FieldSource>>;
  readonly required: readonly string[];
}

export interface Model {
  readonly name: string;
  readonly title: string;
  readonly resources: Readonly<Record<string, ModelResource>>;
}
