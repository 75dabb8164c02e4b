/** What the API says of a mapping, asked through `POST /v1/mappings/test`. */
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { UsageError } from '../../authoring/usage-error.ts';
import type { MillraceClient } from '../../client/millrace-client.ts';

export interface Provenance {
  readonly layer: 'base' | 'environment' | 'account' | 'unsaved';
  readonly op: 'set' | 'unset' | 'rename' | 'append';
  readonly expression?: string;
  readonly version?: number;
  readonly from?: string;
  readonly to?: string;
  readonly below?: Provenance;
}

export type ProvenanceOf = Readonly<Record<string, Provenance>>;

export interface MappingTrial {
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly provenance: ProvenanceOf;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

export interface MappingQuestion {
  readonly integration: string;
  readonly resource: string;
  readonly method: string;
  readonly sample?: unknown;
  readonly account?: string | undefined;
  readonly layer?: unknown;
  readonly upTo?: 'base' | 'account';
  readonly id?: string | undefined;
}

/** @throws UsageError where the resource is not named as `model/resource` */
export function askMapping(
  client: MillraceClient,
  question: MappingQuestion,
): Promise<MappingTrial> {
  const [model = '', resource = '', ...more] = question.resource.split('/');
  if (model === '' || resource === '' || more.length > 0) {
    throw new UsageError('name the unified resource as model/resource: crm/contacts');
  }
  return client.call<MappingTrial>('POST', '/v1/mappings/test', {
    integration: question.integration,
    model,
    resource,
    method: question.method,
    sample: question.sample ?? {},
    up_to: question.upTo ?? 'account',
    ...(question.account === undefined ? {} : { integrated_account_id: question.account }),
    ...(question.layer === undefined ? {} : { layer: question.layer }),
    ...(question.id === undefined ? {} : { id: question.id }),
  });
}

/** @throws UsageError without a word of what was read: a sample may be a customer's record */
export function readDocument(file: string): unknown {
  try {
    // YAML is a superset of JSON, so one parser reads both.
    return parseYaml(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch {
    throw new UsageError(`${file} is no JSON or YAML that can be read`);
  }
}
