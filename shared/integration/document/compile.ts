/** A whole integration, compiled: every fault at once, with the place it stands at. */

import { mapRecord } from '../../kernel/map-record.ts';
import { compileAuths } from '../auth/compile.ts';
import { compileExpressions } from '../auth/compile-steps.ts';
import { validateCredential } from '../auth/credential-fields.ts';
import { compileAddress } from '../connection/address.ts';
import { validateConnection, withCaptured } from '../connection/compile.ts';
import { compileInputs } from '../connection/inputs.ts';
import { compileErrorRules } from '../limits/compile-error-rules.ts';
import { compileRateLimit } from '../limits/compile-rate-limit.ts';
import { BARE_METHOD, compileMethod, compileResource } from '../method/compile.ts';
import type { Method } from '../method/plan.ts';
import type { VerifySource } from '../method/source.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileTemplates } from '../template/values.ts';
import { checkWebhook } from '../webhook/compile.ts';
import { checkAuthUses } from './auth-uses.ts';
import { checkPieces } from './pieces.ts';
import type { AfterConnect, Integration } from './plan.ts';
import type { IntegrationSource } from './source.ts';

export function compileIntegration(
  source: IntegrationSource,
  models: Integration['models'],
  bareContext: CompileContext,
): Integration {
  const context = withDeclaredInputs(bareContext, Object.keys(source.connection));
  const inputs = compileInputs(source, context);
  const auth = compileAuths(source.auth, context);
  const address = compileAddress(source, auth, context);
  const resources = mapRecord(source.resources, (resource, name) =>
    compileResource(name, resource, source.pagination, context),
  );
  checkPieces(source.resources, resources, context);
  checkWebhook(source, context);
  const afterConnect = compileAfterConnect(source, context);
  const verify = compileVerify(source, context);
  checkAuthUses({ auths: auth, inputs, resources, afterConnect, verify }, context);
  return {
    name: source.provider,
    title: source.title,
    docs: source.docs,
    auth,
    connection: inputs,
    headers: compileTemplates(source.headers, ['headers'], ['conn'], context),
    resources,
    models,
    verify,
    rateLimit: compileRateLimit(source.rate_limit, context),
    errors: compileErrorRules(source.errors, ['errors'], context),
    sla: source.sla ? presentMembers(source.sla) : {},
    webhook: source.webhook && {
      verifiedBy: source.webhook.verify.map(({ scheme }) => scheme),
      events: source.webhook.types,
    },
    afterConnect,
    validateConnection: (given, name, giver) => {
      const alternative = Object.hasOwn(auth, name) ? auth[name] : undefined;
      return validateConnection(inputs, address, given, alternative ?? { name }, giver);
    },
    withCaptured: (account, captured) => withCaptured(inputs, address, account, captured),
    validateCredential: (name, fields) => validateCredential(auth, name, fields),
    ...address,
  };
}

function compileAfterConnect(
  source: IntegrationSource,
  context: CompileContext,
): readonly AfterConnect[] {
  return source.after_connect.map(({ capture, ...action }, index) => {
    const path = ['after_connect', index];
    return {
      method: compileMethod('after_connect', { ...BARE_METHOD, ...action }, path, {}, context),
      capture: compileExpressions(capture, [...path, 'capture'], context),
    };
  });
}

function compileVerify(source: IntegrationSource, context: CompileContext): readonly Method[] {
  const { verify = [] } = source;
  const compile = (one: VerifySource, path: SourcePath) =>
    compileMethod('verify', { ...BARE_METHOD, ...one }, path, {}, context);
  return Array.isArray(verify)
    ? verify.map((one, index) => compile(one, ['verify', index]))
    : [compile(verify, ['verify'])];
}

function presentMembers(sla: NonNullable<IntegrationSource['sla']>): Integration['sla'] {
  const members: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(sla)) {
    if (typeof value === 'string' || Array.isArray(value)) members[name] = value;
  }
  return members;
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
