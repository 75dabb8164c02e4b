/** `millrace mapping …` against the control plane as it is wired. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addMappingCommands } from '../../../cli/commands/mapping.ts';
import { reportFailure } from '../../../cli/failure.ts';
import { aRequest } from '../../support/builders/api-requests.ts';
import { type ControlPlane, startControlPlane } from '../../support/worlds/control-plane-world.ts';

let plane: ControlPlane;
let server: Server;
let url = '';
let key = '';
const folder = mkdtempSync(join(tmpdir(), 'mapping-cli-'));

beforeAll(async () => {
  plane = await startControlPlane();
  key = await plane.keyWith(['read']);
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization } = request.headers;
    const text = Buffer.concat(chunks).toString();
    const answer = await plane.serve(
      aRequest(request.method ?? '', request.url ?? '', text, { authorization }),
    );
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body.kind === 'json' ? JSON.stringify(answer.body.value) : '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await plane.stop();
});

const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

/** What a command prints, and how it ends. */
async function millrace(...args: readonly string[]) {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => {
    lines.push(String(line));
  });
  const program = new Command('millrace')
    .option('--url <url>')
    .option('--key <key>')
    .option('--json')
    .exitOverride();
  addMappingCommands(program);
  try {
    await program.parseAsync(['--url', url, '--key', key, ...args], { from: 'user' });
    return { lines, exitCode: 0, error: undefined };
  } catch (error) {
    return { lines, exitCode: reportFailure(error).exitCode, error };
  } finally {
    log.mockRestore();
  }
}

const SAMPLE = { id: 7, first_name: 'Ada', email: 'ada@example.com' };
const TARGET = ['sandbox', 'crm/contacts'] as const;

describe('millrace mapping test', () => {
  it('prints what comes out of a sample', async () => {
    const sample = file('sample.json', SAMPLE);

    const { lines, exitCode } = await millrace('mapping', 'test', ...TARGET, '--sample', sample);

    expect(exitCode).toBe(0);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ id: '7', first_name: 'Ada' });
  });

  it('ends with 1 and the faults where the sample does not map', async () => {
    const sample = file('sample.json', SAMPLE);
    const layer = file('layer.yaml', 'fields: { first_name: { set: "7" } }');

    const ended = await millrace(
      ...['mapping', 'test', ...TARGET, '--sample', sample, '--layer', layer],
    );

    expect(ended.exitCode).toBe(1);
    expect(ended.lines).toContain('  first_name: must be string or null');
  });

  it('ends with 2 where the resource is not named as it should be, or a file cannot be read', async () => {
    const sample = file('sample.json', SAMPLE);
    const unreadable = file('broken.json', '{ "name": "Ada');

    const named = await millrace('mapping', 'test', 'sandbox', 'contacts', '--sample', sample);
    const read = await millrace('mapping', 'test', ...TARGET, '--sample', unreadable);

    expect([named.exitCode, read.exitCode]).toEqual([2, 2]);
    expect(String(read.error)).not.toContain('Ada');
  });
});

describe('millrace mapping explain', () => {
  it('prints which layer gives each field', async () => {
    const layer = file('layer.yaml', 'fields: { custom_fields.area: { set: response.region } }');

    const { lines } = await millrace('mapping', 'explain', ...TARGET, '--layer', layer);

    expect(lines[0]).toMatch(/^FIELD +LAYER +BY +EXPRESSION$/);
    expect(lines[1]).toMatch(/^id +base +set +\$string\(response\.id\)$/);
    expect(lines.join('\n')).toMatch(/\ncustom_fields\.area +unsaved +set +response\.region/);
  });

  it('is one document for machines', async () => {
    const { lines } = await millrace('--json', 'mapping', 'explain', ...TARGET);

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ fields: { id: { layer: 'base' } } });
  });
});

describe('millrace mapping diff', () => {
  it('says that there is no difference', async () => {
    expect(await millrace('mapping', 'diff', ...TARGET)).toMatchObject({
      lines: ['no difference'],
      exitCode: 0,
    });
  });

  it('prints what a layer would change, and the types of a sample’s output alone', async () => {
    const sample = file('sample.json', SAMPLE);
    const layer = file('layer.yaml', 'fields: { first_name: { unset: true } }');

    const { lines } = await millrace(
      ...['mapping', 'diff', ...TARGET, '--layer', layer, '--sample', sample],
    );

    expect(lines).toEqual([
      '-  first_name  unsaved  response.first_name',
      'types:',
      '  first_name: string → null',
    ]);
  });
});
