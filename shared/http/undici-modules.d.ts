/**
 * The two modules of undici that we bundle. The package's root would bring fetch, WebSocket and the
 * cache with it (72 ms of cold start); its types only describe the root.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici/types/index.js';

  export default Agent;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici/types/index.js';

  export default buildConnector;
}
