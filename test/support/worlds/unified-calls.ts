/** The calls on records over canned answers, for an integration that has one of everything. */
import type { IntegratedAccount } from '../../../shared/account/integrated-account.ts';
import type { JsonObject } from '../../../shared/kernel/json.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import type { ListRecordsCall } from '../../../shared/unified/list-records.ts';
import { createUnifiedCalls } from '../../../shared/unified/unified-calls.ts';
import type { WriteRecordCall } from '../../../shared/unified/write-record.ts';
import {
  aCatalogue,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../builders/an-integration.ts';

const PEOPLE = {
  id: 'id',
  list: {
    path: '/people',
    records: 'body.people',
    deleted: 'gone = true',
    pagination: {
      kind: 'page',
      param: 'page',
      size: { param: 'per', value: 50 },
      more: 'body.more',
      more_optional: true,
    },
  },
  get: { path: '/people/{{id}}', record: 'body.person' },
  create: {
    path: '/people',
    headers: { 'Idempotency-Key': '{{op.key}}' },
    body: { person: '{{input}}' },
    record: 'body.person',
  },
  update: { path: '/people/{{id}}', body: '{{input}}' },
  delete: { path: '/people/{{id}}', auth: ['token'] },
};

export const catalogue = aCatalogue(
  {
    connection: { site: { pattern: '^.*$', default: 'main' } },
    auth: {
      token: { kind: 'token', apply: { headers: { Authorization: 'Bearer {{cred.token}}' } } },
      guest: { kind: 'token', apply: { headers: { 'X-Guest': '{{cred.token}}' } } },
    },
    resources: {
      people: PEOPLE,
      names: { id: 'id', list: PEOPLE.list, create: PEOPLE.create },
      kinds: { id: 'id', list: { path: '/kinds', records: 'body.kinds' } },
      objects: {
        id: 'id',
        discovered: { from: 'kinds', name: 'name', param: 'kind' },
        list: { path: '/objects/{{params.kind}}', params: ['kind'], records: 'body.objects' },
        get: {
          path: '/objects/{{params.kind}}/{{id}}',
          params: ['kind'],
          record: 'body.object',
        },
      },
    },
  },
  {
    models: [
      {
        spec: 1,
        model: 'crm',
        title: 'CRM',
        resources: {
          contacts: {
            required: ['id', 'name'],
            properties: {
              id: { type: 'string', readOnly: true },
              name: { type: 'string' },
              born_on: { type: 'string', format: 'date' },
              seen_at: { type: 'string', format: 'date-time' },
              age: { type: 'integer' },
              kind: { type: ['string', 'null'], enum: ['lead', 'client', null] },
              emails: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['email'],
                  properties: { email: { type: 'string' }, is_primary: { type: 'boolean' } },
                },
              },
            },
          },
        },
      },
    ],
    mappings: [
      {
        spec: 1,
        integration: 'acme',
        model: 'crm',
        resource: 'contacts',
        source: 'people',
        headers: { 'X-View': 'full' },
        fields: { id: '$string(response.id)', name: 'response.name' },
        write: {
          name: 'input.name',
          'more.born': 'input.born_on',
          'more.age': 'input.age',
          kind: 'input.kind',
          seen: 'input.seen_at',
          mail: 'input.emails.email',
          extra: 'input.custom_fields',
          place: '$conn.site',
          self: 'id',
        },
      },
    ],
  },
);

export const aRecord = (id: number, more: object = {}) => ({ id, name: `N${id}`, ...more });

/** @param answers in order, the last one for ever */
export function aUnifiedApi(...answers: readonly Canned[]) {
  const send = aSendHttp(...answers);
  const calls = createUnifiedCalls({ ...aDeps(send), catalogue });
  const common = (account: Partial<IntegratedAccount> = {}) => ({
    requestId: 'req-1',
    account: anAccount({ connection: { site: 'main' }, ...account }),
    query: {},
  });
  return {
    send,
    list: (parts: Partial<ListRecordsCall> = {}) =>
      calls.listRecords({
        ...common(),
        ref: { model: 'crm', resource: 'contacts' },
        limit: 20,
        ...parts,
      }),
    get: (id: string, resource = 'people') =>
      calls.getRecord({ ...common(), ref: { resource }, id }),
    write: (
      verb: WriteRecordCall['verb'],
      input: JsonObject = {},
      parts: Partial<WriteRecordCall> = {},
    ) =>
      calls.writeRecord({
        ...common(),
        ref: { model: 'crm', resource: 'contacts' },
        verb,
        input: Transient.of(input),
        operationKey: 'op-1',
        ...(verb === 'create' ? {} : { id: '7' }),
        ...parts,
      }),
    common,
  };
}
