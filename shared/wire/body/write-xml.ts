/**
 * XML from plain members, as decode/read-xml.ts reads it: elements by name, `@name` attributes,
 * `#text`, a list for an element that comes more than once.
 *
 * Errors  InvalidRequestError where a name is none of XML's or a text holds what XML cannot
 * Source  XML 1.0 §2.2 (characters), §2.3 (names), §2.4 (what is escaped)
 */
import { InvalidRequestError } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';

/** Letters beyond ASCII are left out: no API needs them, and what is refused cannot be misread. */
const NAME = /^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what XML 1.0 has no spelling for
const UNSPEAKABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u;

/** @throws InvalidRequestError */
export function writeXml(body: Json): string {
  const [root, ...others] = Object.entries(isJsonObject(body) ? body : {});
  if (!root || others.length > 0 || Array.isArray(root[1])) {
    throw new InvalidRequestError('an XML body must be one object with the root as its member', []);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>${writeElement(...root)}`;
}

/** A null is left out, as from forms; an empty text is an empty element. */
function writeElement(name: string, value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => writeElement(name, item)).join('');
  const tag = checkedName(name);
  const members = isJsonObject(value) ? Object.entries(value) : [['#text', value] as const];
  let attributes = '';
  let content = '';
  for (const [member, inner] of members) {
    if (inner === null) continue;
    if (member === '#text') content += escaped(inner);
    else if (!member.startsWith('@')) content += writeElement(member, inner);
    else attributes += ` ${checkedName(member.slice(1))}="${escaped(inner)}"`;
  }
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`;
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new InvalidRequestError('a member of the body is no name of XML', []);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Else a reader makes a space or a line feed of them.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escaped(value: Json): string {
  if (typeof value === 'object') {
    throw new InvalidRequestError('an attribute or a text of an XML body must be a scalar', []);
  }
  const text = String(value);
  if (UNSPEAKABLE.test(text)) {
    throw new InvalidRequestError('a text holds characters that XML cannot', []);
  }
  return text.replaceAll(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
