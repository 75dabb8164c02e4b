/**
 * CloudFormation's intrinsic functions, evaluated here.
 *
 * Shape   a value of a template is JSON in which an object with the single key `Ref` or `Fn::…`
 *         stands for a value; {@link resolveValue} replaces them from the inside out
 * Errors  {@link TemplateError}, which names the resource and the function it does not know
 * Source  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { isJsonObject, type Json } from '#shared/kernel/json.ts';
import { TemplateError } from './template-error.ts';

/** What references in a template mean. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource; undefined if there is none of that name. */
  ref(name: string): Json | undefined;
  /** An attribute of a resource; undefined if it has none of that name. */
  attribute(logicalId: string, name: string): Json | undefined;
  condition(name: string): boolean;
  mapping(path: readonly string[]): Json | undefined;
}

/** `AWS::NoValue`: the member or element that holds it is left out. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Json | typeof NO_VALUE;
type Evaluate = (argument: Json, scope: Scope, owner: string) => Resolved;

/**
 * `value` with every intrinsic replaced; undefined if the whole is `AWS::NoValue`.
 *
 * @param owner logical id of the resource that holds the value, for messages
 * @throws TemplateError for an unknown intrinsic or a dangling reference
 */
export function resolveValue(value: Json, scope: Scope, owner: string): Json | undefined {
  const resolved = resolveDeep(value, scope, owner);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Whether `condition` of the template holds, given how other conditions are looked up. */
export function evaluateCondition(condition: Json, scope: Scope, owner: string): boolean {
  const call = intrinsicOf(condition);
  if (call?.name === 'Condition') return scope.condition(text(call.argument, owner));
  const items = call ? list(call.argument, owner) : [];
  switch (call?.name) {
    case 'Fn::Equals':
      return (
        JSON.stringify(resolveValue(items[0] ?? null, scope, owner)) ===
        JSON.stringify(resolveValue(items[1] ?? null, scope, owner))
      );
    case 'Fn::And':
      return items.every((item) => evaluateCondition(item, scope, owner));
    case 'Fn::Or':
      return items.some((item) => evaluateCondition(item, scope, owner));
    case 'Fn::Not':
      return !evaluateCondition(items[0] ?? null, scope, owner);
    default:
      throw new TemplateError('the condition uses a function that the local runtime lacks', {
        logicalId: owner,
      });
  }
}

/** Logical ids and parameters that `value` refers to. */
export function referencesOf(value: Json): ReadonlySet<string> {
  const found = new Set<string>();
  collectReferences(value, found);
  return found;
}

function collectReferences(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectReferences(item, found);
    return;
  }
  if (!isJsonObject(value)) return;
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Sub': substitution } = value;
  if (typeof reference === 'string') found.add(reference);
  if (attribute !== undefined) found.add(attributeParts(attribute, '')[0]);
  if (substitution !== undefined) {
    for (const name of substitutedNames(substitution)) found.add(name.split('.')[0] ?? name);
  }
  for (const member of Object.values(value)) collectReferences(member, found);
}

function substitutedNames(argument: Json): readonly string[] {
  const [template, variables] = Array.isArray(argument) ? argument : [argument];
  const own = isJsonObject(variables) ? Object.keys(variables) : [];
  const names = [...String(template).matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  return names.filter((name) => !(name.startsWith('!') || own.includes(name)));
}

const PLACEHOLDER = /\$\{([^}]+)\}/g;

const INTRINSICS: Readonly<Record<string, Evaluate>> = {
  Ref: (argument, scope, owner) => refer(text(argument, owner), scope, owner),
  'Fn::GetAtt': (argument, scope, owner) => {
    const [logicalId, name] = attributeParts(argument, owner);
    return attributeOf(logicalId, name, scope, owner);
  },
  'Fn::Join': (argument, scope, owner) => {
    const [separator, items] = list(argument, owner);
    const parts = list(resolved(items ?? [], scope, owner), owner);
    return parts.map((part) => scalar(part, owner)).join(text(separator, owner));
  },
  'Fn::Select': (argument, scope, owner) => {
    const [index, items] = list(argument, owner);
    const chosen = list(resolved(items ?? [], scope, owner), owner)[
      Number(resolved(index ?? 0, scope, owner))
    ];
    if (chosen === undefined) throw malformed(owner);
    return chosen;
  },
  'Fn::Split': (argument, scope, owner) => {
    const [separator, source] = list(argument, owner);
    return text(resolved(source ?? '', scope, owner), owner).split(text(separator, owner));
  },
  'Fn::If': (argument, scope, owner) => {
    const [name, whenTrue, whenFalse] = list(argument, owner);
    const chosen = scope.condition(text(name, owner)) ? whenTrue : whenFalse;
    return resolveDeep(chosen ?? null, scope, owner);
  },
  'Fn::FindInMap': (argument, scope, owner) => {
    const path = list(resolved(argument, scope, owner), owner).map((part) => text(part, owner));
    const found = scope.mapping(path);
    if (found === undefined) throw malformed(owner);
    return found;
  },
  'Fn::Sub': (argument, scope, owner) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = resolved(variables ?? {}, scope, owner);
    return text(template, owner).replace(PLACEHOLDER, (_match, name: string) =>
      substitute(name, own, scope, owner),
    );
  },
};

function substitute(name: string, own: Json, scope: Scope, owner: string): string {
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  if (isJsonObject(own) && own[name] !== undefined) return scalar(own[name], owner);
  const [logicalId, ...rest] = name.split('.');
  const value =
    rest.length === 0
      ? refer(name, scope, owner)
      : attributeOf(logicalId ?? '', rest.join('.'), scope, owner);
  return value === NO_VALUE ? '' : scalar(value, owner);
}

function resolveDeep(value: Json, scope: Scope, owner: string): Resolved {
  if (Array.isArray(value)) {
    return value.map((item) => resolveDeep(item, scope, owner)).filter((item) => item !== NO_VALUE);
  }
  if (!isJsonObject(value)) return value;
  const call = intrinsicOf(value);
  if (call) {
    const evaluate = INTRINSICS[call.name];
    if (!evaluate) {
      throw new TemplateError('the template uses a function that the local runtime lacks', {
        logicalId: owner,
        function: call.name,
      });
    }
    return evaluate(call.argument, scope, owner);
  }
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const resolvedMember = resolveDeep(member, scope, owner);
    if (resolvedMember !== NO_VALUE) members.push([key, resolvedMember]);
  }
  return Object.fromEntries(members);
}

function resolved(value: Json, scope: Scope, owner: string): Json {
  return resolveValue(value, scope, owner) ?? null;
}

function intrinsicOf(value: Json): { readonly name: string; readonly argument: Json } | undefined {
  if (!isJsonObject(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry;
  // A policy statement's `Condition` has several shapes; alone and textual it names a condition.
  const isIntrinsic =
    name === 'Ref' ||
    name.startsWith('Fn::') ||
    (name === 'Condition' && typeof argument === 'string');
  return isIntrinsic ? { name, argument } : undefined;
}

function refer(name: string, scope: Scope, owner: string): Resolved {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const value = scope.ref(name);
  if (value === undefined) {
    throw new TemplateError('the template refers to something it does not hold', {
      logicalId: owner,
      reference: name,
    });
  }
  return value;
}

function attributeOf(logicalId: string, name: string, scope: Scope, owner: string): Json {
  const value = scope.attribute(logicalId, name);
  if (value === undefined) {
    throw new TemplateError('the template reads an attribute that the local runtime lacks', {
      logicalId: owner,
      reference: `${logicalId}.${name}`,
    });
  }
  return value;
}

function attributeParts(argument: Json, owner: string): readonly [string, string] {
  if (Array.isArray(argument)) return [text(argument[0], owner), text(argument[1], owner)];
  const [logicalId = '', ...rest] = text(argument, owner).split('.');
  return [logicalId, rest.join('.')];
}

function list(value: Json | undefined, owner: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw malformed(owner);
}

function text(value: Json | undefined, owner: string): string {
  if (typeof value === 'string') return value;
  throw malformed(owner);
}

function scalar(value: Json | undefined, owner: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw malformed(owner);
}

function malformed(owner: string): TemplateError {
  return new TemplateError('an intrinsic function has arguments of the wrong shape', {
    logicalId: owner,
  });
}
