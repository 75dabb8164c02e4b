import { compilePattern } from '../../../../shared/integration/template/pattern.ts';

describe('compilePattern', () => {
  it('matches the whole text, and reads groups of a part of it', () => {
    const pattern = compilePattern('(?P<left>[0-9]+)/[0-9]+');

    expect(pattern?.matches('7/9')).toBe(true);
    expect(pattern?.matches('x7/9')).toBe(false);
    expect(pattern?.groups('x7/9')).toEqual({ left: '7' });
  });

  it('takes no pattern that repetition makes too long to try', () => {
    expect(compilePattern(`^${'(a{0,1000})'.repeat(30)}$`)).toBeUndefined();
  });

  it('does not try a text that is longer than any that is meant', () => {
    const pattern = compilePattern('^(?P<all>a+)$');

    expect(pattern?.matches('a'.repeat(4_096))).toBe(true);
    expect(pattern?.matches('a'.repeat(4_097))).toBe(false);
    expect(pattern?.groups('a'.repeat(4_097))).toBeUndefined();
  });
});
