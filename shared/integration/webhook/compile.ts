/**
 * The webhook block, checked: every template and expression of it must compile, and what it refers
 * to must be there. A scheme that could never verify anything is found when the integration loads.
 */
import type { IntegrationSource } from '../document/source.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { WebhookSource } from './source.ts';

type Verifier = WebhookSource['verify'][number];

/** What a signed text and its key may look up. */
const ROOTS = [
  'raw',
  'method',
  'url',
  'timestamp',
  'header',
  'query',
  'form',
  'app',
  'conn',
  'hook',
];

export function checkWebhook(source: IntegrationSource, context: CompileContext): void {
  const { webhook } = source;
  if (!webhook) return;
  for (const [index, verifier] of webhook.verify.entries()) {
    checkVerifier(verifier, ['webhook', 'verify', index], context);
  }
  context.optionalExpression(webhook.timestamp?.body, ['webhook', 'timestamp', 'body']);
  context.expression(webhook.events, ['webhook', 'events']);
  checkHandshakes(webhook, context);
  checkRoute(webhook, source, context);
}

function checkVerifier(verifier: Verifier, path: SourcePath, context: CompileContext): void {
  const template = (text: string, ...slot: string[]) =>
    void context.template(text, [...path, ...slot], ROOTS);
  switch (verifier.scheme) {
    case 'basic':
      template(verifier.username, 'username');
      template(verifier.password, 'password');
      return;
    case 'token':
      template(verifier.key, 'key');
      if (typeof verifier.value === 'string') template(verifier.value, 'value');
      else context.expression(verifier.value.expr, [...path, 'value', 'expr']);
      return;
    case 'jwt':
      template(verifier.key, 'key');
      template(verifier.value, 'value');
      for (const [name, text] of Object.entries(verifier.claims)) template(text, 'claims', name);
      return;
    case 'standard_webhooks':
      template(verifier.key, 'key');
      return;
    default:
      template(verifier.key, 'key');
      template(verifier.payload, 'payload');
      checkSigned(verifier, path, context);
  }
}

type Signed = Extract<Verifier, { payload: string }>;

function checkSigned(
  { signature, payload, covers }: Signed,
  path: SourcePath,
  context: CompileContext,
) {
  if (signature.format !== 'plain' && signature.member === undefined) {
    context.fault(
      [...path, 'signature', 'member'],
      `must be present where the format is ${signature.format}`,
    );
  }
  const signsBody = payload.includes('{{raw}}') || payload.includes('{{form');
  if (covers === 'body' && !signsBody) {
    context.fault([...path, 'payload'], 'must hold {{raw}} where the signature covers the body');
  }
}

function checkHandshakes({ handshakes }: WebhookSource, context: CompileContext): void {
  for (const [index, handshake] of handshakes.entries()) {
    const path = ['webhook', 'handshakes', index];
    context.expression(handshake.when, [...path, 'when']);
    context.optionalExpression(handshake.respond, [...path, 'respond']);
    for (const [name, text] of Object.entries(handshake.headers)) {
      context.template(text, [...path, 'headers', name], ROOTS);
    }
    for (const [name, text] of Object.entries(handshake.capture)) {
      context.expression(text, [...path, 'capture', name]);
    }
  }
}

function checkRoute(
  { route }: WebhookSource,
  { connection }: IntegrationSource,
  context: CompileContext,
): void {
  if (!route) return;
  context.expression(route.value, ['webhook', 'route', 'value']);
  if (!Object.hasOwn(connection, route.input)) {
    context.fault(['webhook', 'route', 'input'], 'names a connection input that is not declared');
  }
}
