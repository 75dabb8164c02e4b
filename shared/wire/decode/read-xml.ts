/**
 * XML as plain members: elements by name, attributes as `@name`, text beside them as `#text`, all of
 * it texts, so that ids keep their digits.
 *
 * A document type is refused outright: nobody needs one in an answer, and everything that is wrong
 * with entities begins there.
 *
 * Errors  {@link DecodeFault}
 * Source  XML 1.0 §4.1 (references), §4.6 (the five that need no declaration); OWASP, XML External
 *         Entity Prevention
 */
import { XMLParser } from 'fast-xml-parser';
import { DecodeFault } from './decode-fault.ts';

/** As deep as the parser goes; each level is a frame of its stack. */
const MAX_NESTED = 100;

export function readXml(text: string, lists: ReadonlySet<string>): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: MAX_NESTED,
    jPath: false,
    entityDecoder: references,
    isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && lists.has(name),
  });
  try {
    // With `true`, tags that are not closed are a fault: a body that is cut off must not pass.
    return parser.parse(text, true);
  } catch (error) {
    // The parser's own message quotes the text.
    throw error instanceof DecodeFault ? error : new DecodeFault('the answer is not XML');
  }
}

const PREDEFINED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
/** Bounded, so that a text of ampersands costs no more than its length. */
const REFERENCE = /&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g;

const references = {
  setExternalEntities: () => undefined,
  reset: () => undefined,
  setXmlVersion: () => undefined,
  /** Called at a document type, whatever it declares. */
  addInputEntities: () => {
    throw new DecodeFault('the answer has a document type, which is not read');
  },
  decode: (text: string) =>
    text.replaceAll(REFERENCE, (whole: string, name: string) => character(name) ?? whole),
};

function character(name: string): string | undefined {
  if (!name.startsWith('#')) return PREDEFINED[name];
  const hex = name.startsWith('#x');
  const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  const isSurrogate = code >= 0xd8_00 && code <= 0xdf_ff;
  return code === 0 || code > 0x10_ff_ff || isSurrogate ? undefined : String.fromCodePoint(code);
}
