/**
 * Where a value goes in a provider's input: `address.city` is the member `city` of `address`.
 *
 * Shape   at most 16 names of 1 to 128 characters, without control characters
 */
const MOST_STEPS = 16;
const STEP = /^(?!__proto__$)[^.\p{Cc}]{1,128}$/u;

/** The names on the way, or undefined where the text is no such path. */
export function memberPath(text: string): readonly string[] | undefined {
  const steps = text.split('.');
  return steps.length <= MOST_STEPS && steps.every((step) => STEP.test(step)) ? steps : undefined;
}
