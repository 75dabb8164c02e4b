/** docs/performance.md from the results of a whole run. */
import type { BenchResult } from './bench.ts';

export function renderPerformance(
  results: readonly BenchResult[],
  node: string,
  commit: string,
): string {
  const head = [
    '# Performance',
    '',
    `Written by \`npm run bench\` on Node ${node} at commit ${commit}. The figures to trust are the ratios`,
    'inside one run: absolute times depend on the machine. A goal that is not met is said so.',
  ];
  const tables = results.flatMap(({ name, figures, goals }) => [
    '',
    `## ${name}`,
    '',
    '| figure | measured | goal |',
    '| --- | --- | --- |',
    ...Object.entries(figures).map(
      ([figure, value]) => `| ${figure} | ${value} | ${goals[figure] ?? '–'} |`,
    ),
  ]);
  return `${[...head, ...tables].join('\n')}\n`;
}
