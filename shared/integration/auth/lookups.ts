/**
 * What a part of an integration looks up, noted while it is compiled: which fields of a credential
 * it needs follows from its templates and expressions, and is not said a second time.
 */
import type { CompileContext, SourcePath } from '../template/context.ts';

export interface Lookups {
  /** Fields of the credential, in the order in which they are first named. */
  readonly credentialFields: ReadonlySet<string>;
  /** Inputs of the connection. */
  readonly inputs: ReadonlySet<string>;
  /** Whether the OAuth client is looked up. */
  readonly usesClient: boolean;
}

/** `cred.username`, `app.client_id` in an expression. */
const IN_EXPRESSION = /\b(?:cred|app|conn)\.[A-Za-z_]\w*/g;

/** A context that compiles as `context` does and takes notes. */
export function noteLookups(context: CompileContext): {
  readonly context: CompileContext;
  readonly lookups: Lookups;
} {
  const fields = new Set<string>();
  const inputs = new Set<string>();
  let usesClient = false;
  const note = (place: string) => {
    const [root, name] = place.split('.');
    if (root === 'app') usesClient = true;
    if (root === 'cred' && name !== undefined) fields.add(name);
    if (root === 'conn' && name !== undefined) inputs.add(name);
  };
  const expression = (text: string, path: SourcePath) => {
    for (const place of text.match(IN_EXPRESSION) ?? []) note(place);
    return context.expression(text, path);
  };
  return {
    context: {
      ...context,
      expression,
      optionalExpression: (text, path) => (text === undefined ? undefined : expression(text, path)),
      template(text, path, roots) {
        const template = context.template(text, path, roots);
        for (const place of template.paths) note(place);
        return template;
      },
    },
    lookups: {
      credentialFields: fields,
      inputs,
      get usesClient() {
        return usesClient;
      },
    },
  };
}

/** A context whose templates may look up `roots`, whatever the slot usually allows. */
export function withRoots(context: CompileContext, roots: readonly string[]): CompileContext {
  return { ...context, template: (text, path) => context.template(text, path, roots) };
}
