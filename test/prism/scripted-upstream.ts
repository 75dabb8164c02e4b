/**
 * The provider behind Prism: plays the exchanges of one fixture after the other, filled up to what
 * the document requires of its answers.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { bytesOf } from '../../authoring/engine/scripted-send.ts';
import type { Exchange } from '../../authoring/fixtures/fixture.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { completeAnswer } from './complete.ts';

export interface ScriptedUpstream {
  readonly url: string;
  play(exchanges: readonly Exchange[]): void;
  close(): void;
}

export async function startScriptedUpstream(document: JsonObject): Promise<ScriptedUpstream> {
  let script: Exchange[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const exchange = script.shift();
    if (!exchange) {
      response.writeHead(500).end();
      return;
    }
    const { answer } = exchange;
    const type = answer.body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { ...type, ...answer.headers };
    response.writeHead(answer.status, headers).end(bytesFor(document, request, answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    play: (exchanges) => {
      script = [...exchanges];
    },
    close: () => void server.close(),
  };
}

function bytesFor(
  document: JsonObject,
  { method = 'GET', url = '/' }: IncomingMessage,
  answer: Exchange['answer'],
): Buffer {
  if (answer.body === undefined) return bytesOf(answer);
  const path = url.split('?')[0] ?? url;
  const operation = { method, path, status: answer.status };
  return Buffer.from(JSON.stringify(completeAnswer(document, operation, answer.body)));
}
