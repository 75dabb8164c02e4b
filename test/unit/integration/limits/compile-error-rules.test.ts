import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const rule = (parts: object) => ({ when: 'status = 400', ...parts });

it.each([
  [{ class: 'ignore', action: 'fail' }, 'must be absent where nothing went wrong'],
  [{ class: 'auth', action: 'reset_pagination' }, 'a list is not begun again after class auth'],
  [
    { class: 'rate_limited', action: 'reset_pagination' },
    'a list is not begun again after class rate_limited',
  ],
])('loading refuses %j', (parts, message) => {
  const list = { path: '/things', records: 'body', errors: [rule(parts)] };
  const load = () => anIntegration({ resources: { things: { list } } });

  expect(load).toThrow(IntegrationInvalidError);
  expect(load).toThrow(
    expect.objectContaining({
      faults: [{ path: 'resources.things.list.errors[0].action', message }],
    }),
  );
});

it('loading takes every action that can be done', () => {
  const errors = [
    rule({ class: 'permission', action: 'refresh_and_retry' }),
    rule({ class: 'auth', action: 'fail' }),
    rule({ class: 'transient', action: 'reset_pagination', fields: 'body.field' }),
  ];

  expect(anIntegration({ errors }).errors.map(({ action }) => action)).toEqual([
    'refresh_and_retry',
    'fail',
    'reset_pagination',
  ]);
});
