/**
 * `npm run test:emulate`: the shipped integrations against emulate's stateful GitHub, Slack, Stripe,
 * Linear and Microsoft. What they hold afterwards is asked of themselves.
 */
import { join } from 'node:path';
import { loadCatalogue } from '../../shared/integration/catalogue/catalogue.ts';
import { readCatalogueFolder } from '../../shared/integration/catalogue/read-catalogue.ts';
import { createChecks, skipTier } from '../support/checks.ts';
import { createReoriginatedSend, type Relocation } from '../support/doubles/reoriginated-send.ts';
import {
  type Emulator,
  findEmulate,
  SERVICES,
  type Service,
  startEmulator,
} from './emulate-server.ts';
import { checkGithub } from './github.ts';
import { checkLinear } from './linear.ts';
import { checkMicrosoft } from './microsoft.ts';
import { seed } from './seed.ts';
import { checkSlack, postingReads } from './slack.ts';
import { checkStripe } from './stripe.ts';
import type { Tier } from './tier.ts';

const INTEGRATIONS = join(import.meta.dirname, '../../integrations');

const CHECKS: Readonly<Record<Service, (tier: Tier) => Promise<void>>> = {
  github: checkGithub,
  slack: checkSlack,
  stripe: checkStripe,
  linear: checkLinear,
  microsoft: checkMicrosoft,
};

const program = findEmulate();
if (program === undefined) process.exit(skipTier('the emulate tier', 'npm cannot get emulate'));
const checks = createChecks();
const catalogue = loadCatalogue(readCatalogueFolder([INTEGRATIONS]));
const emulator = await startEmulator(program, seed);
try {
  const all = createReoriginatedSend(relocationsTo(emulator));
  for (const service of SERVICES) {
    const url = emulator.urls[service];
    const send = service === 'slack' ? postingReads(all) : all;
    await CHECKS[service]({ checks, catalogue, url, send }).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      checks.check(`${service}: its checks end`, false, reason);
    });
  }
} finally {
  emulator.close();
}
process.exit(checks.finish());

/** The first that fits is taken: paths that differ come before the origins that they are at. */
function relocationsTo({ urls }: Emulator): readonly Relocation[] {
  const { github, slack, stripe, linear, microsoft } = urls;
  return [
    { from: 'https://api.github.com', to: github },
    { from: 'https://github.com', to: github },
    { from: 'https://slack.com', to: slack },
    { from: 'https://api.stripe.com', to: stripe },
    { from: 'https://api.linear.app', to: linear },
    { from: 'https://graph.microsoft.com', to: microsoft },
    // It has one tenant, which its paths do not name.
    { from: 'https://login.microsoftonline.com/organizations', to: microsoft },
    {
      from: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad',
      to: microsoft,
    },
  ];
}
