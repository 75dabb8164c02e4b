import fc from 'fast-check';
import { buildRequest } from '../../../shared/provider/build-request.ts';
import { anIntegration } from '../../support/builders/an-integration.ts';

const integration = anIntegration({
  resources: {
    things: {
      run: { path: '/things/{{id}}/parts', params: ['q'], query: { q: '{{params.q}}' } },
    },
  },
});
const method = integration.resources['things']!.methods['run']!;
/** Every string but lone surrogates, which no URL can carry. */
const text = fc.string({ unit: 'grapheme', minLength: 1 });

it('no value changes the host, the shape of the path or another parameter', () => {
  fc.assert(
    fc.property(text, text, (id, q) => {
      fc.pre(id !== '.' && id !== '..');
      const scope = { id, params: { q } };
      const { url } = buildRequest({
        integration,
        method,
        account: { auth: 'token', connection: {} },
        scope,
      });
      const segments = url.pathname.split('/');

      expect(url.origin).toBe('https://api.acme.com');
      expect(segments.map((segment, index) => (index === 3 ? '' : segment))).toEqual([
        '',
        'v1',
        'things',
        '',
        'parts',
      ]);
      expect(decodeURIComponent(segments[3] ?? '')).toBe(id);
      expect([...url.searchParams]).toEqual([['q', q]]);
    }),
  );
});
