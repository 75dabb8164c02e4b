import { loggedFreeUrl, loggedUrl, scrubMessage } from '../../../shared/http/redact.ts';

describe('loggedUrl', () => {
  it('writes the declared path and no query values', () => {
    const url = new URL(
      'https://acme.zendesk.com/api/v2/tickets/42.json?page%5Bsize%5D=100&q=jane',
    );

    expect(loggedUrl(url, { basePath: '/api/v2', path: '/tickets/{{id}}.json' })).toBe(
      'https://acme.zendesk.com/api/v2/tickets/{id}.json?page[size]={}&q={}',
    );
  });

  it('names the last part of a declared path value', () => {
    const url = new URL('https://a.acme.com/tickets/7/comments');

    expect(loggedUrl(url, { basePath: '', path: '/tickets/{{params.ticket_id}}/comments' })).toBe(
      'https://a.acme.com/tickets/{ticket_id}/comments',
    );
  });
});

describe('loggedFreeUrl', () => {
  const words = { segments: new Set(['users', 'me.json']), parameters: new Set(['page[size]']) };

  it.each([
    ['https://a.acme.com/api/v2/users/42', 'https://a.acme.com/api/v2/users/{}'],
    ['https://a.acme.com/api/users/jane@acme.com', 'https://a.acme.com/api/users/{}'],
    ['https://a.acme.com/api/users/jane/me.json', 'https://a.acme.com/api/users/{}/me.json'],
    ['https://a.acme.com/api', 'https://a.acme.com/api'],
    ['https://a.acme.com/apis/jane', 'https://a.acme.com/{}/{}'],
    ['https://a.acme.com/api/users?page%5Bsize%5D=9', 'https://a.acme.com/api/users?page[size]={}'],
    ['https://a.acme.com/api/users?jane=1&doe=2&jane=3', 'https://a.acme.com/api/users?{}={}'],
  ])("of %s keeps the integration's own words only", (url, expected) => {
    expect(loggedFreeUrl(new URL(url), '/api', words)).toBe(expected);
  });
});

describe('scrubMessage', () => {
  it.each([
    ['Email jane.doe@acme.com is taken', 'Email {email} is taken'],
    ['Phone +49 170 1234567 is wrong', 'Phone {number} is wrong'],
    ['Token sk_live_abcdefghijklmnopqrstuvwx refused', 'Token {token} refused'],
    ['Subject cannot be blank', 'Subject cannot be blank'],
  ])('writes %p as %p', (text, expected) => {
    expect(scrubMessage(text)).toBe(expected);
  });

  it('cuts at 200 characters', () => {
    expect(scrubMessage('a b '.repeat(100))).toHaveLength(200);
  });
});
