/** The engine never names a provider: the thousandth must cost what the tenth did. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles } from './sources.ts';

const integrations = readdirSync(join(root, 'integrations'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== '_models')
  .map(({ name }) => name);

/** Whole words and parts of identifiers alike: `zendesk`, `isZendesk`, `ZENDESK_URL`. */
function namedIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return integrations.filter((name) => lower.includes(name.toLowerCase()));
}

describe('the engine', () => {
  it('names no integration, not even in a comment', () => {
    const named = sourceFiles('shared', 'functions')
      .map(({ path, text }) => ({ path, names: namedIn(text) }))
      .filter(({ names }) => names.length > 0);

    expect(named).toEqual([]);
  });

  it('would be caught naming one', () => {
    expect(integrations.length).toBeGreaterThanOrEqual(3);
    for (const name of integrations) {
      expect(namedIn(`if (provider === '${name}') return;`)).toContain(name);
    }
  });
});
