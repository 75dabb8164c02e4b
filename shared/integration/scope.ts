/** What templates and expressions of a request may look up: `{ conn, params, id, input, since, page }`. */
export type Scope = Readonly<Record<string, unknown>>;
