/**
 * Runs docs/authoring-integrations.md: the tutorial as it stands, command by command, and each
 * example of the reference by itself.
 *
 * Shape  ```yaml blocks begin with what they are: `# file: <path>`, `# part` (of an integration.yaml),
 *        `# mapping <model>/<resource>` and `# fixture` of the part before; ```console blocks hold
 *        commands and the first lines that they print, `…` for the rest
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { MISBEHAVIOURS } from '../../authoring/conformance/misbehaviours.ts';
import { replayFixture } from '../../authoring/engine/replay.ts';
import { LINT_RULES } from '../../authoring/lint/rules.ts';
import { openFolder } from '../../authoring/open-folder.ts';
import { addIntegrationCommands } from '../../cli/commands/integration.ts';

const guide = readFileSync(path.join(__dirname, '../../docs/authoring-integrations.md'), 'utf8');

interface Block {
  readonly language: string;
  /** The first line, without its `# `. */
  readonly mark: string;
  readonly text: string;
  readonly line: number;
}

const blocks: readonly Block[] = [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({
    language,
    mark: text.startsWith('# ') ? (text.split('\n')[0] ?? '').slice(2) : '',
    text,
    line: guide.slice(0, guide.indexOf(text)).split('\n').length,
  }),
);

describe('the guide', () => {
  it('holds no block that nobody runs', () => {
    const marks = /^(file: \S+|part|fixture|mapping [a-z_]+\/[a-z_]+)$/;
    const unmarked = blocks.filter(
      ({ language, mark }) => language !== 'console' && !(language === 'yaml' && marks.test(mark)),
    );

    expect(unmarked.map(({ line }) => line)).toEqual([]);
  });

  it.each(LINT_RULES.map(({ code }) => code))('explains the warning %s', (code) => {
    expect(guide).toContain(`\`${code}\``);
  });

  it.each(MISBEHAVIOURS.map(({ code }) => code))('explains the misbehaviour %s', (code) => {
    expect(guide).toContain(`\`${code}\``);
  });
});

describe('the tutorial', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'millrace-guide-'));
  const inRoot = (word: string) =>
    word.startsWith('integrations/') ? path.join(root, word) : word;

  /** Lines that the command prints, with paths as a reader would see them. */
  async function run(command: string): Promise<readonly string[]> {
    const [tool, ...words] = command.split(' ').map(inRoot);
    if (tool === 'rm') {
      rmSync(words.at(-1) ?? '', { recursive: true });
      return [];
    }
    const lines: string[] = [];
    const print = jest.spyOn(console, 'log').mockImplementation((line: string) => {
      lines.push(line);
    });
    const program = new Command('millrace').option('--json').exitOverride();
    addIntegrationCommands(program);
    const isNew = words[1] === 'new';
    const more = isNew ? ['--dir', path.join(root, 'integrations')] : [];
    await program.parseAsync([...words, ...more], { from: 'user' });
    print.mockRestore();
    return lines.map((line) => line.replaceAll(`${root}/`, ''));
  }

  const steps = blocks.filter(
    ({ language, mark }) => language === 'console' || mark.startsWith('file: '),
  );

  it.each(steps.map((step) => [step.line, step] as const))('line %i', async (_line, step) => {
    if (step.language === 'yaml') {
      const file = path.join(root, step.mark.slice('file: '.length));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, step.text.replace(/^.*\n/, ''));
      return;
    }
    for (const [command = '', ...expected] of step.text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => part.trimEnd().split('\n'))) {
      const printed = await run(command);
      const shown = expected.at(-1) === '…' ? expected.slice(0, -1) : expected;

      expect(printed.slice(0, shown.length)).toEqual(shown);
      if (shown.length === expected.length) expect(printed).toHaveLength(shown.length);
    }
  });
});

/** What the examples leave out. */
const AROUND = {
  spec: 1,
  provider: 'acme',
  title: 'Acme',
  base_url: 'https://api.acme.com',
  hosts: ['api.acme.com'],
  auth: {
    token: { kind: 'token', apply: { headers: { authorization: 'Bearer {{cred.token}}' } } },
  },
  resources: {},
};
const CALLER = { auth: 'token', credential: { token: 't' } };

interface Example {
  readonly part: Block;
  readonly mappings: readonly Block[];
  readonly fixtures: readonly Block[];
}

function collectExamples(): readonly Example[] {
  const found: { part: Block; mappings: Block[]; fixtures: Block[] }[] = [];
  for (const block of blocks) {
    if (block.mark === 'part') found.push({ part: block, mappings: [], fixtures: [] });
    else if (block.mark === 'fixture') found.at(-1)!.fixtures.push(block);
    else if (block.mark.startsWith('mapping ')) found.at(-1)!.mappings.push(block);
  }
  return found;
}

describe.each(collectExamples().map((example) => [example.part.line, example] as const))(
  'the example of line %i',
  (_line, { part, mappings, fixtures }) => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'millrace-part-')), 'acme');
    const write = (name: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    };
    write('integration.yaml', stringify({ ...AROUND, ...parse(part.text, { schema: 'core' }) }));
    for (const { mark, text } of mappings) write(`mappings/${mark.slice(8)}.yaml`, text);
    for (const { line, text } of fixtures) {
      const whole = { ...CALLER, ...parse(text, { schema: 'core' }) };
      write(`fixtures/${line}.yaml`, stringify(whole));
    }
    const opened = openFolder(folder);

    it('is valid', () => {
      expect(opened.faults).toEqual([]);
    });

    for (const { line } of fixtures) {
      it(`does what the fixture of line ${line} says`, async () => {
        const { fixture } = opened.fixtures.find(({ name }) => name === `${line}.yaml`)!;
        const { complaints } = await replayFixture(opened.integration!.catalogue, 'acme', fixture);

        expect(complaints).toEqual([]);
      });
    }
  },
);
