/** A whole integration, compiled: every fault at once, with the place it stands at. */
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import type { Fault } from '../../kernel/errors.ts';
import { type AllowedHost, isAllowedHost, parseAllowedHost } from '../hosts.ts';
import type { Auth, ConnectionInput, Integration } from '../integration.ts';
import type { IntegrationSource } from '../schema/integration.ts';
import { compileAuths } from './auth.ts';
import type { CompileContext } from './context.ts';
import { compileErrorRules, compileRateLimit } from './limits.ts';
import type { Pattern } from './pattern.ts';
import { compileMethod, compileResource } from './resource.ts';
import type { Template } from './template.ts';
import { compileTemplates, mapRecord } from './values.ts';

type Connection = Readonly<Record<string, string>>;
type Input = ConnectionInput & { readonly compiled: Pattern };

export function compileIntegration(
  source: IntegrationSource,
  models: Integration['models'],
  bareContext: CompileContext,
): Integration {
  const context = withDeclaredInputs(bareContext, Object.keys(source.connection));
  const inputs = compileInputs(source, context);
  const auth = compileAuths(source.auth, context);
  const address = compileAddress(source, context);
  return {
    name: source.provider,
    title: source.title,
    docs: source.docs,
    auth,
    connection: inputs,
    headers: compileTemplates(source.headers, ['headers'], ['conn'], context),
    resources: mapRecord(source.resources, (resource, name) =>
      compileResource(name, resource, source.pagination, context),
    ),
    models,
    verify:
      source.verify &&
      compileMethod(
        'verify',
        { ...source.verify, params: [], body_format: 'json' },
        ['verify'],
        {},
        context,
      ),
    rateLimit: compileRateLimit(source.rate_limit, context),
    errors: compileErrorRules(source.errors, context),
    sla: source.sla ? presentMembers(source.sla) : {},
    validateConnection: (given) => validateConnection(inputs, address, given),
    validateCredential: (name, fields) => validateCredential(auth, name, fields),
    ...address,
  };
}

function presentMembers(sla: NonNullable<IntegrationSource['sla']>): Integration['sla'] {
  const members: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(sla)) {
    if (typeof value === 'string' || Array.isArray(value)) members[name] = value;
  }
  return members;
}

function compileInputs(
  source: IntegrationSource,
  context: CompileContext,
): Readonly<Record<string, Input>> {
  return mapRecord(source.connection, (input, name) => {
    const path = ['connection', name];
    const faultsBefore = context.faults.length;
    const compiled = context.pattern(input.pattern, [...path, 'pattern']);
    for (const slot of ['default', 'example'] as const) {
      const value = input[slot];
      if (value === undefined || context.faults.length > faultsBefore) continue;
      if (!compiled.matches(value)) context.fault([...path, slot], 'does not match the pattern');
    }
    return {
      name,
      title: input.title ?? name,
      pattern: input.pattern,
      default: input.default,
      example: input.example,
      compiled,
    };
  });
}

type Address = Pick<Integration, 'baseUrl' | 'allowsHost'>;

function compileAddress(source: IntegrationSource, context: CompileContext): Address {
  const base = context.template(source.base_url, ['base_url'], ['conn']);
  const hosts = source.hosts.map((host, index) =>
    context.template(host, ['hosts', index], ['conn']),
  );
  for (const [index, host] of hosts.entries()) {
    if (host.paths.length === 0 && !parseAllowedHost(host.text)) {
      context.fault(['hosts', index], 'must be a host name in lower case, *.name or a template');
    }
  }
  const allowsHost = (url: URL, connection: Connection) =>
    isAllowedHost(url, renderHosts(hosts, connection));
  return {
    allowsHost,
    baseUrl(connection) {
      const text = base.render({ conn: connection }).replace(/\/+$/, '');
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url?.search !== '' || url.hash !== '' || !allowsHost(url, connection)) {
        throw new ForbiddenAddressError('the base URL is not on the allow-list of hosts', {
          reason: 'host_not_allowed',
        });
      }
      return url;
    },
  };
}

function renderHosts(hosts: readonly Template[], connection: Connection): readonly AllowedHost[] {
  return hosts
    .map((host) => parseAllowedHost(host.render({ conn: connection })))
    .filter((host) => host !== undefined);
}

function validateConnection(
  inputs: Readonly<Record<string, Input>>,
  address: Address,
  given: Readonly<Record<string, unknown>>,
): { connection: Connection; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const connection: Record<string, string> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(inputs, name)) {
      faults.push({ path: `connection.${name}`, message: 'the integration has no such input' });
    }
  }
  for (const [name, input] of Object.entries(inputs)) {
    const value = given[name] ?? input.default;
    if (typeof value === 'string' && input.compiled.matches(value)) connection[name] = value;
    else {
      const message =
        value === undefined ? 'is needed' : `must be a text that matches ${input.pattern}`;
      faults.push({ path: `connection.${name}`, message });
    }
  }
  if (faults.length === 0 && !hasBaseUrl(address, connection)) {
    faults.push({
      path: 'connection',
      message: 'leads to a host that the integration does not allow',
    });
  }
  return { connection, faults };
}

function hasBaseUrl(address: Address, connection: Connection): boolean {
  try {
    address.baseUrl(connection);
    return true;
  } catch (error) {
    if (error instanceof ForbiddenAddressError) return false;
    throw error;
  }
}

function validateCredential(
  auths: Readonly<Record<string, Auth>>,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): readonly Fault[] {
  const auth = Object.hasOwn(auths, name) ? auths[name] : undefined;
  if (!auth) return [{ path: 'auth', message: 'the integration has no such alternative' }];
  const faults: Fault[] = [];
  const given = (field: string) => typeof fields[field] === 'string' && fields[field] !== '';
  for (const field of Object.keys(fields)) {
    if (!auth.credentialFields.some((known) => known.name === field)) {
      faults.push({ path: `credentials.${field}`, message: 'the integration has no such field' });
    } else if (!given(field)) {
      faults.push({ path: `credentials.${field}`, message: 'must be a text' });
    }
  }
  for (const field of auth.credentialFields) {
    if (field.required && !(field.name in fields)) {
      faults.push({ path: `credentials.${field.name}`, message: 'is needed' });
    }
  }
  if (auth.oauth?.grant === 'refresh_token' && !given('access_token') && !given('refresh_token')) {
    faults.push({ path: 'credentials', message: 'needs access_token or refresh_token' });
  }
  return faults;
}

/** A template that names an input which is not declared would fail at the first call. */
function withDeclaredInputs(context: CompileContext, names: readonly string[]): CompileContext {
  return {
    ...context,
    template(text, path, roots) {
      const template = context.template(text, path, roots);
      for (const [root, name] of template.paths.map((place) => place.split('.'))) {
        if (root === 'conn' && !names.includes(name ?? '')) {
          context.fault(path, 'looks up a connection input that is not declared');
        }
      }
      return template;
    },
  };
}
