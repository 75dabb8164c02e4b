import { parseOptions, UsageError } from '../../local/options.ts';

describe('the command line of the local runtime', () => {
  it('reads every flag', () => {
    const args = [
      ...['--port', '0', '--data-dir', '/tmp/x', '--json', '--sandbox', '--allow-loopback-targets'],
      ...['--integrations', 'one', '--integrations', 'two'],
      ...['--set', 'stepBudgetMs=1000', '--set', 'alarmEmail=a=b@c'],
    ];
    expect(parseOptions(args)).toEqual({
      port: 0,
      dataDir: '/tmp/x',
      json: true,
      sandbox: true,
      allowLoopbackTargets: true,
      integrations: ['one', 'two'],
      settings: { stepBudgetMs: '1000', alarmEmail: 'a=b@c' },
    });
  });

  it('keeps loopback targets off unless asked', () => {
    expect(parseOptions([])).toMatchObject({ allowLoopbackTargets: false, sandbox: false });
  });

  it.each([[['--port', 'many']], [['--set', 'noValue']], [['--unknown']], [['stray']]])(
    'refuses %j',
    (args) => {
      expect(() => parseOptions(args)).toThrow(UsageError);
    },
  );
});
