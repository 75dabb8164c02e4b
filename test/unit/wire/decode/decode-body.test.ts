import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import type { Decode } from '../../../../shared/integration/request/decode.ts';
import { decodeBody } from '../../../../shared/wire/decode/decode-body.ts';

const aDecode = (overrides: Partial<Decode> = {}): Decode => ({
  format: 'json',
  compression: undefined,
  delimiter: ',',
  quotes: true,
  lists: new Set(),
  ...overrides,
});

const decoded = (body: string | Uint8Array, overrides: Partial<Decode> = {}) =>
  decodeBody(typeof body === 'string' ? Buffer.from(body) : body, aDecode(overrides));

describe('json', () => {
  it('keeps the digits of long ids', () => {
    expect(decoded('{"id":9007199254740993}')).toEqual({ value: { id: '9007199254740993' } });
  });

  it.each([
    ['an empty body', ''],
    ['a page of HTML', '<html></html>'],
    ['a body that is cut off', '{"things":[{"id":1}'],
    ['arrays that nest beyond the limit', `${'['.repeat(501)}${']'.repeat(501)}`],
    ['a stack of arrays for its own sake', '['.repeat(1_000_000)],
    [
      'deep nesting around a long id',
      `${'['.repeat(20_000)}12345678901234567${']'.repeat(20_000)}`,
    ],
    ['objects that nest beyond the limit', `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`],
  ])('refuses %s', (_name, body) => {
    expect(decoded(body)).toEqual({ fault: 'the answer is not JSON' });
  });
});

describe('jsonl', () => {
  it('reads one value a line and passes blank lines over', () => {
    expect(decoded('{"id":1}\r\n\n{"id":12345678901234567}\n', { format: 'jsonl' })).toEqual({
      value: [{ id: 1 }, { id: '12345678901234567' }],
    });
  });

  it('reads an empty body as an empty list', () => {
    expect(decoded('', { format: 'jsonl' })).toEqual({ value: [] });
  });

  it('refuses a last line that is cut off', () => {
    expect(decoded('{"id":1}\n{"id":', { format: 'jsonl' })).toEqual({
      fault: 'the answer is not JSON',
    });
  });
});

describe('csv', () => {
  it('names values by the first line, and leaves them texts', () => {
    expect(decoded('id,name\n007,"Lee, Anna"\n', { format: 'csv' })).toEqual({
      value: [{ id: '007', name: 'Lee, Anna' }],
    });
  });

  it('reads another delimiter, behind a byte order mark', () => {
    expect(decoded('\uFEFFid;name\r\n1;"a ""b"""\r\n', { format: 'csv', delimiter: ';' })).toEqual({
      value: [{ id: '1', name: 'a "b"' }],
    });
  });

  it('takes quotes for what they are, where they quote nothing', () => {
    const body = 'id\ttitle\n1\t27" wide\n';

    expect(decoded(body, { format: 'csv', delimiter: '\t', quotes: false })).toEqual({
      value: [{ id: '1', title: '27" wide' }],
    });
  });

  it('reads a body without lines as an empty list', () => {
    expect(decoded('', { format: 'csv' })).toEqual({ value: [] });
  });

  it.each([
    ['a line that is cut off', 'id,name\n1,Anna\n2'],
    ['a quote that never ends', 'id,name\n1,"Anna'],
  ])('refuses %s, without a word of it', (_name, body) => {
    expect(decoded(body, { format: 'csv' })).toEqual({
      fault: 'the answer is not CSV with as many values a line as names',
    });
  });

  it('reads the charset that the answer names', () => {
    const body = Buffer.from('id,name\n1,Zo\u00eb\n', 'latin1');

    expect(decodeBody(body, aDecode({ format: 'csv' }), { charset: 'iso-8859-1' })).toEqual({
      value: [{ id: '1', name: 'Zoë' }],
    });
  });

  it('takes a charset that nobody knows for UTF-8', () => {
    expect(
      decodeBody(Buffer.from('id\nZoë\n'), aDecode({ format: 'csv' }), { charset: 'x' }),
    ).toEqual({
      value: [{ id: 'Zoë' }],
    });
  });

  it('gives a column of any name no meaning', () => {
    const { value } = decoded('__proto__,id\nx,1\n', { format: 'csv' });

    expect(Object.getPrototypeOf((value as object[])[0])).toBe(Object.prototype);
  });
});

describe('lines and text', () => {
  it('reads lines of any ending', () => {
    expect(decoded('a\r\nb\rc\n', { format: 'lines' })).toEqual({ value: ['a', 'b', 'c'] });
  });

  it('reads the whole body as one text', () => {
    expect(decoded('a\nb\n', { format: 'text' })).toEqual({ value: 'a\nb\n' });
  });
});

describe('xml', () => {
  const xml = (body: string, lists: readonly string[] = []) =>
    decoded(body, { format: 'xml', lists: new Set(lists) });

  it('reads elements as members, attributes with an @ and text beside them as #text', () => {
    const body =
      '<?xml version="1.0"?><people><person id="007"><name>A &amp; B &#233;</name></person><total unit="x">2</total></people>';

    expect(xml(body)).toEqual({
      value: {
        people: {
          person: { '@id': '007', name: 'A & B é' },
          total: { '@unit': 'x', '#text': '2' },
        },
      },
    });
  });

  it('makes a list of an element that is one, where there is one of it', () => {
    const body = '<people><person><id>1</id></person></people>';

    expect(xml(body, ['person'])).toEqual({ value: { people: { person: [{ id: '1' }] } } });
  });

  it('reads marked text as it stands', () => {
    expect(xml('<a><![CDATA[ 1 &lt; 2 <b> ]]></a>')).toEqual({ value: { a: ' 1 &lt; 2 <b> ' } });
  });

  it('resolves a reference once', () => {
    expect(xml('<a>&amp;lt;&#38;amp;&#x110000;&#0;&nope;</a>')).toEqual({
      value: { a: '&lt;&amp;&#x110000;&#0;&nope;' },
    });
  });

  it.each([
    [
      'a billion laughs',
      `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "${'&lol;'.repeat(10)}">]><a>&lol1;</a>`,
    ],
    ['a harmless document type', '<!DOCTYPE a><a/>'],
    ['a document type inside the root', '<a><!DOCTYPE b [<!ENTITY x "y">]>&x;</a>'],
  ])('refuses %s', (_name, body) => {
    expect(xml(body)).toEqual({
      fault: 'the answer has a document type, which is not read',
    });
  });

  it.each([
    ['an empty body', ''],
    ['a body that is cut off', '<people><person>'],
    ['JSON', '{"a":1}'],
    ['two roots', '<a></a><b></b>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an element that would reach the prototype', '<a><__proto__><b>1</b></__proto__></a>'],
    ['tags that cross', '<a><b></a></b>'],
    ['nesting beyond the limit', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
  ])('refuses %s', (_name, body) => {
    expect(xml(body)).toEqual({ fault: 'the answer is not XML' });
  });
});

describe('compressed bodies', () => {
  it('reads gzip', () => {
    const body = gzipSync('id\n1\n');

    expect(decoded(body, { format: 'csv', compression: 'gzip' })).toEqual({ value: [{ id: '1' }] });
  });

  it('reads the files of an archive one after the other, folders and names aside', () => {
    const body = zipSync({
      'out/': new Uint8Array(),
      '../../b.csv': strToU8('id\n1\n'),
      'a.csv': [strToU8('id\n2\n'), { level: 0 }],
    });

    expect(decoded(body, { format: 'csv', compression: 'zip' })).toEqual({
      value: [{ id: '1' }, { id: '2' }],
    });
  });

  it('reads an archive without files as an empty list', () => {
    expect(decoded(zipSync({}), { format: 'jsonl', compression: 'zip' })).toEqual({ value: [] });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(2_000))],
    ['zip', zipSync({ a: Buffer.alloc(2_000) })],
    ['zip', zipSync({ a: Buffer.alloc(600), b: Buffer.alloc(600) })],
  ] as const)('refuses a %s bomb', (compression, body) => {
    const decode = aDecode({ format: 'text', compression });

    expect(decodeBody(body, decode, { maxInflatedBytes: 1_000 })).toEqual({
      fault: 'the answer inflates beyond the limit',
    });
  });

  it('refuses an archive that lies about the size of a file', () => {
    const body = Buffer.from(zipSync({ a: Buffer.alloc(5_000_000) }));
    const central = body.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    body.writeUInt32LE(10, central + 24);

    const { value } = decoded(body, { format: 'text', compression: 'zip' });

    expect(String(value).length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['gzip', 'the answer is not gzip, or cut off'],
    ['zip', 'the answer is not zip, or cut off'],
  ] as const)('refuses what is no %s, or cut off', (compression, fault) => {
    const whole =
      compression === 'gzip' ? gzipSync('id\n1\n2\n3\n') : zipSync({ a: strToU8('id\n1\n2\n') });
    const cut = whole.subarray(0, whole.byteLength - 12);

    for (const body of [Buffer.from('<html>'), Buffer.alloc(0), cut]) {
      expect(decoded(body, { format: 'csv', compression })).toEqual({ fault });
    }
  });
});
