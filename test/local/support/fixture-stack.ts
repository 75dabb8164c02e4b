/** A tiny stack on the embedded AWS: what a template becomes when the local runtime starts it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Endpoint, openEndpoint } from '../../../local/endpoint.ts';
import { type AwsClients, createAwsClients } from '../../../local/provision/clients.ts';
import { openStackIdentity } from '../../../local/provision/identity.ts';
import type { Stack } from '../../../local/provision/stack.ts';
import { provision } from '../../../local/provision.ts';
import { readTemplate } from '../../../local/template.ts';
import { systemRandom } from '../../../shared/kernel/random.ts';

export interface FixtureStack {
  readonly folder: string;
  readonly endpoint: Endpoint;
  readonly clients: AwsClients;
  /** Refused calls and other problems outside the functions. */
  readonly faults: string[];
  provision(resources: Readonly<Record<string, unknown>>): Promise<Stack>;
  /** Ends the endpoint and starts it again on the same folder. */
  restart(): Promise<FixtureStack>;
  close(): Promise<void>;
}

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-stack-'));
}

export async function openFixtureStack(folder = makeFolder()): Promise<FixtureStack> {
  const faults: string[] = [];
  const endpoint = await openEndpoint({
    dataDir: join(folder, 'aws'),
    environment: { AWS_REGION: 'eu-west-1' },
    onFault: (what) => faults.push(what),
  });
  const clients = createAwsClients(endpoint.admin);
  const end = async () => {
    clients.close();
    await endpoint.stop();
  };
  return {
    folder,
    endpoint,
    clients,
    faults,
    provision: (resources) =>
      provision(readTemplate({ Resources: resources }), 'Test', {
        clients,
        identity: openStackIdentity(folder, 'Test', systemRandom),
        region: endpoint.region,
        accountId: endpoint.accountId,
        registerRole: (role) => void endpoint.registerRole(role),
        endpointInvokesFunctions: endpoint.invokesFunctions,
      }),
    async restart() {
      await end();
      return openFixtureStack(folder);
    },
    async close() {
      await end();
      rmSync(folder, { recursive: true });
    },
  };
}
