/**
 * Who may do what: the roles of the template with their policies, and the policies of resources.
 *
 * Within one account a call is allowed by the role's policies or by the resource's, and refused by
 * a Deny in either. A KMS key is stricter: its own policy must let the account's policies count.
 */
import { type AccessCheck, evaluate } from './evaluate.ts';
import { type Principal, parsePolicy, type Statement } from './policy.ts';

export interface RolePolicies {
  readonly arn: string;
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
  readonly trust?: unknown;
}

/** Why a call was refused. */
export interface Refusal {
  readonly check: AccessCheck;
  /** The statement that denies it; undefined where nothing allows it. */
  readonly deniedBy: string | undefined;
}

interface Role {
  readonly statements: readonly Statement[];
  readonly trust: readonly Statement[];
}

export class Authorizer {
  readonly #accountId: string;
  readonly #roles = new Map<string, Role>();
  readonly #resources = new Map<string, readonly Statement[]>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** @throws UnsupportedPolicyError */
  setRole(role: RolePolicies): void {
    this.#roles.set(role.arn, {
      statements: role.policies.flatMap(({ name, document }) =>
        parsePolicy(name, document, 'identity'),
      ),
      trust:
        role.trust === undefined ? [] : parsePolicy(`trust of ${role.arn}`, role.trust, 'trust'),
    });
  }

  /** @throws UnsupportedPolicyError */
  setResourcePolicy(resourceArn: string, document: unknown): void {
    this.#resources.set(resourceArn, parsePolicy(`of ${resourceArn}`, document, 'resource'));
  }

  /** The first check that fails, or undefined where the role may do all of them. */
  refusal(roleArn: string, checks: readonly AccessCheck[]): Refusal | undefined {
    for (const check of checks) {
      const refused = this.#refuse(roleArn, check);
      if (refused) return refused;
    }
    return undefined;
  }

  /** Whether `service` may act as the role. */
  mayAssume(roleArn: string, service: string, context: AccessCheck['context']): boolean {
    const trust = this.#roles.get(roleArn)?.trust ?? [];
    const named = trust.filter(({ principals }) =>
      principals.some(({ kind, name }) => kind === 'Service' && name === service),
    );
    const check = { action: 'sts:AssumeRole', resource: roleArn, context };
    return evaluate(named, check).kind === 'allowed';
  }

  #refuse(roleArn: string, check: AccessCheck): Refusal | undefined {
    const identity = evaluate(this.#roles.get(roleArn)?.statements ?? [], check);
    if (identity.kind === 'denied') return { check, deniedBy: identity.by };
    const policy = this.#resources.get(owner(check.resource));
    const direct = evaluate(
      concerning(policy ?? [], (principal) => names(principal, roleArn)),
      check,
    );
    const account = evaluate(
      concerning(policy ?? [], (principal) => this.#namesAccount(principal)),
      check,
    );
    if (direct.kind === 'denied') return { check, deniedBy: direct.by };
    if (account.kind === 'denied') return { check, deniedBy: account.by };
    if (direct.kind === 'allowed') return undefined;
    // The policy of a key that names no account keeps the account's own policies out.
    const identityCounts =
      policy === undefined || !check.action.startsWith('kms:') || account.kind === 'allowed';
    if (identity.kind === 'allowed' && identityCounts) return undefined;
    return { check, deniedBy: undefined };
  }

  #namesAccount({ kind, name }: Principal): boolean {
    return (
      kind === 'AWS' &&
      (name === this.#accountId || name === `arn:aws:iam::${this.#accountId}:root`)
    );
  }
}

function concerning(
  statements: readonly Statement[],
  matches: (principal: Principal) => boolean,
): readonly Statement[] {
  return statements.filter(({ principals }) => principals.some(matches));
}

function names({ kind, name }: Principal, roleArn: string): boolean {
  return kind === 'AWS' && (name === '*' || name === roleArn);
}

/** A bucket's policy covers its objects. */
function owner(resourceArn: string): string {
  return resourceArn.startsWith('arn:aws:s3:::') ? (resourceArn.split('/')[0] ?? '') : resourceArn;
}
