/** What a replacement puts in place of a match: `$1` its first group, `$0` all of it, `$$` a `$`. */
import type { FoundMatch } from './matches.ts';

export function substitute(replacement: string, found: FoundMatch): string {
  let result = '';
  let position = 0;
  let at = replacement.indexOf('$');
  while (at !== -1 && position < replacement.length) {
    result += replacement.substring(position, at);
    position = at + 1;
    const mark = replacement.charAt(position);
    if (mark === '$' || mark === '0') {
      result += mark === '$' ? '$' : found.match;
      position += 1;
    } else {
      const index = groupIndex(replacement, position, found.groups.length);
      if (index === undefined) result += '$';
      else {
        result += groupText(found.groups, index);
        position += String(index).length;
      }
    }
    at = replacement.indexOf('$', position);
  }
  return result + replacement.substring(position);
}

/** As many digits as name a group that there is. */
function groupIndex(replacement: string, position: number, groups: number): number | undefined {
  const digits = groups === 0 ? 1 : Math.floor(Math.log(groups) * Math.LOG10E) + 1;
  let index = Number.parseInt(replacement.substring(position, position + digits), 10);
  if (digits > 1 && index > groups) {
    index = Number.parseInt(replacement.substring(position, position + digits - 1), 10);
  }
  return Number.isNaN(index) ? undefined : index;
}

function groupText(groups: readonly unknown[], index: number): string {
  const group = groups[index - 1];
  return group === undefined ? '' : String(group);
}
