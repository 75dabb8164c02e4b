/** Records in the provider's own shape, with our paging, errors and rate-limit headers. */

import { type Route, route } from '../http/route.ts';
import { NATIVE_PARAMETERS, nativeEndpoints } from './record-endpoints.ts';
import { createRecordHandlers, type RecordRouteDeps } from './record-handlers.ts';

export function resourceRoutes(deps: RecordRouteDeps): readonly Route[] {
  const handlers = createRecordHandlers(deps, NATIVE_PARAMETERS);
  const { list, get, create, update, remove } = nativeEndpoints;
  return [
    route(list, { run: (call) => handlers.list(call, { ref: call.params }) }),
    route(get, {
      run: (call) => handlers.get(call, named(call.params)),
    }),
    route(create, {
      run: (call) => handlers.create(call, { ref: call.params }, call.body),
      recall: (id, call) => handlers.recall(call, { ref: call.params, id }),
      isRepeatable: (call) => handlers.isRepeatable(call, { ref: call.params }, 'create'),
    }),
    route(update, {
      run: (call) => handlers.update(call, named(call.params), call.body),
      recall: (_id, call) => handlers.recall(call, named(call.params)),
      isRepeatable: (call) => handlers.isRepeatable(call, named(call.params), 'update'),
    }),
    route(remove, {
      run: (call) => handlers.remove(call, named(call.params)),
      recall: async (id) => ({ id }),
      isRepeatable: (call) => handlers.isRepeatable(call, named(call.params), 'delete'),
    }),
  ];
}

function named({ resource, id }: { readonly resource: string; readonly id: string }) {
  return { ref: { resource }, id };
}
