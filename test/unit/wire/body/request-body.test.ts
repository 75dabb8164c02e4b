import type { BodyFormat } from '../../../../shared/integration/request/source.ts';
import { InvalidRequestError } from '../../../../shared/kernel/errors.ts';
import type { Json } from '../../../../shared/kernel/json.ts';
import { encodeBody } from '../../../../shared/wire/body/request-body.ts';
import { readXml } from '../../../../shared/wire/decode/read-xml.ts';

function encoded(format: BodyFormat, body: Json, contentType?: string) {
  const made = encodeBody(body, format, contentType);
  return { ...made, body: Buffer.from(made.body.reveal()).toString('latin1') };
}

describe('json, form and raw', () => {
  it('sends JSON as it stands', () => {
    expect(encoded('json', { a: [1, null] })).toEqual({
      body: '{"a":[1,null]}',
      contentType: 'application/json',
    });
  });

  it('sends a form, members that are no scalars as JSON, and leaves nulls out', () => {
    expect(encoded('form', { a: 'x y&', b: { c: 1 }, d: null, e: true })).toEqual({
      body: 'a=x+y%26&b=%7B%22c%22%3A1%7D&e=true',
      contentType: 'application/x-www-form-urlencoded',
    });
  });

  it('sends a form with brackets, indexes of lists among them', () => {
    const { body } = encoded('form_brackets', {
      name: 'A',
      meta: { key: 'v', none: null },
      items: [{ price: 1 }, { price: 2 }],
      empty: [],
    });

    expect(decodeURIComponent(body)).toBe('name=A&meta[key]=v&items[0][price]=1&items[1][price]=2');
  });

  it('sends one text under the type that the method names', () => {
    expect(encoded('raw', '<q/>', 'text/x-query')).toEqual({
      body: '<q/>',
      contentType: 'text/x-query',
    });
  });

  it('refuses a raw body that is no text', () => {
    expect(() => encoded('raw', { a: 1 })).toThrow(InvalidRequestError);
  });
});

describe('multipart', () => {
  it('sends a part a member, and a member with base64 as a file', () => {
    const { body, contentType } = encoded('multipart', {
      title: 'Zoë',
      tags: ['a', 'b'],
      about: { n: 1 },
      none: null,
      file: { filename: 'a.txt', content_type: 'text/plain', base64: '/wA=' },
    });
    const boundary = contentType.replace('multipart/form-data; boundary=', '');

    expect(boundary).toMatch(/^millrace-[0-9a-f]{32}$/);
    expect(body.split(`--${boundary}`)).toEqual([
      '',
      '\r\nContent-Disposition: form-data; name="title"\r\n\r\nZoÃ«\r\n',
      '\r\nContent-Disposition: form-data; name="tags"\r\n\r\na\r\n',
      '\r\nContent-Disposition: form-data; name="tags"\r\n\r\nb\r\n',
      '\r\nContent-Disposition: form-data; name="about"\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
      '\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n\xff\x00\r\n',
      '--\r\n',
    ]);
  });

  it('lets no name end its line', () => {
    const { body } = encoded('multipart', {
      'a"\r\nX: y': '1',
      f: { filename: 'b"\r\nX: y', base64: '' },
    });

    expect(body).toContain('name="a%22%0D%0AX: y"');
    expect(body).toContain('filename="b%22%0D%0AX: y"');
  });

  it.each([
    { filename: 'a', base64: '%%%' },
    { filename: 'a', base64: 'QQ==', content_type: 'text/plain\r\nX: y' },
    { base64: 'QQ==' },
  ])('refuses a file like %j', (file) => {
    expect(() => encoded('multipart', { file })).toThrow(InvalidRequestError);
  });
});

describe('xml', () => {
  const ORDER = {
    'ns:order': {
      '@id': '7',
      '@note': 'a "b"\n<c>',
      line: [
        { sku: 'A & B', qty: 2 },
        { sku: ']]>', '@gift': true },
      ],
      empty: '',
      none: null,
      total: { '@unit': 'EUR', '#text': '1.50' },
    },
  };

  it('sends elements, attributes and texts, escaped', () => {
    expect(encoded('xml', ORDER)).toEqual({
      body:
        '<?xml version="1.0" encoding="UTF-8"?><ns:order id="7" note="a &quot;b&quot;&#10;&lt;c&gt;">' +
        '<line><sku>A &amp; B</sku><qty>2</qty></line><line gift="true"><sku>]]&gt;</sku></line>' +
        '<empty/><total unit="EUR">1.50</total></ns:order>',
      contentType: 'application/xml',
    });
  });

  it('is read back as it was, every value a text', () => {
    expect(readXml(encoded('xml', ORDER).body, new Set())).toEqual({
      'ns:order': {
        '@id': '7',
        '@note': 'a "b"\n<c>',
        line: [
          { sku: 'A & B', qty: '2' },
          { sku: ']]>', '@gift': 'true' },
        ],
        empty: '',
        total: { '@unit': 'EUR', '#text': '1.50' },
      },
    });
  });

  it.each([
    ['no root', {}],
    ['two roots', { a: 1, b: 2 }],
    ['a list of roots', { a: [1, 2] }],
    ['a text for a body', 'a'],
    ['a member that would close its tag', { a: { 'b><c': '1' } }],
    ['an attribute that would open another', { a: { '@b="1" c': '1' } }],
    ['a character that XML has not', { a: '\u0000' }],
    ['half a character', { a: '\ud800' }],
    ['an attribute that is an object', { a: { '@b': { c: 1 } } }],
  ])('refuses %s', (_name, body) => {
    expect(() => encoded('xml', body)).toThrow(InvalidRequestError);
  });
});
