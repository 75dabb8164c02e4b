/**
 * One execution environment: a thread that loads a function's bundle once and then runs one event
 * at a time, as Lambda's Node.js runtime does.
 *
 * Nothing but Node and the bundle itself can be imported: what the deployed zip lacks must be
 * missing here too.
 */
import { createRequire, enableCompileCache, flushCompileCache, registerHooks } from 'node:module';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { errorBody, type LineFormat, logLine, patchConsole } from './lambda-console.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';
import {
  awslambda,
  isStreaming,
  ResponseStream,
  type StreamingHandler,
} from './response-stream.ts';

type BufferedHandler = (event: unknown, context: unknown) => unknown;

const start: WorkerStart = workerData;
const port = parentPort;
if (port === null) throw new Error('this file runs in a thread of the local runtime');

let requestId: string | undefined;
let chunkTaken: (() => void) | undefined;
const lines: LineFormat = {
  format: start.logFormat,
  level: start.logLevel,
  requestId: () => requestId,
};

const say = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

function logFailure(errorType: string, error: unknown): void {
  const line = logLine(lines, 'ERROR', [{ ...errorBody(error), errorType }]);
  process.stdout.write(`${line}\n`);
}

async function load(): Promise<StreamingHandler | BufferedHandler> {
  if (start.compileCacheDir !== undefined) enableCompileCache(start.compileCacheDir);
  Object.assign(globalThis, { awslambda });
  patchConsole(lines);
  const root = `${pathToFileURL(start.codeDir).href}/`;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (/^(node|data):/.test(resolved.url) || resolved.url.startsWith(root)) return resolved;
      throw new Error(`the bundle imports '${specifier}', which it does not contain`);
    },
  });
  const [file = '', name = ''] = start.handler.split('.');
  const path = join(start.codeDir, file);
  const require = createRequire(path);
  const loaded: Readonly<Record<string, unknown>> = await require(path);
  const handler = loaded[name];
  if (isHandler(handler)) return handler;
  throw new Error(`the bundle does not export '${name}'`);
}

function isHandler(value: unknown): value is BufferedHandler {
  return typeof value === 'function';
}

function contextOf(message: Extract<ToWorker, { type: 'invoke' }>) {
  return {
    awsRequestId: message.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    logGroupName: start.logGroupName,
    logStreamName: start.logStreamName,
    memoryLimitInMB: String(start.memoryMb),
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

async function run(
  handler: StreamingHandler | BufferedHandler,
  message: Extract<ToWorker, { type: 'invoke' }>,
): Promise<string | undefined> {
  requestId = message.requestId;
  process.env['_X_AMZN_TRACE_ID'] = traceId(message.requestId);
  const event: unknown = JSON.parse(message.event);
  const context = contextOf(message);
  if (isStreaming(handler)) {
    const stream = new ResponseStream((bytes, taken) => {
      // What a failed invocation still writes must not reach the next one's caller.
      if (requestId !== message.requestId) return taken();
      chunkTaken = taken;
      say({ type: 'chunk', bytes }, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
    });
    const ended = finished(stream);
    await Promise.all([handler(event, stream, context), ended]);
    return undefined;
  }
  return JSON.stringify((await handler(event, context)) ?? null);
}

function traceId(id: string): string {
  const hex = id.replaceAll('-', '');
  return `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${hex.slice(0, 24)};Sampled=0`;
}

// A rejection that nobody awaits ends the environment, after its line is in the log.
process.on('unhandledRejection', (error) => {
  logFailure('Runtime.UnhandledPromiseRejection', error);
  process.exit(1);
});
process.on('uncaughtException', (error) => {
  logFailure(typeOf(error), error);
  process.exit(1);
});

function typeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function fail(errorType: string, error: unknown): void {
  logFailure(errorType, error);
  requestId = undefined;
  say({ type: 'failed', errorType });
}

function take(handler: StreamingHandler | BufferedHandler, message: ToWorker): void {
  if (message.type === 'chunk-taken') {
    const taken = chunkTaken;
    chunkTaken = undefined;
    taken?.();
    return;
  }
  run(handler, message).then(
    (result) => {
      requestId = undefined;
      say({ type: 'done', ...(result !== undefined && { result }) });
    },
    (error: unknown) => fail(typeOf(error), error),
  );
}

try {
  const handler = await load();
  // Now, because a thread that is ended from outside writes nothing.
  flushCompileCache();
  port.on('message', (message: ToWorker) => take(handler, message));
  say({ type: 'ready' });
} catch (error) {
  fail('Runtime.ImportModuleError', error);
}
