/** DynamoDB in a process of its own, so that its work is not counted as the step's. */
import { startDynamo } from '../../test/support/servers/dynamo.ts';
import { serveParent } from './child.ts';

const api = {
  /** Resolves to its endpoint. */
  listen: async (_: null): Promise<string> => (await startDynamo()).endpoint,
};

export type DatabaseApi = typeof api;
serveParent(api);
