import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { letRequestsOut } from '#shared/http/let-requests-out.ts';
import { readBody } from '#shared/http/read-body.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { startScriptedProvider } from '../../support/servers/scripted-provider.ts';

/** Where the client says that it has written a request's headers to its socket. */
const WRITTEN = 'undici:client:sendHeaders';

describe('letRequestsOut', () => {
  it('ends once a request on a connection that is used again is written', async () => {
    const provider = await startScriptedProvider([{}, {}]);
    const send = createSendHttp({ allowLoopback: true });
    const get = async () => {
      const { body } = await send({ method: 'GET', url: new URL(provider.url), headers: {} });
      await readBody(body, 1_000);
    };
    let written = 0;
    const count = () => {
      written += 1;
    };
    await get();
    subscribe(WRITTEN, count);
    try {
      const again = get();
      const atOnce = written;
      await letRequestsOut();
      const soon = written;
      await again;

      expect([atOnce, soon]).toEqual([0, 1]);
    } finally {
      unsubscribe(WRITTEN, count);
      await provider.stop();
    }
  });
});
