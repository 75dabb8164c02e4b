/**
 * `npm run test:parse`: a real Parse Server over PostgreSQL, added by configuration only. Pages,
 * changes, writes, refusals and limits; what was written is asked of the server itself.
 */
import { join } from 'node:path';
import { createSendHttp } from '../../shared/http/request.ts';
import { loadCatalogue } from '../../shared/integration/catalogue/catalogue.ts';
import { readCatalogueFolder } from '../../shared/integration/catalogue/read-catalogue.ts';
import { createChecks, skipTier } from '../support/checks.ts';
import { freePort } from '../support/servers/free-port.ts';
import { openLiveAccount } from '../support/worlds/live-account.ts';
import { checkLimits } from './limits.ts';
import { findParse, KEYS, type ParseServer, startParse } from './parse-server.ts';
import { reasonAgainstPostgres, startPostgres } from './postgres.ts';
import { checkLists, checkRefusals, checkWrites, seedContacts } from './records.ts';

const FOLDERS = ['../../integrations', 'integrations'].map((one) => join(import.meta.dirname, one));

const program = findParse();
const reason = program === undefined ? 'npm cannot get Parse Server' : reasonAgainstPostgres();
if (program === undefined || reason !== undefined) {
  process.exit(skipTier('the Parse Server tier', reason ?? 'npm cannot get Parse Server'));
}

const checks = createChecks();
const postgres = startPostgres(await freePort());
try {
  const parse = await startParse(program, postgres.uri);
  await checkAll(parse).finally(parse.close);
} catch (error) {
  checks.check('the tier ends', false, error instanceof Error ? error.stack : String(error));
} finally {
  postgres.close();
}
process.exit(checks.finish());

async function checkAll(parse: ParseServer): Promise<void> {
  const catalogue = loadCatalogue(readCatalogueFolder(FOLDERS));
  const send = createSendHttp({ allowLoopback: true });
  const connection = { base_url: parse.url };
  const open = (auth: string, credential: Readonly<Record<string, string>>) =>
    openLiveAccount({ catalogue, send, integration: 'parse', auth, connection, credential });
  const owner = { application_id: KEYS.application, master_key: KEYS.master };
  const caller = { application_id: KEYS.application, rest_api_key: KEYS.rest };

  await seedContacts(parse);
  const account = open('master_key', owner);
  await account.verify();
  checks.check('verify', true);
  await checkLists({ checks, parse, account });
  await checkWrites({ checks, parse, account });
  await checkRefusals({ checks, parse, account });
  await checkLimits(
    checks,
    open('rest_key', caller),
    open('rest_key', { ...caller, rest_api_key: 'wrong' }),
  );
}
