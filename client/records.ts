/** Records of one resource of one integrated account: a provider's own, or unified ones. */

/** Calls the API; `headers` beside those that every call has. */
export type Call = <Answer>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

export type RecordFields = Readonly<Record<string, unknown>>;

export interface RecordPage<Item = RecordFields> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
  /** Records that do not fit their model, and why. */
  readonly errors?: readonly {
    readonly id?: string;
    readonly code: string;
    readonly message: string;
  }[];
}

export interface ViewOptions {
  /** Unified records: these fields alone. */
  readonly fields?: readonly string[];
  /** Unified records: the provider's own beside each. */
  readonly include_remote_data?: boolean;
  /** Filters of the model, or parameters of the provider. */
  readonly filters?: Readonly<Record<string, string>>;
}

export interface ListOptions extends ViewOptions {
  /** Records a page, where the provider lets us say so; 1 to 200. */
  readonly limit?: number;
  readonly cursor?: string;
  /** ISO 8601. */
  readonly updated_after?: string;
}

export interface WriteOptions extends ViewOptions {
  /** Within 24 hours, the same key and the same request take effect once. */
  readonly idempotencyKey?: string;
}

export interface Records {
  list(options?: ListOptions): Promise<RecordPage>;
  get(id: string, options?: ViewOptions): Promise<RecordFields>;
  create(input: RecordFields, options?: WriteOptions): Promise<RecordFields>;
  /** Changes the given fields; null clears one. */
  update(id: string, input: RecordFields, options?: WriteOptions): Promise<RecordFields>;
  delete(id: string, options?: WriteOptions): Promise<void>;
}

export function recordCalls(call: Call) {
  return {
    /** Records of a provider, in its own shape: `resources(id, 'tickets')`. */
    resources: (accountId: string, resource: string) =>
      createRecords(call, accountId, `/v1/resources/${encodeURIComponent(resource)}`),
    /** Unified records: `unified(id, 'ticketing', 'tickets')`. */
    unified: (accountId: string, model: string, resource: string) =>
      createRecords(
        call,
        accountId,
        `/v1/unified/${encodeURIComponent(model)}/${encodeURIComponent(resource)}`,
      ),
    /** What can be called for an account; `discover` asks its provider too. */
    accountCapabilities: (id: string, discover = false) =>
      call<Readonly<Record<string, unknown>>>(
        'GET',
        `/v1/integrated-accounts/${id}/capabilities?discover=${discover}`,
      ),
    integrationCapabilities: (name: string) =>
      call<Readonly<Record<string, unknown>>>('GET', `/v1/integrations/${name}/capabilities`),
  };
}

/** @param path `/v1/unified/ticketing/tickets` */
function createRecords(call: Call, accountId: string, path: string): Records {
  const send = <Answer>(
    method: string,
    to: string,
    options: ListOptions & WriteOptions = {},
    body?: RecordFields,
  ) =>
    call<Answer>(method, `${to}${queryOf(options)}`, body, {
      'x-integrated-account-id': accountId,
      ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
    });
  const one = (id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    list: (options) => send('GET', path, options),
    get: (id, options) => send('GET', one(id), options),
    create: (input, options) => send('POST', path, options, input),
    update: (id, input, options) => send('PATCH', one(id), options, input),
    delete: (id, options) => send('DELETE', one(id), options),
  };
}

function queryOf({
  filters,
  fields,
  idempotencyKey: _,
  ...rest
}: ListOptions & WriteOptions): string {
  const query = new URLSearchParams(filters);
  if (fields) query.set('fields', fields.join(','));
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}
