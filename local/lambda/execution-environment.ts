/**
 * The host's side of one execution environment: a thread, and at most one invocation in it.
 *
 * An invocation that outlives its time takes its environment with it, as on Lambda: the thread is
 * ended, whatever it was doing.
 *
 * Errors  {@link FunctionFault}
 */
import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definition.ts';
import { type FaultReason, FunctionFault } from './function-fault.ts';
import type { LogFile } from './log-file.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';

/** What one invocation is, and where its streamed bytes go. */
export interface Invocation {
  /** JSON text. */
  readonly event: string;
  /** Resolves when the receiver has room for more. */
  onChunk(bytes: Uint8Array): Promise<void>;
}

export interface EnvironmentOptions {
  readonly definition: FunctionDefinition;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogFile;
  readonly compileCacheDir?: string;
  /** Called once, when the thread has ended by itself or by force. */
  readonly onEnd: () => void;
}

/** Lambda gives 10 s; a laptop under load may need more. */
const INIT_TIMEOUT_MS = 60_000;

interface Running {
  readonly onChunk: Invocation['onChunk'];
  readonly resolve: (result: string | undefined) => void;
  readonly reject: (fault: FunctionFault) => void;
  readonly timer: NodeJS.Timeout;
}

export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #loaded = Promise.withResolvers<void>();
  /** A dying thread must not be given another event, so only its end settles what ran in it. */
  #endedBy: readonly [FaultReason, string] = ['exited', 'Runtime.ExitError'];
  #running: Running | undefined;

  private constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: workerStart(options),
      env: options.variables,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.definition.memoryMb },
      name: options.definition.name,
    });
    options.log.follow(this.#worker.stdout);
    options.log.follow(this.#worker.stderr);
    this.#worker.on('message', (message: FromWorker) => this.#hear(message));
    this.#worker.on('error', (error) => {
      this.#endedBy = ['exited', errorTypeOf(error)];
    });
    this.#worker.on('exit', () => {
      options.onEnd();
      this.#fail(...this.#endedBy);
    });
  }

  /** Resolves when the bundle is loaded. @throws FunctionFault if it cannot be */
  static async start(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
    const environment = new ExecutionEnvironment(options);
    const timer = setTimeout(
      () => environment.#fail('init_failed', 'Sandbox.Timedout'),
      INIT_TIMEOUT_MS,
    );
    try {
      await environment.#loaded.promise;
      return environment;
    } catch (error) {
      await environment.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The handler's JSON text; undefined where it streamed. @throws FunctionFault */
  run({ event, onChunk }: Invocation): Promise<string | undefined> {
    const { timeoutMs } = this.#options.definition;
    const requestId = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#cutOff(requestId), timeoutMs);
      this.#running = { onChunk, resolve, reject, timer };
      this.#say({ type: 'invoke', requestId, event, deadlineMs: Date.now() + timeoutMs });
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#loaded.resolve();
        return;
      case 'chunk':
        void this.#passOn(message.bytes);
        return;
      case 'done':
        this.#settle(({ resolve }) => resolve(message.result));
        return;
      case 'failed':
        this.#fail('threw', message.errorType);
        return;
    }
  }

  async #passOn(bytes: Uint8Array): Promise<void> {
    const running = this.#running;
    // The receiver's failure is its own affair: the function is not told, as on AWS.
    await running?.onChunk(bytes).catch(() => undefined);
    if (this.#running === running) this.#say({ type: 'chunk-taken' });
  }

  #cutOff(requestId: string): void {
    this.#options.log.write(timeoutLine(this.#options.definition, requestId));
    this.#endedBy = ['timed_out', 'Sandbox.Timedout'];
    void this.end();
  }

  #fail(reason: FaultReason, errorType: string): void {
    const { name } = this.#options.definition;
    this.#loaded.reject(new FunctionFault('init_failed', name, errorType));
    this.#settle(({ reject }) => reject(new FunctionFault(reason, name, errorType)));
  }

  #settle(finish: (running: Running) => void): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    finish(running);
  }
}

function workerStart({ definition, variables, compileCacheDir }: EnvironmentOptions): WorkerStart {
  return {
    codeDir: definition.codeDir,
    handler: definition.handler,
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMb: definition.memoryMb,
    logFormat: definition.logging.format,
    logLevel: definition.logging.applicationLevel,
    logGroupName: definition.logging.groupName,
    logStreamName: variables['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    ...(compileCacheDir !== undefined && { compileCacheDir }),
  };
}

function errorTypeOf(error: unknown): string {
  const isOutOfMemory =
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
}

/** Lambda's own line about an invocation that it cut off, in the function's log format. */
function timeoutLine({ timeoutMs, logging }: FunctionDefinition, requestId: string): string {
  const time = new Date().toISOString();
  if (logging.format === 'Text') {
    return `${time} ${requestId} Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
  }
  return JSON.stringify({
    time,
    type: 'platform.report',
    record: { requestId, status: 'timeout', metrics: { durationMs: timeoutMs } },
  });
}
