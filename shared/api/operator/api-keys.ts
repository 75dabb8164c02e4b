/** API keys: the secret is in the answer that makes the key, and nowhere else. */
import * as z from 'zod';
import { type ApiKey, apiKeyScope } from '../../access/api-key.ts';
import type { ApiKeyStore } from '../../access/api-key-store.ts';
import { isoTime } from '../../kernel/clock.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { brandId } from '../../kernel/id.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { type Cursors, listOf, listReply, paging } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';
import { idParam, time } from '../http/schemas.ts';

const members = {
  id: z.string(),
  name: z.string().nullable(),
  scopes: z.array(apiKeyScope),
  created_at: time,
};
const apiKey = z.object(members).meta({ id: 'ApiKey' });
const newApiKey = z
  .object({
    ...members,
    key: z.string().optional().describe('The key itself; absent in an idempotent repeat.'),
  })
  .meta({ id: 'NewApiKey' });

const create = endpoint({
  method: 'POST',
  path: '/v1/api-keys',
  scopes: ['admin'],
  summary: 'Makes an API key of this environment and shows it once.',
  input: z.object({
    body: z
      .strictObject({
        name: z.string().min(1).max(200).optional(),
        scopes: z.array(apiKeyScope).min(1).max(apiKeyScope.options.length),
      })
      .meta({ id: 'ApiKeyInput' }),
  }),
  response: newApiKey,
  status: 201,
});

const list = endpoint({
  method: 'GET',
  path: '/v1/api-keys',
  scopes: ['admin'],
  summary: 'Lists the API keys of this environment, without their secrets.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(apiKey),
  status: 200,
});

const remove = endpoint({
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  scopes: ['admin'],
  summary: 'Ends an API key; it is refused everywhere within a minute.',
  input: z.object({ params: idParam<'key'>() }),
  response: noBody,
  status: 204,
});

export interface ApiKeyRouteDeps {
  readonly apiKeys: ApiKeyStore;
  readonly cursors: Cursors;
}

export function apiKeyRoutes({ apiKeys, cursors }: ApiKeyRouteDeps): readonly Route[] {
  return [
    route(create, {
      async run({ body: { scopes, name }, caller }) {
        const wanted = { scopes: [...new Set(scopes)], ...(name !== undefined && { name }) };
        const made = await apiKeys.create(caller.environmentId, wanted);
        return { id: made.apiKey.id, body: { ...viewOf(made.apiKey), key: made.key } };
      },
      async recall(id, { caller }) {
        const found = await apiKeys.find(brandId<'key'>(id));
        if (found?.environmentId !== caller.environmentId) {
          throw new NotFoundError('the api key does not exist any more');
        }
        return { body: viewOf(found) };
      },
    }),
    route(list, {
      run: ({ query, caller: { environmentId } }) =>
        listReply({
          cursors,
          list: { environmentId, path: list.path, filters: {} },
          query,
          fetch: (page) => apiKeys.list(environmentId, page),
          view: viewOf,
        }),
    }),
    route(remove, {
      async run({ params: { id }, caller }) {
        await apiKeys.delete(caller.environmentId, id);
        return { id };
      },
      recall: async (id) => ({ id }),
    }),
  ];
}

function viewOf(stored: ApiKey): z.input<typeof apiKey> {
  return {
    id: stored.id,
    name: stored.name ?? null,
    scopes: [...stored.scopes],
    created_at: isoTime(stored.createdAtMs),
  };
}
