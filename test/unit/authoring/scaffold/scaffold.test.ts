/** Whatever the flags, a new integration is valid to the letter and passes its own test. */

import { openFolder } from '../../../../authoring/open-folder.ts';
import { testFolder, validateFolder } from '../../../../authoring/report/report.ts';
import { AUTH_KINDS } from '../../../../authoring/scaffold/auth-blocks.ts';
import { PAGINATION_KINDS } from '../../../../authoring/scaffold/pagination-blocks.ts';
import { scaffoldIntegration } from '../../../../authoring/scaffold/scaffold.ts';
import { UsageError } from '../../../../authoring/usage-error.ts';
import { aNewIntegration } from '../../../support/builders/authored-integration.ts';

describe('integration new', () => {
  it.each([
    ...AUTH_KINDS.map((auth) => [`auth ${auth}`, { auth }] as const),
    ...PAGINATION_KINDS.map((pagination) => [`pagination ${pagination}`, { pagination }] as const),
    ...['ticketing/tickets', 'crm/contacts'].map((maps) => [maps, { maps }] as const),
    ['a path below the host', { baseUrl: 'https://acme.com/api/rest/v3/' }] as const,
  ])('makes one that validates strictly and passes: %s', async (_what, flags) => {
    const opened = openFolder(aNewIntegration(flags));
    const { faults, warnings } = await validateFolder(opened);
    const { passed, fixtures, conformance } = await testFolder(opened);

    expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
    expect(fixtures.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
    expect(conformance.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(passed).toBe(true);
  });

  it('titles it as the name reads', () => {
    const opened = openFolder(aNewIntegration({ name: 'acme_crm' }));

    expect(opened.integration?.source.title).toBe('Acme Crm');
  });

  it.each([
    ['a name that is none', { name: 'Acme' }],
    ['an address that is none', { baseUrl: 'acme' }],
    ['an address with a query', { baseUrl: 'https://acme.com/?a=1' }],
    ['an unknown kind of auth', { auth: 'magic' }],
    ['a kind of auth that every object has', { auth: 'constructor' }],
    ['an unknown pagination', { pagination: 'magic' }],
    ['an unknown model', { maps: 'crm/nothing' }],
  ])('refuses %s', (_what, flags) => {
    expect(() => aNewIntegration(flags)).toThrow(UsageError);
  });

  it('never touches a folder that is there', () => {
    const folder = aNewIntegration();
    const again = { auth: 'token', pagination: 'cursor', maps: 'crm/contacts' };

    expect(() =>
      scaffoldIntegration({
        ...again,
        name: 'acme',
        directory: `${folder}/..`,
        baseUrl: 'https://api.acme.com',
      }),
    ).toThrow('exists already');
  });
});
