/** Reports of the authoring kit as lines for people. */

import type { ConformanceRow } from '../conformance/run.ts';
import { alignColumns } from './columns.ts';
import type { TestReport, ValidationReport } from './report.ts';

export function validationLines({ name, faults, warnings }: ValidationReport): readonly string[] {
  const rows = [
    ...faults.map(({ file = '', line, path, message }) => [
      `  ${file}:${line ?? 1}`,
      'error',
      `${path}${path === '' ? '' : ' '}${message}`,
    ]),
    ...warnings.map(({ file, line, code, path, message }) => [
      `  ${file}:${line}`,
      code,
      `${path}: ${message}`,
    ]),
  ];
  return [...alignColumns(rows), `${name}: ${faults.length} faults, ${warnings.length} warnings`];
}

export function fixtureLines({ name, faults, fixtures }: TestReport): readonly string[] {
  const failed = fixtures.filter(({ complaints }) => complaints.length > 0);
  return [
    ...faults.map(({ file, line, path, message }) => `  ${file}:${line ?? 1} ${path} ${message}`),
    ...failed.flatMap(({ file, complaints }) => [
      `  FAILED ${file}`,
      ...complaints.map((complaint) => `    ${complaint}`),
    ]),
    `${name}: ${fixtures.length - failed.length} of ${fixtures.length} fixtures hold`,
  ];
}

export function conformanceLines(
  { name, conformance }: TestReport,
  all: boolean,
): readonly string[] {
  const byList = [...Map.groupBy(conformance, ({ operation }) => operation)].map(
    ([operation, rows]) => [`  ${operation}`, ...counts(rows)],
  );
  const shown = conformance.filter(({ verdict }) => all || verdict === 'failed');
  const failed = conformance.filter(({ verdict }) => verdict === 'failed').length;
  return [
    ...alignColumns([['  list', 'held', 'failed', 'not played'], ...byList]),
    ...shown.map(describeRow),
    `${name}: ${conformance.length - failed} of ${conformance.length} plays as they should be`,
  ];
}

function counts(rows: readonly ConformanceRow[]): readonly string[] {
  return (['held', 'failed', 'not_played'] as const).map((verdict) =>
    String(rows.filter((row) => row.verdict === verdict).length),
  );
}

function describeRow(row: ConformanceRow): string {
  const { verdict, operation, misbehaviour, form, detail, expected } = row;
  const what = `${operation} ${misbehaviour}${form === '' ? '' : ` (${form})`}`;
  if (verdict === 'held') return `  held    ${what}`;
  if (verdict === 'not_played') return `  –       ${what}: ${detail}`;
  return `  FAILED  ${what}: ${detail}; expected ${expected}`;
}
