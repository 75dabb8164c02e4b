/**
 * An integration that its schema refuses, with what is faulty taken out, so that the expressions
 * and templates of the rest are judged in the same answer.
 *
 * What others refer to by name keeps its name, with a stand-in for its content.
 */
import { isJsonObject } from '../../kernel/json.ts';
import { type IntegrationSource, integrationSource } from '../document/source.ts';
import type { LocatedFault, SourcePath } from '../template/context.ts';

export interface JudgeableSource {
  readonly source: IntegrationSource;
  /** Whether a fault that is found in `source` stands in what was written, not in what was taken out. */
  isOwn(fault: LocatedFault): boolean;
}

type Issue = NonNullable<ReturnType<typeof integrationSource.safeParse>['error']>['issues'][number];

/** For members that must be there. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  spec: 1,
  provider: 'stand-in',
  title: 'stand-in',
  base_url: 'https://stand-in.example',
  hosts: ['stand-in.example'],
  auth: { none: { kind: 'none' } },
  resources: {},
};
/** For entries of a section, by its name. */
const ENTRY_STAND_INS: Readonly<Record<string, unknown>> = {
  auth: { kind: 'none' },
  // What an answer may be captured into.
  connection: { pattern: '^.*$', captured: true },
  errors: { when: 'false', class: 'ignore' },
  pagination: { kind: 'none' },
};
/** For methods, which partitions of others name. */
const METHOD_STAND_IN = { path: '/stand-in', records: 'body' };
/** Members of a resource that are no methods. */
const NO_METHODS = ['id', 'discovered'];
/** Sections that are referred to from elsewhere, and what a reference looks like. */
const REFERRED = { connection: '{{conn.', pagination: '"pagination":"', auth: '"auth":[' };
/** What is taken out may leave something else incomplete, up to the whole of a section. */
const MAX_ROUNDS = 12;

/** Undefined where too little is left to judge. */
export function judgeableSource(
  value: unknown,
  issues: readonly Issue[],
): JudgeableSource | undefined {
  if (!isJsonObject(value) || isUnsure(value, issues)) return undefined;
  const draft: unknown = structuredClone(value);
  // Where a credential goes is compared with the fields of the alternatives.
  const hasAuthStandIn = issues.some(({ path }) => path[0] === 'auth');
  const scopes = issues.filter(({ code }) => code !== 'unrecognized_keys').map(scopeOf);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const parsed = integrationSource.safeParse(draft);
    if (parsed.success) {
      const isOwn = ({ at }: LocatedFault) =>
        !scopes.some((scope) => startsWith(at, scope)) && !(hasAuthStandIn && at.includes('apply'));
      return { source: parsed.data, isOwn };
    }
    for (const issue of parsed.error.issues) takeOut(draft, issue);
  }
  return undefined;
}

/** Whether a section is missing or malformed as a whole, so that every reference to it would seem wrong. */
function isUnsure(value: object, issues: readonly Issue[]): boolean {
  const text = JSON.stringify(value);
  return Object.entries(REFERRED).some(
    ([section, reference]) =>
      (!Object.hasOwn(value, section) && text.includes(reference)) ||
      issues.some(({ path }) => path.length === 1 && path[0] === section),
  );
}

/** The method, or the entry of a section: what stands beside a fault there may follow from it. */
function scopeOf({ path }: Issue): SourcePath {
  return toSourcePath(path).slice(0, path[0] === 'resources' ? 3 : 2);
}

function startsWith(path: SourcePath, start: SourcePath): boolean {
  return start.every((step, index) => path[index] === step);
}

function takeOut(draft: unknown, issue: Issue): void {
  const path = toSourcePath(issue.path);
  const holder = holderOf(draft, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) remove(at(draft, path), key);
  } else if (issue.code === 'invalid_key') remove(holder, path.at(-1));
  else cut(draft, path);
}

/** Takes out the innermost thing around `path` that can be done without. */
function cut(draft: unknown, path: SourcePath): void {
  const [section = '', entry] = path;
  const holder = holderOf(draft, path);
  const standIn = path.length === 1 ? STAND_INS[section] : ENTRY_STAND_INS[section];
  if (path.length <= 2 && standIn !== undefined) {
    put(holder, path.length === 1 ? section : entry, standIn);
  } else if (isMethod(path) && at(draft, path) !== METHOD_STAND_IN) {
    put(holder, path.at(-1), METHOD_STAND_IN);
  } else if (!remove(holder, path.at(-1)) && path.length > 1) cut(draft, path.slice(0, -1));
}

function isMethod([section, , name, ...rest]: SourcePath): boolean {
  const isMember = section === 'resources' && name !== undefined && rest.length === 0;
  return isMember && !NO_METHODS.includes(String(name));
}

function remove(holder: unknown, key: string | number | undefined): boolean {
  if (key === undefined || Array.isArray(holder) || !isJsonObject(holder)) return false;
  return Object.hasOwn(holder, key) && Reflect.deleteProperty(holder, key);
}

function put(holder: unknown, key: string | number | undefined, value: unknown): void {
  if (key === undefined || typeof holder !== 'object' || holder === null) return;
  Reflect.set(holder, key, value);
}

function holderOf(draft: unknown, path: SourcePath): unknown {
  return at(draft, path.slice(0, -1));
}

function at(node: unknown, path: SourcePath): unknown {
  return path.reduce<unknown>((held, step) => {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, step)) return undefined;
    return Reflect.get(held, step);
  }, node);
}

function toSourcePath(path: readonly PropertyKey[]): SourcePath {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}
