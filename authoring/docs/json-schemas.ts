/**
 * The schemas of the files that an author writes, as JSON Schema 2020-12 for editors. They refuse
 * unknown keys like the engine; what only compilation can judge (expressions, names that refer to
 * each other) they let pass.
 *
 * Source  https://json-schema.org/draft/2020-12/schema
 */
import * as z from 'zod';
import { applySource } from '#shared/integration/auth/apply-source.ts';
import { authSource } from '#shared/integration/auth/source.ts';
import { mintSource, stepSource } from '#shared/integration/auth/token-request-source.ts';
import { slaSource } from '#shared/integration/document/sla-source.ts';
import { integrationSource } from '#shared/integration/document/source.ts';
import { incrementalSource } from '#shared/integration/incremental/source.ts';
import { budgetSource } from '#shared/integration/limits/budget-source.ts';
import { errorRuleSource } from '#shared/integration/limits/error-rules-source.ts';
import { rateLimitSource } from '#shared/integration/limits/rate-limit-source.ts';
import { mappingFileSource } from '#shared/integration/mapping/source.ts';
import { methodSource, resourceSource, verifySource } from '#shared/integration/method/source.ts';
import { paginationSource } from '#shared/integration/paging/source.ts';
import { jobSource } from '#shared/integration/pieces/job-source.ts';
import {
  discoveredSource,
  partitionSource,
  propertiesSource,
} from '#shared/integration/pieces/partition-source.ts';
import { decodeSource } from '#shared/integration/request/decode-source.ts';
import { pathSource } from '#shared/integration/request/source.ts';
import {
  bodySource,
  durationSource,
  expressionSource,
  headerNameSource,
  nameSource,
  scalarSource,
  textSource,
} from '#shared/integration/template/values-source.ts';
import { verifierSource, webhookSource } from '#shared/integration/webhook/source.ts';
import { fixtureSchema } from '../fixtures/fixture.ts';

/** Parts that get a name of their own, and what an editor shows for them. */
const NAMED: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  apply: [applySource, 'Where a credential goes in a request.'],
  auth: [authSource, 'How calls are authenticated.'],
  budget: [budgetSource, 'How fast we call at most.'],
  decode: [decodeSource, 'How the body of an answer is read, where it is not JSON.'],
  error_rule: [errorRuleSource, 'What an answer means where its status does not say it.'],
  incremental: [incrementalSource, 'What changed since.'],
  job: [jobSource, 'A list that the provider prepares first: created, polled, read.'],
  pagination: [paginationSource, 'How a list goes on.'],
  discovered: [discoveredSource, 'A resource that stands for as many as the account has.'],
  partition: [partitionSource, 'What fills one parameter of the method, value by value.'],
  properties: [propertiesSource, 'Fields that must be named to be had.'],
  rate_limit: [rateLimitSource, 'How the provider says "too fast".'],
  path: [pathSource, 'Below the base URL, with {{…}} for values.'],
  method: [methodSource, 'What is done to a resource.'],
  resource: [resourceSource, '`id`, `discovered`, and methods by name.'],
  verify: [verifySource, 'A call whose answer says whether an account works.'],
  sla: [slaSource, 'What the provider promises.'],
  mint: [mintSource, 'A JWT, signed by the engine.'],
  step: [stepSource, 'One step of a token exchange: { mint } or a request.'],
  body: [bodySource, 'JSON, any of whose leaves may be a template or { expr }.'],
  duration: [durationSource, 'ISO 8601 duration without years and months: PT15S.'],
  expression: [expressionSource, 'JSONata.'],
  header_name: [headerNameSource, 'The name of a header, in lower case.'],
  name: [nameSource, 'A name in snake_case.'],
  scalar: [scalarSource, 'A text with {{…}}, a number, a boolean or { expr }.'],
  template: [textSource, 'A text, in which {{path}} looks up.'],
  verifier: [verifierSource, "How a provider's webhooks are told from anybody else's."],
  webhook: [webhookSource, "The provider's webhooks."],
};

export const SCHEMA_FILES: Readonly<Record<string, { schema: z.ZodType; title: string }>> = {
  'integration.schema.json': { schema: integrationSource, title: 'integration.yaml' },
  'mapping.schema.json': { schema: mappingFileSource, title: 'mappings/<model>/<resource>.yaml' },
  'fixture.schema.json': { schema: fixtureSchema, title: 'fixtures/<name>.yaml' },
};

/** The text of one schema file, as it is committed. */
export function jsonSchemaText({ schema, title }: { schema: z.ZodType; title: string }): string {
  const metadata = z.registry<{ id: string; description: string }>();
  for (const [id, [part, description]] of Object.entries(NAMED)) {
    metadata.add(part, { id, description });
  }
  const made = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    reused: 'inline',
    metadata,
    override: ({ zodSchema, jsonSchema }) => {
      // Names of methods are judged by a refinement, which has no counterpart of its own.
      if (zodSchema === resourceSource) jsonSchema.propertyNames = { $ref: '#/$defs/name' };
    },
  });
  return `${JSON.stringify({ ...made, title }, null, 2)}\n`;
}
