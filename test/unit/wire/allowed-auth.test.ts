import { UnprocessableError } from '#shared/kernel/errors.ts';
import { buildRequest } from '#shared/provider/build-request.ts';
import { anIntegration } from '../../support/builders/an-integration.ts';

const TOKEN = { kind: 'token', apply: { headers: { a: '{{cred.key}}' } } };
const integration = anIntegration({
  auth: { oauth: TOKEN, key: TOKEN },
  resources: {
    things: {
      list: {
        path: '/things',
        records: 'body',
        auth: ['oauth'],
        apply: { query: { k: '{{cred.key}}' } },
      },
    },
  },
});
const method = integration.resources['things']!.methods['list']!;
const build = (auth: string) =>
  buildRequest({ integration, method, account: { auth, connection: {} }, scope: { params: {} } });

describe('a method that takes accounts of some alternatives alone', () => {
  it('takes those, and says where their credential goes', () => {
    expect(Object.keys(build('oauth').apply!.query)).toEqual(['k']);
  });

  it('refuses the others before anything is sent, and names what it takes', () => {
    expect(() => build('key')).toThrow(UnprocessableError);
    expect(() => build('key')).toThrow(
      expect.objectContaining({
        faults: [{ path: 'auth', message: 'takes accounts of oauth alone' }],
      }),
    );
  });
});
