/** Named checks for the tiers that run outside Jest: each prints a line, the last line is the verdict. */

export interface Checks {
  /** Records and prints one check. */
  check(name: string, isMet: boolean, detail?: string): void;
  /** Counts as skipped; says why. */
  skip(name: string, reason: string): void;
  note(text: string): void;
  /** Prints `N passed, N failed, N skipped`; the exit code that belongs to it. */
  finish(): 0 | 1;
}

export function createChecks(): Checks {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  return {
    check(name, isMet, detail) {
      if (isMet) passed += 1;
      else failed += 1;
      console.log(`${isMet ? 'ok  ' : 'FAIL'} ${name}${detail === undefined ? '' : `: ${detail}`}`);
    },
    skip(name, reason) {
      skipped += 1;
      console.log(`skip ${name}: ${reason}`);
    },
    note: (text) => console.log(`     ${text}`),
    finish() {
      console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
      return failed === 0 ? 0 : 1;
    },
  };
}

/** For a tier whose tools are not on this machine. Exit code 0: nothing was found wrong. */
export function skipTier(name: string, reason: string): 0 {
  console.log(`skipped ${name}: ${reason}`);
  console.log('0 passed, 0 failed, 1 skipped');
  return 0;
}
