/** The reference implementation parses, and never evaluates: its evaluator is the tests' oracle. */
import { sourceFiles, withoutComments } from './sources.ts';

const FOLDERS = ['shared', 'functions', 'infra', 'local', 'authoring', 'cli', 'client', 'scripts'];
const LOADS = /(?:from|import|require)\s*\(?\s*['"]jsonata(?:\/[^'"]*)?['"]/;
const PARSER = 'shared/expression/parse.ts';

const loaders = sourceFiles(...FOLDERS).filter(({ text }) => LOADS.test(withoutComments(text)));

describe('the jsonata package', () => {
  it('is loaded by shared/expression/parse.ts alone', () => {
    expect(loaders.map(({ path }) => path)).toEqual([PARSER]);
  });

  it('is asked there for a tree and for nothing else', () => {
    const code = withoutComments(loaders.map(({ text }) => text).join('\n'));
    const uses = [...code.matchAll(/\bjsonata\b[^;\n]*/g)].map(([use]) => use.trim());

    expect(uses).toEqual(["jsonata from 'jsonata'", 'jsonata(text).ast()']);
  });
});
