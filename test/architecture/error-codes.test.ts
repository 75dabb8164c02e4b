/** docs/errors.md lists every code that can reach a caller, and no code that cannot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles, withoutComments } from './sources.ts';

/** `readonly code = 'x'`, `readonly code: string = 'x'`, `override readonly code = 'x'`. */
const CODE_OF_CLASS = /\breadonly code(?:: string)? = '([a-z_]+)'/g;
/** `code: 'x'` of a failed run or of a record left out. */
const CODE_OF_VALUE = /\bcode: '([a-z_]+)'/g;
/** Zod's own word for a fault that a refinement found. */
const CODES_OF_ZOD = ['custom'];
/** First cell of a row of a table: | `code` | … */
const CODE_IN_DOCS = /^\| `([a-z_]+)` \|/gm;

/** What the contract promises clients that they may switch on. */
const CONTRACT = [
  'invalid_request',
  'invalid_cursor',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_supported',
  'conflict',
  'payload_too_large',
  'unprocessable',
  'needs_reauth',
  'key_revoked',
  'rate_limited',
  'provider_error',
  'provider_unreachable',
  'circuit_open',
  'key_unavailable',
  'provider_timeout',
];

const docs = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const [inUse = '', reserved = ''] = docs.split('## Reserved');
const codesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, code]) => String(code));
const unique = (codes: readonly string[]) => [...new Set(codes)].sort();

const thrown = unique(
  sourceFiles('shared', 'functions').flatMap(({ text }) =>
    [CODE_OF_CLASS, CODE_OF_VALUE].flatMap((pattern) => codesIn(withoutComments(text), pattern)),
  ),
).filter((code) => !CODES_OF_ZOD.includes(code));

describe('docs/errors.md', () => {
  it('explains every code that the code throws, and only those', () => {
    expect(unique(codesIn(inUse, CODE_IN_DOCS))).toEqual(thrown);
  });

  it('keeps apart what is promised but not thrown yet', () => {
    const early = codesIn(reserved, CODE_IN_DOCS).filter((code) => thrown.includes(code));

    expect(early).toEqual([]);
  });

  it('has every code of the contract', () => {
    expect(codesIn(docs, CODE_IN_DOCS)).toEqual(expect.arrayContaining(CONTRACT));
  });

  it('explains no code twice', () => {
    const all = codesIn(docs, CODE_IN_DOCS);

    expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  });
});
