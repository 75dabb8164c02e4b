/**
 * Whether the platform's RegExp, which backtracks, can match a pattern in time that grows only as the text does:
 * it can where only few ways lead through the pattern from any one place, and where no run of
 * characters is scanned again from every place in it. Whatever is not plainly so is not.
 */
import type { Alternative, Pattern, Term } from './pattern.ts';

/** Characters that a backtracking matcher may look at from one place, runs left aside. */
const MOST_EFFORT = 512;
const NOTHING: readonly Alternative[] = [[]];

export interface Effort {
  /** Characters looked at for each character of the text. */
  readonly perUnit: number;
  /** Whether a search may look at the whole text, however early it finds a match. */
  readonly looksAtAll: boolean;
}

/** Undefined where the time may grow faster than the text. */
export function backtrackingEffort(pattern: Pattern, isMultiline: boolean): Effort | undefined {
  const { alternatives } = pattern;
  const perUnit =
    waysOfAlternatives(alternatives) *
    reachOf(alternatives) *
    // What a group caught is at most all that was matched before: each look back may double it.
    2 ** looksBackOf(alternatives);
  if (!(perUnit <= MOST_EFFORT)) return undefined;
  if (alternatives.every((terms) => unboundedRuns(terms) === 0)) {
    return { perUnit, looksAtAll: false };
  }
  const [only] = alternatives;
  if (!only || alternatives.length > 1) return undefined;
  // Tried from one place only, where it may look ahead as far as it likes, once.
  const isAnchored = only[0]?.type === 'start' && !isMultiline;
  if (isAnchored && unboundedRuns(afterLookingAround(only)) <= 1) {
    return { perUnit, looksAtAll: true };
  }
  // Nothing after the run can fail, so that no run is scanned twice.
  const endsInRun = unboundedRuns(only) === 1 && isRun(only.at(-1));
  return endsInRun ? { perUnit, looksAtAll: false } : undefined;
}

/** Without the anchor and what looks around right there, in time that grows only as the text does. */
function afterLookingAround(terms: Alternative): Alternative {
  const first = terms.findIndex((term, index) => index > 0 && !looksAroundOnce(term));
  return first < 0 ? [] : terms.slice(first);
}

function looksAroundOnce(term: Term): boolean {
  return (
    term.type === 'irregular' &&
    term.alternatives !== undefined &&
    term.alternatives.every((inner) => unboundedRuns(inner) <= 1)
  );
}

/** Ways that a backtracking matcher may try; of runs without bound only the choices beside them. */
function waysOfAlternatives(alternatives: readonly Alternative[]): number {
  let ways = 0;
  for (const alternative of alternatives) {
    ways += alternative.reduce((product, term) => product * waysOf(term), 1);
  }
  return ways;
}

function waysOf(term: Term): number {
  if (term.type === 'group' || term.type === 'irregular') {
    return waysOfAlternatives(term.alternatives ?? NOTHING);
  }
  if (term.type !== 'repeat' || isRun(term)) return 1;
  if (term.most === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const inner = waysOf(term.of);
  return (term.most - term.least + 1) * (inner === 1 ? 1 : inner ** term.most);
}

/** The longest match, runs left aside. */
function reachOf(alternatives: readonly Alternative[]): number {
  const lengths = alternatives.map((terms) =>
    terms.reduce((length, term) => length + lengthOf(term), 1),
  );
  return Math.max(...lengths);
}

function lengthOf(term: Term): number {
  if (term.type === 'group' || term.type === 'irregular') {
    return reachOf(term.alternatives ?? NOTHING);
  }
  if (term.type !== 'repeat') return 1;
  // A run that is too short fails where it ends, and is scanned again from the next place.
  return isRun(term) ? Math.max(1, term.least) : term.most * lengthOf(term.of);
}

/** How often the pattern may look back at a group. */
function looksBackOf(alternatives: readonly Alternative[]): number {
  let count = 0;
  for (const terms of alternatives) for (const term of terms) count += looksBack(term);
  return count;
}

function looksBack(term: Term): number {
  if (term.type === 'repeat') {
    const each = looksBack(term.of);
    return each === 0 ? 0 : each * term.most;
  }
  if (term.type !== 'group' && term.type !== 'irregular') return 0;
  return term.alternatives ? looksBackOf(term.alternatives) : 1;
}

/** A single character, over and over: `a*`, `\d+`. */
function isRun(term: Term | undefined): boolean {
  return (
    term?.type === 'repeat' && term.most === Number.POSITIVE_INFINITY && term.of.type === 'atom'
  );
}

/** Runs on the top level; a run inside a group counts as many, since it may be repeated. */
function unboundedRuns(alternative: Alternative): number {
  let count = 0;
  for (const term of alternative) count += isRun(term) ? 1 : hasUnbounded(term) ? 2 : 0;
  return count;
}

function hasUnbounded(term: Term): boolean {
  if (term.type === 'repeat')
    return term.most === Number.POSITIVE_INFINITY || hasUnbounded(term.of);
  if (term.type !== 'group' && term.type !== 'irregular') return false;
  return term.alternatives?.some((terms) => terms.some(hasUnbounded)) === true;
}

export function isIrregular(pattern: Pattern): boolean {
  const within = (term: Term): boolean => {
    if (term.type === 'irregular') return true;
    if (term.type === 'repeat') return within(term.of);
    return term.type === 'group' && term.alternatives.some((terms) => terms.some(within));
  };
  return pattern.alternatives.some((terms) => terms.some(within));
}
