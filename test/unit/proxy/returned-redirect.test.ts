import { createCredential } from '#shared/account/credential.ts';
import { returnedLocation, withoutCredential } from '#shared/proxy/returned-redirect.ts';

const PLACE = { url: new URL('https://api.acme.com/v1/things/7/parts?q=1'), basePath: '/v1' };

describe('returnedLocation', () => {
  it.each([
    ['https://api.acme.com/v1/items/7', './../../items/7'],
    ['/v1/items/7?a=1', './../../items/7?a=1'],
    ['parts/', './../../things/7/parts/'],
    ['/v1/', './../../'],
    ['/v1/a:b', './../../a:b'],
  ])('points %s to the same place below our own proxy', (location, expected) => {
    expect(returnedLocation(location, PLACE)).toBe(expected);
  });

  it('leads a caller who follows it to that place, whatever stands before our path', () => {
    const location = returnedLocation('/v1/items/7?a=1', PLACE);
    const asked = 'https://gate.example/prod/v1/proxy/things/7/parts?q=1';

    expect(new URL(location, asked).href).toBe('https://gate.example/prod/v1/proxy/items/7?a=1');
  });

  it('repeats what our caller must say again', () => {
    const place = { ...PLACE, ownQuery: 'integrated_account_id=ia_1' };

    expect(returnedLocation('/v1/x', place)).toBe('./../../x?integrated_account_id=ia_1');
    expect(returnedLocation('/v1/x?a=1', place)).toBe('./../../x?a=1&integrated_account_id=ia_1');
  });

  it.each([
    'https://files.acme.com/v1/x',
    'https://evil.com/v1/x',
    'http://api.acme.com/v1/x',
    'https://api.acme.com:8443/v1/x',
    'https://u:p@api.acme.com/v1/x',
    '//evil.com/v1/x',
    '/login',
    '/v10/x',
    'mailto:a@b.c',
    'https://',
  ])('leaves %s as it is, for it is not below the base URL', (location) => {
    expect(returnedLocation(location, PLACE)).toBe(location);
  });
});

describe('withoutCredential', () => {
  const credential = createCredential({ key: 's3cret/value' });
  const clean = (headers: Record<string, string>) =>
    withoutCredential(headers, ['api_key', 'page[key]'], credential);

  it.each([
    ['https://x.com/a?api_key=abc', 'https://x.com/a'],
    ['https://x.com/a?api_key=abc&b=1', 'https://x.com/a?b=1'],
    ['https://x.com/a?b=1&api_key=abc', 'https://x.com/a?b=1'],
    ['https://x.com/a?b=1&API_KEY=abc#c', 'https://x.com/a?b=1#c'],
    ['https://x.com/a?page%5Bkey%5D=abc&b=1', 'https://x.com/a?b=1'],
    ['https://x.com/a?my_api_key=abc', 'https://x.com/a?my_api_key=abc'],
  ])('takes the parameter out of %s', (location, expected) => {
    expect(clean({ location })).toEqual({ location: expected });
  });

  it('takes it out of links too', () => {
    const link = '<https://x.com/a?api_key=abc&page=2>; rel="next", <https://x.com/a?api_key=abc>';

    expect(clean({ link })).toEqual({
      link: '<https://x.com/a?page=2>; rel="next", <https://x.com/a>',
    });
  });

  it.each(['https://x.com/a?other=s3cret/value', 'https://x.com/s3cret%2Fvalue'])(
    'drops %s, which holds it under another name',
    (location) => {
      expect(clean({ location, 'x-a': '1' })).toEqual({ 'x-a': '1' });
    },
  );

  it('leaves headers alone where the credential does not travel in the query', () => {
    const headers = { location: 'https://x.com/a?api_key=abc' };

    expect(withoutCredential(headers, [], credential)).toBe(headers);
  });
});
