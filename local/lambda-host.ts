/**
 * Runs the template's functions: each from the very folder that would be deployed, in threads of
 * its own, with its own environment variables and the credentials of its own role.
 *
 * Units   payload limits in bytes, those of Lambda
 * Errors  {@link FunctionFault}
 * Source  https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
import { randomUUID } from 'node:crypto';
import { type FunctionSurroundings, functionEnvironment } from './lambda/environment.ts';
import { ExecutionEnvironment } from './lambda/execution-environment.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import { FunctionFault } from './lambda/function-fault.ts';
import type { LogFile } from './lambda/log-file.ts';
import { Pool } from './lambda/pool.ts';

export const PAYLOAD_LIMIT_BYTES = 6 * 1_024 * 1_024;
const STREAM_LIMIT_BYTES = 200 * 1_024 * 1_024;
/** Threads per function, where the template reserves no number. */
const DEFAULT_MAX_ENVIRONMENTS = 20;
const IDLE_MS = 60_000;

export interface LambdaHost {
  /**
   * The function's answer as JSON text. @throws FunctionFault
   * @param functionId name or ARN, with or without a qualifier
   */
  invoke(functionId: string, event: string): Promise<string>;
  /** The function's answer as it is made; `onChunk` resolves when there is room for more. */
  invokeStreaming(
    functionId: string,
    event: string,
    onChunk: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void>;
  /** Invocations of the function at the same time at most. */
  capacityOf(functionId: string): number;
  /** Starts a first environment of each, in the background. */
  warm(functionIds: readonly string[]): void;
  close(): Promise<void>;
}

interface Hosted {
  readonly name: string;
  readonly capacity: number;
  readonly pool: Pool;
}

export interface LambdaHostOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly surroundingsOf: (definition: FunctionDefinition) => FunctionSurroundings;
  readonly log: LogFile;
  readonly compileCacheDir?: string;
  readonly maxEnvironments?: number;
}

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const hosted = new Map(
    options.functions.map((definition): [string, Hosted] => [
      definition.name,
      host(definition, options),
    ]),
  );
  const find = (functionId: string): Hosted => {
    const name = functionNameOf(functionId);
    const found = hosted.get(name);
    if (!found) throw new FunctionFault('unknown', name, 'ResourceNotFoundException');
    return found;
  };
  const invokeStreaming: LambdaHost['invokeStreaming'] = async (functionId, event, onChunk) => {
    const { name, pool } = find(functionId);
    refuseAbove(PAYLOAD_LIMIT_BYTES, Buffer.byteLength(event), name, 'RequestTooLargeException');
    let streamedBytes = 0;
    const result = await pool.run({
      event,
      onChunk: (bytes) => {
        streamedBytes += bytes.length;
        return streamedBytes > STREAM_LIMIT_BYTES ? Promise.resolve() : onChunk(bytes);
      },
    });
    refuseAbove(STREAM_LIMIT_BYTES, streamedBytes, name, 'Function.ResponseSizeTooLarge');
    if (result !== undefined) {
      const bytes = Buffer.from(result);
      refuseAbove(PAYLOAD_LIMIT_BYTES, bytes.length, name, 'Function.ResponseSizeTooLarge');
      await onChunk(bytes);
    }
  };
  return {
    invokeStreaming,
    async invoke(functionId, event) {
      const chunks: Uint8Array[] = [];
      await invokeStreaming(functionId, event, (bytes) => {
        chunks.push(bytes);
        return Promise.resolve();
      });
      return Buffer.concat(chunks).toString('utf8');
    },
    capacityOf: (functionId) => find(functionId).capacity,
    warm(functionIds) {
      for (const functionId of functionIds) find(functionId).pool.warm();
    },
    async close() {
      await Promise.all([...hosted.values()].map(({ pool }) => pool.close()));
    },
  };
}

/** `arn:aws:lambda:eu-west-1:000000000000:function:NAME:live` → `NAME`. */
export function functionNameOf(functionId: string): string {
  return /:function:([^:/]+)/.exec(functionId)?.[1] ?? functionId;
}

function host(definition: FunctionDefinition, options: LambdaHostOptions): Hosted {
  const bound = options.maxEnvironments ?? DEFAULT_MAX_ENVIRONMENTS;
  const capacity = Math.max(1, Math.min(definition.reservedConcurrency ?? bound, bound));
  const pool = new Pool({
    maxSize: capacity,
    idleMs: IDLE_MS,
    start: (onEnd) => {
      const stream = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;
      return ExecutionEnvironment.start({
        definition,
        variables: functionEnvironment(definition, options.surroundingsOf(definition), stream),
        log: options.log,
        onEnd,
        ...(options.compileCacheDir !== undefined && { compileCacheDir: options.compileCacheDir }),
      });
    },
  });
  return { name: definition.name, capacity, pool };
}

function refuseAbove(limit: number, bytes: number, name: string, errorType: string): void {
  if (bytes > limit) throw new FunctionFault('too_large', name, errorType);
}
