/**
 * A provider's nouns and what can be done to them: `resources.<name>.<method>`.
 *
 * Templates and expressions of a request see the roots of schema/request.ts. `records`, `record`
 * and `ok` see `{ status, headers, body }`; `map`, `filter`, `deleted`, `id` and
 * `incremental.cursor` see the record itself, with `$params` and `$parent` bound.
 */
import * as z from 'zod';
import { applySource } from '../auth/apply-source.ts';
import { incrementalSource } from '../incremental/source.ts';
import { budgetSource } from '../limits/budget-source.ts';
import { errorRuleSource } from '../limits/error-rules-source.ts';
import { paginationReference } from '../paging/source.ts';
import { jobSource } from '../pieces/job-source.ts';
import { discoveredSource, partitionSource, propertiesSource } from '../pieces/partition-source.ts';
import { decodeSource } from '../request/decode-source.ts';
import { pathSource, requestParts } from '../request/source.ts';
import { expressionSource, nameSource, textSource } from '../template/values-source.ts';

export const methodSource = z
  .strictObject({
    path: pathSource,
    ...requestParts,
    /** Another address than the integration's, on the hosts allow-list as well. */
    base_url: textSource.optional(),
    /**
     * The whole address, where an answer hands it out with a signature of its own: `{{job.url}}`. On
     * the allow-list of hosts as well; nothing is added to it, no credential goes with it, and `path`
     * is no more than its name in logs.
     */
    url: textSource.optional(),
    /** Alternatives of `auth` that may call it. Omitted: all. */
    auth: z.array(nameSource).min(1).optional(),
    /** Where the credential goes, instead of where the alternative says. */
    apply: applySource.optional(),
    /** Names that a caller must give: `ticket_id` of a list of a ticket's comments. */
    params: z.array(nameSource).default([]),
    /** Names that a caller may give: what of a query or body looks up an absent one is left out. */
    optional_params: z.array(nameSource).default([]),
    decode: decodeSource.optional(),
    records: expressionSource.optional(),
    record: expressionSource.optional(),
    map: expressionSource.optional(),
    filter: expressionSource.optional(),
    /** Whether a record says that it is gone. */
    deleted: expressionSource.optional(),
    /** What must hold for the answer to count as success, besides its status. */
    ok: expressionSource.optional(),
    /** Tried before the integration's. */
    errors: z.array(errorRuleSource).default([]),
    pagination: paginationReference.optional(),
    incremental: incrementalSource.optional(),
    partitions: z.array(partitionSource).max(4).default([]),
    properties: propertiesSource.optional(),
    job: jobSource.optional(),
    budget: budgetSource.optional(),
  })
  .refine((value) => !(value.records && value.record), {
    path: ['record'],
    error: 'must not stand beside records',
  });
export type MethodSource = z.output<typeof methodSource>;

/** A call whose answer says whether an account works. */
export const verifySource = z.strictObject({
  path: pathSource,
  ...requestParts,
  /** Another address than the integration's: one that serves every account. */
  base_url: textSource.optional(),
  /** For these alternatives of `auth` alone. Omitted: for all. */
  auth: z.array(nameSource).min(1).optional(),
  ok: expressionSource.optional(),
});

export type VerifySource = z.output<typeof verifySource>;

/** `id` tells records apart; every other member is a method. */
export const resourceSource = z
  .object({ id: expressionSource.optional(), discovered: discoveredSource.optional() })
  .catchall(methodSource)
  .superRefine((value, context) => {
    for (const name of Object.keys(value)) {
      if (!nameSource.safeParse(name).success) {
        context.addIssue({ code: 'custom', path: [name], message: 'must be a name in snake_case' });
      }
    }
  });
export type ResourceSource = z.output<typeof resourceSource>;
