/** The closed schema of integration.yaml, version 1. An unknown key is an error. */
import * as z from 'zod';
import { authSource } from '../auth/source.ts';
import { captureSource } from '../auth/token-request-source.ts';
import { errorRuleSource } from '../limits/error-rules-source.ts';
import { rateLimitSource } from '../limits/rate-limit-source.ts';
import { resourceSource, verifySource } from '../method/source.ts';
import { paginationSource } from '../paging/source.ts';
import { pathSource, requestParts } from '../request/source.ts';
import { expressionSource, nameSource, textSource } from '../template/values-source.ts';
import { webhookSource } from '../webhook/source.ts';
import { slaSource } from './sla-source.ts';

/** What a tenant says about its account, besides the credential: a subdomain. Not secret. */
const connectionInputSource = z.strictObject({
  /** RE2 that the whole value must match. */
  pattern: z.string().regex(/^\^.*\$$/s, 'must be anchored with ^ and $'),
  default: z.string().optional(),
  title: z.string().optional(),
  example: z.string().optional(),
  /** Whether an account may do without. */
  optional: z.boolean().default(false),
  /** Asked of these alternatives of `auth` alone. Omitted: of all. */
  auth: z.array(nameSource).min(1).optional(),
  /** Found out by the engine, from a token's answer, a callback or `after_connect`; may be given. */
  captured: z.boolean().default(false),
  /** Made of the other inputs, which it sees as `conn`; never given. */
  derive: expressionSource.optional(),
});

/** A call made once the account has its credential, for what only the provider knows. */
const afterConnectSource = z.strictObject({
  path: pathSource,
  ...requestParts,
  /** Another address than the integration's: one that serves every account. */
  base_url: textSource.optional(),
  /** For these alternatives of `auth` alone. Omitted: for all. */
  auth: z.array(nameSource).min(1).optional(),
  capture: captureSource,
});

export const integrationSource = z.strictObject({
  spec: z.literal(1),
  /** The name of the folder. */
  provider: nameSource,
  title: z.string().min(1),
  /** Where the facts come from. */
  docs: z.array(z.url()).default([]),
  base_url: textSource,
  /** The only hosts that are ever called: a name, `*.name`, or a template of either or of a URL. */
  hosts: z.array(z.string().min(1)).min(1),
  connection: z.record(nameSource, connectionInputSource).default({}),
  /** Headers of every call. */
  headers: z.record(z.string(), textSource).default({}),
  auth: z
    .record(nameSource, authSource)
    .refine((value) => Object.keys(value).length > 0, 'must have at least one alternative'),
  after_connect: z.array(afterConnectSource).max(5).default([]),
  /** Of several, the first that is for the account's alternative. */
  verify: z
    .union([verifySource, z.array(verifySource).min(1)], {
      error: 'must be a call, or a list of calls, each with `path`',
    })
    .optional(),
  rate_limit: rateLimitSource.optional(),
  /** First match wins; the engine's own rules by status follow. */
  errors: z.array(errorRuleSource).default([]),
  pagination: z.record(nameSource, paginationSource).default({}),
  resources: z.record(nameSource, resourceSource),
  webhook: webhookSource.optional(),
  sla: slaSource.optional(),
});
/** As the engine reads it: defaults filled in. */
export type IntegrationSource = z.output<typeof integrationSource>;
