/**
 * Patterns of an integration: RE2, whose time grows as the text does, because an environment may
 * bring its own integration and a header's value is the provider's to choose. It also grows with
 * the pattern, which `{0,1000}` makes long, so that both have a limit.
 */
import { RE2JS } from 're2js';

export interface Pattern {
  matches(text: string): boolean;
  /** Named groups of the first match that took part in it. */
  groups(text: string): Readonly<Record<string, string>> | undefined;
  readonly groupNames: readonly string[];
}

/** Several times the longest that there is. */
export const MAX_PATTERN_CHARACTERS = 300;
/** The longest texts are lists of field names. */
const MAX_TEXT_CHARACTERS = 4_096;

/** Undefined where `source` is no RE2, or too long; texts that are too long do not match. */
export function compilePattern(source: string): Pattern | undefined {
  if (source.length > MAX_PATTERN_CHARACTERS) return undefined;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch {
    // The only thing that compile throws for is the syntax; the caller says where it stands.
    return undefined;
  }
  const groupNames = Object.keys(compiled.namedGroups());
  return {
    groupNames,
    matches: (text) => text.length <= MAX_TEXT_CHARACTERS && compiled.matcher(text).matches(),
    groups(text) {
      if (text.length > MAX_TEXT_CHARACTERS) return undefined;
      const matcher = compiled.matcher(text);
      if (!matcher.find()) return undefined;
      const entries = groupNames.flatMap((name) => {
        const value = matcher.group(name);
        return typeof value === 'string' ? [[name, value] as const] : [];
      });
      return Object.fromEntries(entries);
    },
  };
}
