/** The parts of an instant, in UTC: year, month, ISO week, day of the week … */
export const DAYS = [
  '',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const THURSDAY = 4;
const SUNDAY = 7;

/** Month from 0. A month out of range runs into the years before and after. */
interface Month {
  readonly year: number;
  readonly month: number;
}

const COMPONENTS: Readonly<Record<string, (date: Date) => number | string>> = {
  Y: (date) => date.getUTCFullYear(),
  M: (date) => date.getUTCMonth() + 1,
  D: (date) => date.getUTCDate(),
  d: (date) => (midnight(date) - Date.UTC(date.getUTCFullYear(), 0)) / DAY_MS + 1,
  F: (date) => date.getUTCDay() || SUNDAY,
  W: (date) => weekOf(date, { year: date.getUTCFullYear(), month: 0 }, 12, 52),
  w: (date) => weekOf(date, { year: date.getUTCFullYear(), month: date.getUTCMonth() }, 1, 4),
  X: weekYear,
  x: weekMonth,
  H: (date) => date.getUTCHours(),
  h: (date) => date.getUTCHours() % 12 || 12,
  P: (date) => (date.getUTCHours() >= 12 ? 'pm' : 'am'),
  m: (date) => date.getUTCMinutes(),
  s: (date) => date.getUTCSeconds(),
  f: (date) => date.getUTCMilliseconds(),
  C: () => 'ISO',
  E: () => 'ISO',
};

/** Undefined for a time zone, which an instant does not have, and for letters that mean nothing. */
export function componentOf(date: Date, component: string): number | string | undefined {
  return Object.hasOwn(COMPONENTS, component) ? COMPONENTS[component]?.(date) : undefined;
}

function midnight(date: Date): number {
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
}

/** The Monday of the week that holds the period's first Thursday, as ISO 8601 counts weeks. */
function firstWeek({ year, month }: Month): number {
  const first = Date.UTC(year, month);
  const day = new Date(first).getUTCDay() || SUNDAY;
  return day > THURSDAY ? first + (8 - day) * DAY_MS : first - (day - 1) * DAY_MS;
}

function shifted({ year, month }: Month, months: number): Month {
  const total = year * 12 + month + months;
  const newYear = Math.floor(total / 12);
  return { year: newYear, month: total - newYear * 12 };
}

/** The week of a year or a month; the last days may be the first week of the next. */
function weekOf(date: Date, period: Month, months: number, longest: number): number {
  const today = midnight(date);
  const week = (today - firstWeek(period)) / WEEK_MS + 1;
  if (week > longest) {
    return today >= firstWeek(shifted(period, months)) ? 1 : Math.floor(week);
  }
  if (week >= 1) return Math.floor(week);
  return Math.floor((today - firstWeek(shifted(period, -months))) / WEEK_MS + 1);
}

function weekYear(date: Date): number {
  const year = date.getUTCFullYear();
  if (date.getTime() < firstWeek({ year, month: 0 })) return year - 1;
  return date.getTime() >= firstWeek({ year: year + 1, month: 0 }) ? year + 1 : year;
}

function weekMonth(date: Date): number {
  const period = { year: date.getUTCFullYear(), month: date.getUTCMonth() };
  if (date.getTime() < firstWeek(period)) return shifted(period, -1).month + 1;
  const next = shifted(period, 1);
  return (date.getTime() >= firstWeek(next) ? next.month : period.month) + 1;
}
