/** People read titles: the provider's name is written as the provider writes it, everywhere alike. */
import type { SourcePath } from '#shared/integration/template/context.ts';
import type { Finding, LintRule } from '../rule.ts';

export const titleCase: LintRule = {
  code: 'title-case',
  check: ({ file, source }) => {
    const { title } = source;
    const own: Finding[] = /^[a-z]/.test(title)
      ? [{ file, at: ['title'], message: 'must be written as the provider writes its name' }]
      : [];
    const others: readonly (readonly [SourcePath, string | undefined])[] = [
      ...Object.entries(source.auth).map(
        ([name, auth]) => [['auth', name, 'title'], auth.title] as const,
      ),
      ...Object.entries(source.connection).map(
        ([name, input]) => [['connection', name, 'title'], input.title] as const,
      ),
    ];
    return [
      ...own,
      ...others
        .filter(([, text]) => text !== undefined && isMiswritten(text, title))
        .map(([at]): Finding => ({ file, at, message: 'writes the name in another case' })),
    ];
  },
};

/** As a word: in `acme.example.com` it is no name. */
function isMiswritten(text: string, title: string): boolean {
  const words = text.split(/[\s,;:()"']+/);
  const held = (word: string) => words.some((one) => one === word);
  const lower = words.map((word) => word.toLowerCase());
  return lower.includes(title.toLowerCase()) && !held(title);
}
