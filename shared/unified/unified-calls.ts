/** The five calls on records, over one way to providers. */
import { createCallProvider } from '../provider/provider-client.ts';
import { createAnyList } from './any-list.ts';
import { createGetRecord, type GetRecord } from './get-record.ts';
import { createListRecords, type ListRecords } from './list-records.ts';
import { createApplierOf, createFetchMapped } from './mapped-pages.ts';
import { catalogueMappings, type PageSourceDeps } from './page-source.ts';
import { createFindNoun } from './resource-ref.ts';
import {
  createIsRepeatable,
  createWriteRecord,
  type IsRepeatable,
  type WriteRecord,
} from './write-record.ts';

export interface UnifiedCalls {
  readonly listRecords: ListRecords;
  readonly getRecord: GetRecord;
  readonly writeRecord: WriteRecord;
  readonly isRepeatable: IsRepeatable;
}

export function createUnifiedCalls(deps: PageSourceDeps): UnifiedCalls {
  const { catalogue, findMapping = catalogueMappings(catalogue) } = deps;
  const callProvider = createCallProvider(deps);
  const applierOf = createApplierOf();
  const findNoun = createFindNoun({ catalogue, findMapping });
  const fetchMapped = createFetchMapped(createAnyList(callProvider, deps.clock), applierOf);
  const getRecord = createGetRecord({ findNoun, fetchMapped });
  return {
    listRecords: createListRecords({ findNoun, fetchMapped }),
    getRecord,
    writeRecord: createWriteRecord({ findNoun, applierOf, callProvider, getRecord }),
    isRepeatable: createIsRepeatable({ findNoun }),
  };
}
