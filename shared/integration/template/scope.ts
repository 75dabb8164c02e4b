import type { Json } from '../../kernel/json.ts';

/**
 * What templates and expressions of a request may look up: `{ conn, params, id, input, since, until,
 * page, parent, job, properties, op }`.
 */
export type Scope = Readonly<Record<string, unknown>>;

/** Undefined where an expression yields nothing: the member is left out. */
export type ValueOf = (scope: Scope) => Json | undefined;
