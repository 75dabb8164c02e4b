/** Lists that a provider prepares first, compiled: see schema/job.ts. */
import type { Expression } from '../../expression/expression.ts';

/** Name under `job` → where its value stands in an answer. */
export type JobCapture = Readonly<Record<string, Expression>>;

export interface Job<Request> {
  readonly create: { readonly request: Request; readonly capture: JobCapture };
  readonly poll: {
    readonly request: Request;
    readonly capture: JobCapture;
    readonly done: Expression;
    readonly failed: Expression | undefined;
    readonly everyMs: number;
  };
  /** Sent after the last page, or where the job failed. */
  readonly remove: { readonly request: Request } | undefined;
  readonly withinMs: number;
}
