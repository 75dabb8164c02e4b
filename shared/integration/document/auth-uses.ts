/** Where the rest of an integration names alternatives, their fields and inputs: they must exist. */
import type { Auth, Captures } from '../auth/plan.ts';
import { concerns } from '../connection/inputs.ts';
import type { Method, Resource } from '../method/plan.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { AfterConnect, ConnectionInput } from './plan.ts';

interface Parts {
  readonly auths: Readonly<Record<string, Auth>>;
  readonly inputs: Readonly<Record<string, ConnectionInput>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly afterConnect: readonly AfterConnect[];
  readonly verify: readonly Method[];
}

export function checkAuthUses(parts: Parts, context: CompileContext): void {
  const { auths, inputs } = parts;
  for (const [name, auth] of Object.entries(auths)) checkCaptures(name, auth, inputs, context);
  for (const [name, input] of Object.entries(inputs)) {
    checkNames(input.authNames, ['connection', name, 'auth'], auths, context);
  }
  for (const [index, action] of parts.afterConnect.entries()) {
    const path = ['after_connect', index];
    checkNames(action.method.authNames, [...path, 'auth'], auths, context);
    checkInputs(action.capture, [...path, 'capture'], inputs, context);
  }
  checkVerify(parts, context);
  for (const [resource, { methods }] of Object.entries(parts.resources)) {
    for (const [name, method] of Object.entries(methods)) {
      checkMethod(method, ['resources', resource, name], auths, context);
    }
  }
}

/** An alternative that none of the calls is for could not be verified. */
function checkVerify({ verify, auths }: Parts, context: CompileContext): void {
  for (const [index, { authNames }] of verify.entries()) {
    checkNames(authNames, ['verify', index, 'auth'], auths, context);
  }
  const left = Object.keys(auths).filter((name) => !verify.some((one) => concerns(one, name)));
  if (verify.length > 0 && left.length > 0) {
    context.fault(['verify'], `has no call for ${left.map((name) => `\`${name}\``).join(', ')}`);
  }
}

function checkCaptures(
  name: string,
  { oauth, exchange }: Auth,
  inputs: Parts['inputs'],
  context: CompileContext,
): void {
  const path = ['auth', name];
  checkInputs(oauth?.capture ?? {}, [...path, 'capture'], inputs, context);
  checkInputs(exchange?.capture ?? {}, [...path, 'capture'], inputs, context);
  const callback = oauth?.authorization?.capture ?? {};
  checkInputs(callback, [...path, 'callback', 'capture'], inputs, context);
  for (const [field, text] of Object.entries(oauth?.credential ?? exchange?.credential ?? {})) {
    // It would go to the API with every call, whose host an account may choose.
    if (!text.paths.includes('app.client_secret')) continue;
    context.fault([...path, 'credential', field], "must not hold the OAuth client's secret");
  }
}

function checkInputs(
  captures: Captures | Readonly<Record<string, string>>,
  path: SourcePath,
  inputs: Parts['inputs'],
  context: CompileContext,
): void {
  for (const name of Object.keys(captures)) {
    if (Object.hasOwn(inputs, name) && inputs[name]?.captured === true) continue;
    context.fault([...path, name], 'is no connection input that is declared `captured`');
  }
}

function checkMethod(
  method: Method,
  path: SourcePath,
  auths: Parts['auths'],
  context: CompileContext,
): void {
  checkNames(method.authNames, [...path, 'auth'], auths, context);
  if (!method.apply) return;
  const callers = Object.values(auths).filter(
    ({ name }) => method.authNames?.includes(name) ?? true,
  );
  const { headers, query, body, cookies } = method.apply;
  const lookedUp = [headers, query, body, cookies]
    .flatMap((slot) => Object.values(slot))
    .flatMap(({ paths }) => paths)
    .filter((place) => place.startsWith('cred.'))
    .map((place) => place.slice('cred.'.length));
  for (const field of new Set(lookedUp)) {
    if (callers.every(({ knownFields }) => knownFields.includes(field))) continue;
    context.fault([...path, 'apply'], `looks up \`${field}\`, which not every alternative has`);
  }
}

function checkNames(
  names: readonly string[] | undefined,
  path: SourcePath,
  auths: Parts['auths'],
  context: CompileContext,
): void {
  for (const [index, name] of (names ?? []).entries()) {
    if (!Object.hasOwn(auths, name))
      context.fault([...path, index], 'names no alternative of auth');
  }
}
