/** The rules, in the order in which their findings matter. A new rule is a file and a line here. */

import type { LintRule } from './rule.ts';
import { dropsAbsent } from './rules/drops-absent.ts';
import { expiryUnknown } from './rules/expiry-unknown.ts';
import { hyphenatedName } from './rules/hyphenated-name.ts';
import { listWithoutId } from './rules/list-without-id.ts';
import { listWithoutIncremental } from './rules/list-without-incremental.ts';
import { listWithoutPagination } from './rules/list-without-pagination.ts';
import { loneItem } from './rules/lone-item.ts';
import { mappingWithoutFixture } from './rules/mapping-without-fixture.ts';
import { methodWithoutFixture } from './rules/method-without-fixture.ts';
import { noDocs } from './rules/no-docs.ts';
import { noSla } from './rules/no-sla.ts';
import { noVerify } from './rules/no-verify.ts';
import { oauthWithoutScopes } from './rules/oauth-without-scopes.ts';
import { onePageFixture } from './rules/one-page-fixture.ts';
import { silentEnd } from './rules/silent-end.ts';
import { slowRegex } from './rules/slow-regex.ts';
import { tenantHost } from './rules/tenant-host.ts';
import { timedWithoutUnit } from './rules/timed-without-unit.ts';
import { titleCase } from './rules/title-case.ts';

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
