/**
 * Everything that is wrong with a job, found before it runs and all at once.
 *
 * Errors  {@link InvalidRequestError} with the path of every fault
 */
import type * as z from 'zod';
import { ExpressionSyntaxError } from '../../expression/errors.ts';
import { compileExpression } from '../../expression/expression.ts';
import { type Fault, InvalidRequestError } from '../../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { expressionText } from './fill-query.ts';
import { ancestorsOf, graphFaults } from './graph.ts';
import { PLACEHOLDER, type Placeholder, parsePlaceholder } from './placeholder.ts';
import {
  type JudgeableJob,
  judgeableJob,
  MAX_DEPTH,
  type SyncJobSpec,
  syncJobBody,
} from './sync-job.ts';

/** What a job needs to know of integrations. */
export interface JobCatalogue {
  hasIntegration(integration: string): boolean;
  /** The query parameters without which the method cannot be called; undefined: no such method. */
  requiredParams(
    integration: string,
    resource: string,
    method: string,
  ): readonly string[] | undefined;
  hasResource(integration: string, resource: string): boolean;
}

/**
 * @param more what the caller finds wrong, with paths of the body; of two faults at one path the first is told
 * @throws InvalidRequestError
 */
export function parseJob(
  body: unknown,
  catalogue: JobCatalogue,
  more: (job: JudgeableJob) => readonly Fault[] = () => [],
): SyncJobSpec {
  const parsed = syncJobBody.safeParse(body);
  if (!parsed.success) {
    const shape = parsed.error.issues.flatMap(shapeFaults);
    const rest = judgeableJob.safeParse(body);
    const found = rest.success ? [...jobFaults(rest.data, catalogue), ...more(rest.data)] : [];
    const own = found.filter(({ path }) => !shape.some((fault) => comesFrom(fault.path, path)));
    throw new InvalidRequestError('the sync job is malformed', oncePerPath([...shape, ...own]));
  }
  const faults = oncePerPath([...jobFaults(parsed.data, catalogue), ...more(parsed.data)]);
  if (faults.length > 0) throw new InvalidRequestError('the sync job is invalid', faults);
  return parsed.data;
}

/** Whether the fault at `path` may be there only because what is malformed was taken for empty. */
function comesFrom(malformed: string, path: string): boolean {
  const dependent = malformed.replace(/\.depends_on$/, '.query');
  return [malformed, dependent].some(
    (start) => path === start || path.startsWith(`${start}.`) || path.startsWith(`${start}[`),
  );
}

/** Two checks may find the same fault; the first says it. */
function oncePerPath(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.path, fault])).values()].reverse();
}

function jobFaults(job: JudgeableJob, catalogue: JobCatalogue): readonly Fault[] {
  return [
    ...catalogueFaults(job, catalogue),
    ...graphFaults(job.resources, MAX_DEPTH),
    ...job.resources.flatMap((_, index) => queryFaults(job, index)),
  ];
}

function catalogueFaults(job: JudgeableJob, catalogue: JobCatalogue): readonly Fault[] {
  const integration = job.integration_name;
  if (!catalogue.hasIntegration(integration)) {
    return [{ path: 'integration_name', message: `no integration is named ${integration}` }];
  }
  return job.resources.flatMap(({ resource, method, query }, index): Fault[] => {
    const path = `resources[${index}]`;
    if (!catalogue.hasResource(integration, resource)) {
      return [{ path: `${path}.resource`, message: `${integration} has no resource ${resource}` }];
    }
    const required = catalogue.requiredParams(integration, resource, method);
    if (!required) {
      return [{ path: `${path}.method`, message: `${resource} has no method ${method}` }];
    }
    return required
      .filter((name) => !Object.hasOwn(query, name))
      .map((name) => ({ path: `${path}.query.${name}`, message: 'is required' }));
  });
}

function queryFaults(job: JudgeableJob, index: number): readonly Fault[] {
  const entry = job.resources[index];
  if (!entry) return [];
  const names = job.resources.map(({ resource }) => resource);
  const ancestors = ancestorsOf(entry.resource, job.resources);
  const faults: Fault[] = [];
  const visit = (value: Json, path: string): void => {
    if (typeof value === 'string') {
      faults.push(...textFaults(value, path, names, ancestors));
    } else if (Array.isArray(value)) {
      for (const [at, member] of value.entries()) visit(member, `${path}[${at}]`);
    } else if (isJsonObject(value)) {
      faults.push(...expressionFaults(value, path));
      for (const [name, member] of Object.entries(value)) visit(member, `${path}.${name}`);
    }
  };
  visit(entry.query, `resources[${index}].query`);
  return faults;
}

function textFaults(
  text: string,
  path: string,
  names: readonly string[],
  ancestors: readonly string[],
): readonly Fault[] {
  const inner = [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const rest = text.replaceAll(PLACEHOLDER, '');
  const faults = inner.flatMap((each) => {
    const message = placeholderFault(parsePlaceholder(each, names), each, ancestors);
    return message === undefined ? [] : [{ path, message }];
  });
  if (!rest.includes('{{') && !rest.includes('}}')) return faults;
  return [...faults, { path, message: 'the braces of a placeholder do not match' }];
}

function placeholderFault(
  placeholder: Placeholder | undefined,
  text: string,
  ancestors: readonly string[],
): string | undefined {
  if (!placeholder) return `{{${text}}} names nothing that a job can refer to`;
  if (placeholder.kind !== 'resources') return undefined;
  if (placeholder.path.length === 0) return `{{${text}}} names no field`;
  if (ancestors.includes(placeholder.resource)) return undefined;
  return `{{${text}}} refers to ${placeholder.resource}, which this resource does not depend on`;
}

/** `{ "expr": "…" }`, the one place of a query that holds an expression. */
function expressionFaults(value: JsonObject, path: string): readonly Fault[] {
  const text = expressionText(value);
  if (text === undefined) return [];
  try {
    compileExpression(text);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const where = `at character ${error.position} (${error.expressionCode})`;
    return [{ path: `${path}.expr`, message: `the expression does not compile: broken ${where}` }];
  }
}

function shapeFaults({ path, message, ...issue }: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: pathText(path), message: message.charAt(0).toLowerCase() + message.slice(1) }];
  }
  return issue.keys.map((key) => ({
    path: pathText([...path, key]),
    message: 'is not a known member',
  }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) =>
      typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}
