import type { RoleDefinition } from '../aws/embedded-aws.ts';
import type { AwsClients } from './clients.ts';
import type { StackIdentity } from './identity.ts';
import type { Physical, PlannedResource } from './stack.ts';

export interface CreatorContext {
  readonly clients: AwsClients;
  readonly identity: StackIdentity;
  readonly region: string;
  readonly accountId: string;
  /** Makes the role known where it is enforced: schedules are refused without theirs. */
  readonly registerRole: (role: RoleDefinition) => void;
  /** False: schedules for functions are left to the runtime's own clock. */
  readonly endpointInvokesFunctions: boolean;
}

/** Makes one resource exist as its properties say, whether it existed before or not. */
export type Creator = (resource: PlannedResource, context: CreatorContext) => Promise<Physical>;
