/**
 * Processes beside the measured one: started, asked and answered over Node's own channel.
 *
 * Errors  what a method throws in the child is thrown in the parent, by message
 */
import { fork } from 'node:child_process';

/** What a child can be asked for; each method takes one value that survives JSON. */
type Methods<Api> = { readonly [Name in keyof Api]: (input: never) => unknown };

export interface Child<Api extends Methods<Api>> {
  call<Name extends keyof Api>(
    name: Name,
    input: Parameters<Api[Name]>[0],
  ): Promise<Awaited<ReturnType<Api[Name]>>>;
  stop(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export function startChild<Api extends Methods<Api>>(
  file: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly execArgv?: readonly string[] } = {},
): Child<Api> {
  const child = fork(file, {
    env: { ...process.env, ...options.env },
    execArgv: [...(options.execArgv ?? [])],
    // Its log lines cost what they cost, and nobody reads them.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let stopped = false;
  child.on('message', (message) => {
    const { id, value, error } = message as Reply;
    const who = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) who?.resolve(value as never);
    else who?.reject(new Error(error));
  });
  const exited = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${code})`));
      if (!stopped) console.error(`${file} ended (${code})`);
      resolve();
    });
  });
  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        child.send({ id: asked, name: String(name), input } satisfies Question);
      }),
    stop: () => {
      stopped = true;
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** The child's side: answers what the parent asks, and ends with it. */
export function serveParent<Api extends Methods<Api>>(api: Api): void {
  const methods = new Map<string, (input: never) => unknown>(Object.entries(api));
  process.on('message', async (message) => {
    const { id, name, input } = message as Question;
    const reply = (answer: Omit<Reply, 'id'>) => process.send?.({ id, ...answer });
    try {
      reply({ value: await methods.get(name)?.(input as never) });
    } catch (error) {
      reply({ error: error instanceof Error ? String(error.stack) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
