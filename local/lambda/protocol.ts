/** What the host and a function's thread say to each other. */

export type ToWorker =
  | {
      readonly type: 'invoke';
      readonly requestId: string;
      /** JSON text, as it crosses the wire to Lambda. */
      readonly event: string;
      /** When the invocation is cut off; milliseconds since the epoch. */
      readonly deadlineMs: number;
    }
  /** The last chunk has been taken over; the next may come. */
  | { readonly type: 'chunk-taken' };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  /** The handler returned; its JSON text, or none where it streamed. */
  | { readonly type: 'done'; readonly result?: string }
  | { readonly type: 'failed'; readonly errorType: string };

/** What a thread is started with. */
export interface WorkerStart {
  readonly codeDir: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logFormat: 'JSON' | 'Text';
  readonly logLevel: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Where V8 keeps compiled bundles between starts. */
  readonly compileCacheDir?: string;
}
