import { buildRequest } from '../../../../shared/provider/build-request.ts';
import { anAccount, anIntegration } from '../../../support/builders/an-integration.ts';

function acceptOf(list: object) {
  const integration = anIntegration({ resources: { things: { list: { path: '/x', ...list } } } });
  const method = integration.resources['things']!.methods['list']!;
  return buildRequest({ integration, method, account: anAccount(), scope: {} }).headers['accept'];
}

describe('Accept', () => {
  it.each([
    [{}, 'application/json'],
    [{ decode: { format: 'csv' } }, 'text/csv'],
    [{ decode: { format: 'xml' } }, 'application/xml, text/xml'],
    [{ decode: { format: 'jsonl' } }, '*/*'],
    [{ decode: { format: 'csv', compression: 'gzip' } }, '*/*'],
  ])('asks for what %j reads', (list, accept) => {
    expect(acceptOf(list)).toBe(accept);
  });

  it('says what the integration says, where it says something', () => {
    const list = { decode: { format: 'csv' }, headers: { Accept: 'application/x-report' } };

    expect(acceptOf(list)).toBe('application/x-report');
  });
});
