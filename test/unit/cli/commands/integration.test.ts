/** `millrace integration …` on folders alone: what it prints, and its exit code. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { addIntegrationCommands } from '../../../../cli/commands/integration.ts';
import { reportFailure } from '../../../../cli/failure.ts';
import { aNewIntegration, change } from '../../../support/builders/authored-integration.ts';

async function millrace(...args: readonly string[]) {
  const lines: string[] = [];
  const print = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
  const program = new Command('millrace').option('--json').exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  addIntegrationCommands(program);
  try {
    await program.parseAsync(['integration', ...args], { from: 'user' });
    return { exitCode: 0, lines, complaints: [] };
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: 2, lines, complaints: [error.message] };
    const { exitCode, lines: complaints } = reportFailure(error);
    return { exitCode, lines, complaints };
  } finally {
    print.mockRestore();
  }
}

describe('integration validate', () => {
  it('ends with 0 where there is nothing to say', async () => {
    expect(
      await millrace('validate', aNewIntegration(), aNewIntegration({ name: 'mill' })),
    ).toEqual({
      exitCode: 0,
      lines: ['acme: 0 faults, 0 warnings', 'mill: 0 faults, 0 warnings'],
      complaints: [],
    });
  });

  it('ends with 1 where there are faults, each with file, line and path', async () => {
    const folder = aNewIntegration();
    change(folder, 'integration.yaml', 'path: /me', 'path: me');
    change(folder, 'mappings/crm/contacts.yaml', 'id: $string(', 'id: $string[(');
    change(folder, 'fixtures/verify.yaml', 'verify: true', 'verify: yes');
    const { exitCode, lines, complaints } = await millrace('validate', folder);

    expect({ exitCode, complaints }).toEqual({ exitCode: 1, complaints: ['3 faults'] });
    expect(lines).toEqual([
      expect.stringMatching(/integration\.yaml:17 +error {2}verify\.path must start with \//),
      expect.stringMatching(/contacts\.yaml:7 +error {2}fields\.id the expression is broken/),
      expect.stringMatching(/verify\.yaml:5 +error {2}verify /),
      'acme: 3 faults, 0 warnings',
    ]);
  });

  it('warns and ends with 0, unless it is strict', async () => {
    const folder = aNewIntegration();
    change(folder, 'integration.yaml', 'more: body.has_more', 'more: body.has_more = true');

    expect(await millrace('validate', folder)).toMatchObject({
      exitCode: 0,
      lines: [
        expect.stringMatching(
          /integration\.yaml:\d+ {2}silent-end {2}pagination\.pages\.more: is false/,
        ),
        'acme: 0 faults, 1 warnings',
      ],
    });
    expect(await millrace('validate', '--strict', folder)).toMatchObject({
      exitCode: 1,
      complaints: ['1 warnings, which --strict forbids'],
    });
  });

  it('passes over the models, which a shell names beside the integrations', async () => {
    const folder = aNewIntegration();

    expect(await millrace('validate', path.join(folder, '../_models'), folder)).toMatchObject({
      exitCode: 0,
      lines: ['acme: 0 faults, 0 warnings'],
    });
  });

  it('ends with 2 where there is no such folder', async () => {
    expect(await millrace('validate', '/nowhere')).toMatchObject({
      exitCode: 2,
      complaints: ['/nowhere holds no integration.yaml'],
    });
  });

  it('writes one JSON document for machines', async () => {
    const { lines } = await millrace('validate', '--json', aNewIntegration());

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { integrations: [{ name: 'acme', faults: [], warnings: [] }] },
    ]);
  });
});

describe('integration test', () => {
  it('ends with 0 and a table where all holds', async () => {
    const { exitCode, lines } = await millrace('test', aNewIntegration());

    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'acme: 4 of 4 fixtures hold',
      '  list           held  failed  not played',
      expect.stringMatching(/^ {2}contacts\.list {2}\d\d {4}0 {7}\d$/),
      expect.stringMatching(/^acme: (\d+) of \1 plays as they should be$/),
    ]);
  });

  it('ends with 1 where a fixture does not hold, and says why', async () => {
    const folder = aNewIntegration();
    change(folder, 'fixtures/contacts.get.yaml', 'first_name: first name 1', 'first_name: Ada');
    const { exitCode, lines, complaints } = await millrace('test', folder);

    expect({ exitCode, complaints }).toEqual({ exitCode: 1, complaints: ['failed: acme'] });
    expect(lines).toContain('    record.first_name: expected "first name 1", found "Ada"');
  });

  it('ends with 1 where a misbehaviour gets through, and says which', async () => {
    const folder = aNewIntegration();
    change(folder, 'integration.yaml', 'more: body.has_more', 'more: body.has_more = true');
    const { exitCode, lines } = await millrace('test', folder);

    expect(exitCode).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /FAILED {2}contacts\.list missing_more \(without has_more\): ended there/,
      ),
    );
  });

  it('ends with 1 where the integration is not valid', async () => {
    const folder = aNewIntegration();
    change(folder, 'integration.yaml', 'path: /me', 'path: me');

    expect((await millrace('test', folder)).exitCode).toBe(1);
  });

  it('shows each play on request', async () => {
    const { lines } = await millrace('test', '--all', aNewIntegration());

    expect(lines).toContain('  held    contacts.list repeated_cursor (the same page for ever)');
    expect(lines).toContain(
      '  –       contacts.list next_page_elsewhere: the provider hands out no URLs',
    );
  });
});

describe('integration new', () => {
  it('makes a folder and ends with 0', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'millrace-kit-'));
    const flags = ['--base-url', 'https://api.acme.com', '--dir', directory];
    const { exitCode, lines } = await millrace('new', 'acme', ...flags);

    expect(exitCode).toBe(0);
    expect(lines[0]).toBe(`${directory}/acme is made, and its fixtures pass. Next:`);
    expect((await millrace('validate', '--strict', path.join(directory, 'acme'))).exitCode).toBe(0);
  });

  it('ends with 2 for what is there already, and leaves it alone', async () => {
    const folder = aNewIntegration();
    writeFileSync(path.join(folder, 'integration.yaml'), 'mine');
    const flags = ['--base-url', 'https://api.acme.com', '--dir', path.dirname(folder)];

    expect(await millrace('new', 'acme', ...flags)).toMatchObject({ exitCode: 2 });
  });

  it.each([['new', 'acme'], ['new'], ['nothing'], ['validate'], ['test', '--what']])(
    'ends wrong usage with 2: %s %s',
    async (...args) => {
      expect((await millrace(...args)).exitCode).toBe(2);
    },
  );
});
