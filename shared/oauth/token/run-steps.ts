/**
 * The steps of an exchange: requests and mints in order, each of which sees what those before it
 * found.
 *
 * Errors  what `refusal` makes of an answer that is not ok; RefreshRefusedError where the account
 *         lacks a field; {@link TokenEndpointError} where an answer lacks what a step needs;
 *         ForbiddenAddressError, MissingInputError; those of callTokenServer
 */
import type { RequestStep, Steps, Templates } from '../../integration/auth/plan.ts';
import type { Scope, ValueOf } from '../../integration/template/scope.ts';
import { MissingInputError, MissingValueError } from '../../integration/template/template.ts';
import type { Json } from '../../kernel/json.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import { basicHeader } from '../../wire/basic.ts';
import { encodeBody } from '../../wire/body/request-body.ts';
import { checkedUrl, type RenewalPlan } from '../app/renewal-plan.ts';
import { mintJwt } from './mint.ts';
import { evaluateOn, type TokenAnswer } from './token-answer.ts';
import {
  callTokenServer,
  type TokenCallContext,
  type TokenCallDeps,
  type TokenCallRequest,
} from './token-call.ts';
import { isSuccess, RETRY, RefreshRefusedError, TokenEndpointError } from './token-response.ts';

export interface StepsCall {
  readonly plan: Pick<RenewalPlan, 'account' | 'integration' | 'client'>;
  readonly context: TokenCallContext;
  /** `{ conn, cred, app }`. */
  readonly scope: Scope;
  /** The error for an answer that is not ok. */
  readonly refusal: (answer: TokenAnswer) => Error;
}

export interface StepsResult {
  /** `{ conn, cred, app, step }`. */
  readonly scope: Scope;
  /** Of the last request. */
  readonly answer: TokenAnswer | undefined;
}

/** @param made filled as steps are answered: what they found outlives the failure of a later one */
export async function runSteps(
  deps: TokenCallDeps,
  steps: Steps,
  call: StepsCall,
  made: Record<string, unknown> = {},
): Promise<StepsResult> {
  const { app: client, ...visible } = call.scope;
  const scope = { ...visible, ...(steps.usesClient ? { app: client } : {}), step: made };
  let answer: TokenAnswer | undefined;
  for (const step of steps.list) {
    if (step.kind === 'mint') {
      made[step.as] = await filled(() => mintJwt(step.mint, scope, deps.clock.now()));
      continue;
    }
    const request = await filled(async () => buildStep(step, steps, call, scope));
    answer = await callTokenServer(deps, call.context, request);
    if (!isOk(step, answer)) throw unlessLater(call.refusal(answer), made);
    Object.assign(made, valuesOf(step, answer));
  }
  return { scope: { ...scope, app: client }, answer };
}

/** Fields of a credential that are made of what the steps found. */
export function makeFields(templates: Templates, scope: Scope): Readonly<Record<string, string>> {
  return whileFilling(() => mapRecord(templates, (text) => text.render(scope)));
}

/** Those of them that what was found until now suffices for. */
export function makeSomeFields(
  templates: Templates,
  scope: Scope,
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    try {
      fields[name] = template.render(scope);
    } catch (error) {
      if (!(error instanceof MissingValueError || error instanceof MissingInputError)) throw error;
    }
  }
  return fields;
}

function isOk({ ok }: RequestStep, answer: TokenAnswer): boolean {
  return ok ? evaluateOn(ok, answer) === true : isSuccess(answer);
}

function valuesOf(
  { capture }: RequestStep,
  answer: TokenAnswer,
): Readonly<Record<string, unknown>> {
  return mapRecord(capture, (expression) => evaluateOn(expression, answer));
}

function buildStep(
  step: RequestStep,
  { usesClient }: Steps,
  { plan }: StepsCall,
  scope: Scope,
): TokenCallRequest {
  const url = checkedUrl(plan, step.url, scope, usesClient);
  for (const [name, value] of present(step.query, scope)) {
    url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const body = step.body?.(scope);
  const encoded = body === undefined ? undefined : encodeBody(body, step.bodyFormat, undefined);
  return {
    method: step.method,
    url,
    urlTemplate: step.url.text,
    headers: {
      accept: 'application/json',
      ...(encoded && { 'content-type': encoded.contentType }),
      ...basicHeader(step.basic, scope),
      ...mapRecord(step.headers, (text) => text.render(scope)),
    },
    body: encoded?.body,
  };
}

function present(values: Readonly<Record<string, ValueOf>>, scope: Scope): [string, Json][] {
  return Object.entries(values).flatMap(([name, compute]): [string, Json][] => {
    const value = compute(scope);
    return value === undefined || value === null ? [] : [[name, value]];
  });
}

/** After a step that was answered, a 4xx no longer says that nothing has happened. */
function unlessLater(error: Error, made: Readonly<Record<string, unknown>>): Error {
  if (!(error instanceof TokenEndpointError) || Object.keys(made).length === 0) return error;
  const { status: _status, ...detail } = error.detail;
  return new TokenEndpointError(error.message, { ...detail, step: 'later' }, RETRY);
}

async function filled<Result>(build: () => Promise<Result>): Promise<Result> {
  try {
    return await build();
  } catch (error) {
    throw asFailure(error);
  }
}

function whileFilling<Result>(build: () => Result): Result {
  try {
    return build();
  } catch (error) {
    throw asFailure(error);
  }
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof MissingValueError)) return error;
  const path = String(error.detail['path']);
  if (path.startsWith('step.')) {
    return new TokenEndpointError('an answer lacks what the next step needs', { path }, RETRY);
  }
  return new RefreshRefusedError('the credential lacks what the exchange needs', {
    reason: 'credential_incomplete',
  });
}
