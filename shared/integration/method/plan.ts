/** An integration's resources and what can be done to them, compiled: see schema/resource.ts. */
import type { Expression } from '../../expression/expression.ts';
import type { Apply } from '../auth/plan.ts';
import type { Incremental } from '../incremental/plan.ts';
import type { Budget, ErrorRule } from '../limits/plan.ts';
import type { Pagination } from '../paging/plan.ts';
import type { Job } from '../pieces/job.ts';
import type { Discovered, Partition, Properties } from '../pieces/partition.ts';
import type { Decode } from '../request/decode.ts';
import type { BodyFormat } from '../request/source.ts';
import type { ValueOf } from '../template/scope.ts';
import type { Template } from '../template/template.ts';

/** One request to a provider: what methods, jobs and lifecycle actions have in common. */
export interface RequestParts {
  readonly httpMethod: string;
  readonly path: Template;
  readonly query: Readonly<Record<string, ValueOf>>;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body: ValueOf | undefined;
  readonly bodyFormat: BodyFormat;
  /** Undefined: what the format says. */
  readonly contentType: string | undefined;
  readonly timeoutMs: number | undefined;
  /** Instead of the integration's; on the hosts allow-list as well. */
  readonly baseUrl: Template | undefined;
}

export interface Method extends RequestParts {
  readonly name: string;
  /** The whole address, instead of a path below another. */
  readonly url: Template | undefined;
  /** Names that the caller must give, or partitions fill. */
  readonly params: readonly string[];
  /** Names that the caller may give. */
  readonly optionalParams: readonly string[];
  /** Alternatives of `auth` that may call it; undefined: all. */
  readonly authNames: readonly string[] | undefined;
  /** Where the credential goes, instead of where the alternative says. */
  readonly apply: Apply | undefined;
  readonly decode: Decode | undefined;
  readonly records: Expression | undefined;
  readonly record: Expression | undefined;
  readonly map: Expression | undefined;
  readonly filter: Expression | undefined;
  /** Whether a record says that it is gone. */
  readonly deleted: Expression | undefined;
  readonly ok: Expression | undefined;
  /** Tried before the integration's. */
  readonly errors: readonly ErrorRule[];
  readonly pagination: Pagination;
  readonly incremental: Incremental | undefined;
  readonly partitions: readonly Partition[];
  readonly properties: Properties | undefined;
  readonly job: Job<RequestParts> | undefined;
  readonly budget: Budget | undefined;
  /** Whether `op.key` is looked up: then the provider tells a repeated write from a new one. */
  readonly sendsOperationKey: boolean;
}

export interface Resource {
  readonly name: string;
  /** On the record. */
  readonly id: Expression | undefined;
  readonly discovered: Discovered | undefined;
  readonly methods: Readonly<Record<string, Method>>;
}
