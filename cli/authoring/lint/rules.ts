/** The rules, in the order in which their findings matter. A new rule is a file and a line here. */
import { dropsAbsent } from './drops-absent.ts';
import { expiryUnknown } from './expiry-unknown.ts';
import { hyphenatedName } from './hyphenated-name.ts';
import { listWithoutId } from './list-without-id.ts';
import { listWithoutIncremental } from './list-without-incremental.ts';
import { listWithoutPagination } from './list-without-pagination.ts';
import { loneItem } from './lone-item.ts';
import { mappingWithoutFixture } from './mapping-without-fixture.ts';
import { methodWithoutFixture } from './method-without-fixture.ts';
import { noDocs } from './no-docs.ts';
import { noSla } from './no-sla.ts';
import { noVerify } from './no-verify.ts';
import { oauthWithoutScopes } from './oauth-without-scopes.ts';
import { onePageFixture } from './one-page-fixture.ts';
import type { LintRule } from './rule.ts';
import { silentEnd } from './silent-end.ts';
import { slowRegex } from './slow-regex.ts';
import { tenantHost } from './tenant-host.ts';
import { timedWithoutUnit } from './timed-without-unit.ts';
import { titleCase } from './title-case.ts';

export const LINT_RULES: readonly LintRule[] = [
  silentEnd,
  timedWithoutUnit,
  hyphenatedName,
  dropsAbsent,
  loneItem,
  slowRegex,
  tenantHost,
  oauthWithoutScopes,
  expiryUnknown,
  listWithoutPagination,
  listWithoutId,
  listWithoutIncremental,
  noVerify,
  noDocs,
  noSla,
  titleCase,
  methodWithoutFixture,
  mappingWithoutFixture,
  onePageFixture,
];
