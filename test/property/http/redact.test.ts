import fc from 'fast-check';
import { loggedFreeUrl } from '../../../shared/http/redact.ts';

/** People and companies are called so, and words of an API look no different. */
const value = fc
  .stringMatching(/^[A-Za-z0-9_-]{6,12}$/)
  .filter((text) => !/thing|acme/i.test(text));
const words = { segments: new Set(['things']), parameters: new Set(['a']) };

it('a logged URL holds no value of path or query', () => {
  fc.assert(
    fc.property(value, value, value, (segment, first, name) => {
      const url = new URL(`https://api.acme.com/v1/things/${segment}?a=${first}&${name}=1`);
      const logged = loggedFreeUrl(url, '/v1', words);

      expect([segment, first, name].filter((secret) => logged.includes(secret))).toEqual([]);
    }),
  );
});
