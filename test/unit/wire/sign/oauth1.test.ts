import {
  baseString,
  oauth1Header,
  oauth1Signature,
  type Parameter,
  percentEncode,
} from '#shared/wire/sign/oauth1.ts';

const PRINTER = {
  consumerKey: 'dpf43f3p2l4k3l03',
  consumerSecret: 'kd94hf93k423kf44',
  method: 'HMAC-SHA1',
} as const;

/** RFC 5849 §1.2, whose three requests hold no `oauth_version`. */
const RFC_1_2 = [
  {
    what: 'temporary credentials',
    method: 'POST',
    url: 'https://photos.example.net/initiate',
    token: [],
    tokenSecret: '',
    moment: ['137131200', 'wIjqoS'],
    more: [['oauth_callback', 'http://printer.example.com/ready']],
    signature: '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
  },
  {
    what: 'token credentials',
    method: 'POST',
    url: 'https://photos.example.net/token',
    token: [['oauth_token', 'hh5s93j4hdidpola']],
    tokenSecret: 'hdhd0244k9j7ao03',
    moment: ['137131201', 'walatlh'],
    more: [['oauth_verifier', 'hfdp7dh39dks9884']],
    signature: 'gKgrFCywp7rO0OXSjdot/IHF7IU=',
  },
  {
    what: 'the photo',
    method: 'GET',
    url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
    token: [['oauth_token', 'nnch734d00sl2jdk']],
    tokenSecret: 'pfkkdhi9sl3r4s00',
    moment: ['137131202', 'chapoH'],
    more: [],
    signature: 'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
  },
] as const;

describe('an OAuth 1.0 signature', () => {
  it.each(RFC_1_2)('of $what is that of RFC 5849 §1.2', (example) => {
    const [timestamp, nonce] = example.moment;
    const protocol: readonly Parameter[] = [
      ['oauth_consumer_key', PRINTER.consumerKey],
      ...example.token,
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', timestamp],
      ['oauth_nonce', nonce],
      ...example.more,
    ];
    const base = baseString({ method: example.method, url: new URL(example.url) }, protocol);
    const keys = { ...PRINTER, tokenSecret: example.tokenSecret };

    expect(oauth1Signature(base, keys)).toBe(example.signature);
  });

  it('is made over the base string of RFC 5849 §3.4.1.1: query, form and header', () => {
    const url = new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b');

    expect(
      baseString({ method: 'post', url, form: 'c2&a3=2+q' }, [
        ['oauth_consumer_key', '9djdj82h48djs9d2'],
        ['oauth_token', 'kkk9d7dh3k39sjv7'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131201'],
        ['oauth_nonce', '7d8f3e4a'],
      ]),
    ).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it.each([
    ['PLAINTEXT', 'djr9rjt0jd78jf88&jjd99$tj88uiths3', 'djr9rjt0jd78jf88&jjd99%24tj88uiths3'],
    ['PLAINTEXT', 'djr9rjt0jd78jf88&', 'djr9rjt0jd78jf88&'],
  ] as const)('as %s is the encoded secrets, RFC 5849 §3.4.4', (method, secrets, expected) => {
    const [consumerSecret = '', tokenSecret = ''] = secrets.split('&');
    const keys = { consumerKey: 'k', consumerSecret, tokenSecret, method };

    expect(oauth1Signature('whatever', keys)).toBe(expected);
  });
});

describe('the Authorization header', () => {
  /** Documented by a provider: docs.x.com, "Creating a signature". */
  it('signs a form together with the query', () => {
    const header = oauth1Header(
      {
        method: 'POST',
        url: new URL('https://api.twitter.com/1.1/statuses/update.json?include_entities=true'),
        form: 'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21',
      },
      {
        consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
        consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
        token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
        tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
        method: 'HMAC-SHA1',
      },
      { nowMs: 1_318_622_958_999, nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg' },
    );

    expect(header).toContain('oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"');
    expect(header).toContain('oauth_timestamp="1318622958"');
  });

  /** openssl: printf '%s' "$base" | openssl dgst -sha256 -hmac 'cs&ts' -binary | base64 */
  it('names a realm and signs by HMAC-SHA256, as token-based authentication asks', () => {
    const header = oauth1Header(
      {
        method: 'GET',
        url: new URL('https://acme.example/rest/v1/contact?q=a%20IS%20%22b%22&limit=5'),
      },
      {
        consumerKey: 'ck',
        consumerSecret: 'cs',
        token: 'tk',
        tokenSecret: 'ts',
        method: 'HMAC-SHA256',
        realm: '1234567_SB1',
      },
      { nowMs: 1_700_000_000_000, nonce: 'n0nce' },
    );

    expect(header).toBe(
      'OAuth realm="1234567_SB1", oauth_consumer_key="ck", oauth_token="tk", oauth_signature_method="HMAC-SHA256", oauth_timestamp="1700000000", oauth_nonce="n0nce", oauth_version="1.0", oauth_signature="fL66zcvztPcNXv6d34ojF0IWzY0Jwrvt1Yhb5EfPYek%3D"',
    );
  });

  it('names no token where there is none', () => {
    const header = oauth1Header(
      { method: 'GET', url: new URL('https://acme.example/') },
      { consumerKey: 'ck', consumerSecret: 'cs', method: 'PLAINTEXT' },
      { nowMs: 0, nonce: 'n' },
    );

    expect(header).toBe(
      'OAuth oauth_consumer_key="ck", oauth_signature_method="PLAINTEXT", oauth_timestamp="0", oauth_nonce="n", oauth_version="1.0", oauth_signature="cs%26"',
    );
  });
});

describe('percentEncode', () => {
  it.each([
    ['abcABC123-._~', 'abcABC123-._~'],
    ["!*'()", '%21%2A%27%28%29'],
    ['ä/?&=+ %', '%C3%A4%2F%3F%26%3D%2B%20%25'],
  ])('keeps the unreserved alone: %s', (text, encoded) => {
    expect(percentEncode(text)).toBe(encoded);
  });
});
