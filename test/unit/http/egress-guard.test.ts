import { checkAddresses, checkUrl, isPublicAddress } from '../../../shared/http/egress-guard.ts';
import { ForbiddenAddressError } from '../../../shared/http/network-errors.ts';

const DEPLOYED = { allowLoopback: false };
const LOCAL = { allowLoopback: true };

const SPECIAL = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.170',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2620:4f:8000::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2a00:1450:4001:830::200e%eth0',
  '4000::1',
  '8000::1',
];

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '192.169.0.1',
  '198.17.255.255',
  '198.20.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:830::200e',
  '2001:4860:4860::8888',
  '2001:200::1',
];

const REFUSED_URLS = [
  'http://api.acme.com/',
  'ftp://api.acme.com/',
  'file:///etc/passwd',
  'gopher://api.acme.com/',
  'https://user@api.acme.com/',
  'https://user:pass@api.acme.com/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://0/',
  'https://127.0.0.1./',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[0:0:0:0:0:ffff:7f00:1]/',
  'https://[::]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://169.254.169.254/latest/meta-data/',
  'https://0xa9fea9fe/',
  'https://2852039166/',
  'https://10.0.0.1/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://a.localhost/',
  'https://metadata/',
  'https://metadata.google.internal/',
  'https://instance-data.ec2.internal/',
  'https://router.local/',
  'https://nas.lan/',
  'https://intranet.corp/',
  'https://x.home.arpa/',
  'https://1.0.0.127.in-addr.arpa/',
  'https://abc.onion/',
  'https://service.test/',
  'https://service.invalid/',
  'https://api.acme.com./',
  'https://api.acme.com:0/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'http://127.0.0.1:8080/',
];

const ALLOWED_URLS = [
  'https://api.acme.com/',
  'https://api.acme.com:443/x',
  'https://api.acme.com:8443/x',
  'https://acme.co.uk/',
  'https://xn--bcher-kva.example.org/',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
  'https://localhost.acme.com/',
  'https://local.acme.com/',
  'https://internal-tools.acme.com/',
  'https://test.acme.com/',
  'https://127.0.0.1.nip.io/',
];

describe('isPublicAddress', () => {
  it.each(SPECIAL)('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(PUBLIC)('lets %s through', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each(['', 'acme.com', '1.2.3', '1.2.3.4.5', '[::1]'])(
    'refuses %p, which is no address',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );
});

describe('checkUrl', () => {
  it.each(REFUSED_URLS)('refuses %s', (url) => {
    expect(() => checkUrl(new URL(url), DEPLOYED)).toThrow(ForbiddenAddressError);
  });

  it.each(ALLOWED_URLS)('lets %s through', (url) => {
    expect(() => checkUrl(new URL(url), DEPLOYED)).not.toThrow();
  });

  it.each([
    'http://127.0.0.1:3000/',
    'http://localhost:3000/',
    'http://[::1]:3000/',
    'https://localhost/',
  ])('lets %s through where loopback is allowed', (url) => {
    expect(() => checkUrl(new URL(url), LOCAL)).not.toThrow();
  });

  it.each([
    'http://127.0.0.2/',
    'http://a.localhost/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://169.254.169.254/',
    'http://api.acme.com/',
    'ftp://127.0.0.1/',
    'http://u@127.0.0.1/',
  ])('refuses %s even where loopback is allowed', (url) => {
    expect(() => checkUrl(new URL(url), LOCAL)).toThrow(ForbiddenAddressError);
  });

  it('says why, without the address', () => {
    expect.assertions(2);
    try {
      checkUrl(new URL('https://10.1.2.3/'), DEPLOYED);
    } catch (error) {
      expect(error).toMatchObject({ code: 'forbidden_address', detail: { reason: 'address' } });
      expect(JSON.stringify(error)).not.toContain('10.1.2.3');
    }
  });
});

describe('checkAddresses', () => {
  it('refuses a name when one of its addresses is private', () => {
    expect(() => checkAddresses('acme.com', ['8.8.8.8', '10.0.0.1'], DEPLOYED)).toThrow(
      ForbiddenAddressError,
    );
  });

  it('refuses a name without addresses', () => {
    expect(() => checkAddresses('acme.com', [], DEPLOYED)).toThrow(ForbiddenAddressError);
  });

  it('refuses a public name that leads to loopback, even where loopback is allowed', () => {
    expect(() => checkAddresses('acme.com', ['127.0.0.1'], LOCAL)).toThrow(ForbiddenAddressError);
  });

  it('lets localhost lead to loopback where that is allowed', () => {
    expect(() => checkAddresses('localhost', ['::1', '127.0.0.1'], LOCAL)).not.toThrow();
  });

  it('refuses a localhost that leads elsewhere', () => {
    expect(() => checkAddresses('localhost', ['10.0.0.1'], LOCAL)).toThrow(ForbiddenAddressError);
  });
});
