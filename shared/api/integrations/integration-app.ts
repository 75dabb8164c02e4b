/** The environment's app at a provider: OAuth client and webhook secrets, write-only. */
import * as z from 'zod';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { Transient } from '../../kernel/transient.ts';
import type { AppStore } from '../../oauth/app/app-store.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { type Route, route } from '../http/route.ts';

const secret = z.string().min(1).max(4_096);

const put = endpoint({
  method: 'PUT',
  path: '/v1/integrations/{name}/app',
  scopes: ['write'],
  summary: 'Sets the OAuth client and the webhook secrets of this environment.',
  input: z.object({
    params: z.strictObject({ name: z.string() }),
    body: z
      .strictObject({
        client_id: z.string().min(1).max(1_024).optional(),
        client_secret: secret.optional(),
        webhook_secrets: z.array(secret).max(10).default([]),
      })
      .refine((body) => body.client_secret === undefined || body.client_id !== undefined, {
        path: ['client_id'],
        message: 'is required beside client_secret',
      })
      .meta({ id: 'IntegrationApp' }),
  }),
  response: noBody,
  status: 204,
});

export interface IntegrationAppDeps {
  readonly catalogue: Catalogue;
  readonly apps: Pick<AppStore, 'put'>;
}

export function integrationAppRoute({ catalogue, apps }: IntegrationAppDeps): Route {
  return route(put, {
    async run({ params: { name }, body, caller }) {
      if (!catalogue.integration(name)) throw new NotFoundError('there is no such integration');
      const { client_id: id, client_secret } = body;
      const client = id === undefined ? {} : { client: { id, ...withSecret(client_secret) } };
      const app = { ...client, webhookSecrets: body.webhook_secrets };
      await apps.put(caller.environmentId, name, Transient.of(app));
      return {};
    },
  });
}

function withSecret(text: string | undefined): { readonly secret?: string } {
  return text === undefined ? {} : { secret: text };
}
