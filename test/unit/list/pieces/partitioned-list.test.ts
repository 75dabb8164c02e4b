import { InvalidCursorError } from '../../../../shared/list/paging/state.ts';
import { ids, pieceLister } from '../../../support/worlds/piece-lister.ts';

const LIST = { path: '/users', records: 'body.items' };
const USERS = { id: 'id', list: LIST };
const PAGED = { pagination: { kind: 'page', param: 'page', size: { param: 'limit', value: 2 } } };
const tasksOf = (partitions: object[], more: object = {}) => ({
  id: 'id',
  list: { path: '/users/{{params.user}}/tasks', records: 'body.items', partitions, ...more },
});
const OF_USERS = [{ param: 'user', parent: 'users' }];

describe('children of each parent', () => {
  const resources = { users: USERS, tasks: tasksOf(OF_USERS) };
  const answers = (asked: string) =>
    asked === 'GET /users' ? ids('a', 'b') : ids(`${asked.slice(11, 12)}1`);

  it('are listed parent by parent, each parent asked for once', async () => {
    const { all, asked } = pieceLister(resources, answers);

    expect(await all('tasks')).toEqual(['a1', 'b1']);
    expect(asked).toEqual(['GET /users', 'GET /users/a/tasks', 'GET /users/b/tasks']);
  });

  it('are those of one parent where the caller names it, with the cursors of a plain list', async () => {
    const { page, asked } = pieceLister({ users: USERS, tasks: tasksOf(OF_USERS, PAGED) }, () =>
      ids(1, 2),
    );

    const { next } = await page('tasks', { params: { user: 'b' } });

    expect(next).toEqual({ at: 2, seen: [expect.any(String)] });
    expect(asked).toEqual(['GET /users/b/tasks?limit=2&page=1']);
  });

  it('tell the rate limit of the answer that they came with', async () => {
    const observe = [{ limit: 'x-limit', remaining: 'x-left' }];
    const { pages } = pieceLister(
      resources,
      (asked) => ({ ...answers(asked), headers: { 'x-limit': '9', 'x-left': '7' } }),
      { rate_limit: { observe } },
    );

    expect((await pages('tasks')).map(({ rateLimit }) => rateLimit?.remaining)).toEqual([7, 7]);
  });

  it('are none where there are no parents', async () => {
    const { pages } = pieceLister(resources, () => ids());

    expect(await pages('tasks')).toEqual([{ records: [] }]);
  });

  it('go on page by page within a parent, and parent page by parent page', async () => {
    const { all, asked } = pieceLister(
      { users: { id: 'id', list: { ...LIST, ...PAGED } }, tasks: tasksOf(OF_USERS, PAGED) },
      (line) => {
        if (line === 'GET /users?limit=2&page=1') return ids('a', 'b');
        if (line === 'GET /users?limit=2&page=2') return ids('c');
        const [, user, page] = /users\/(.)\/tasks.*page=(\d)/.exec(line) ?? [];
        return page === '1' ? ids(`${user}1`, `${user}2`) : ids(`${user}3`);
      },
    );

    expect(await all('tasks')).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3']);
    expect(asked.filter((line) => line.startsWith('GET /users?'))).toHaveLength(2);
  });

  it('go to the fourth level', async () => {
    const level = (param: string, parent: string) => ({
      id: 'id',
      list: {
        path: `/x/{{params.${param}}}`,
        records: 'body.items',
        partitions: [{ param, parent }],
      },
    });
    const { all } = pieceLister(
      {
        users: USERS,
        b: level('user', 'users'),
        c: level('b_id', 'b'),
        d: level('c_id', 'c'),
        e: level('d_id', 'd'),
      },
      (line) => {
        if (line === 'GET /users') return ids('u', 'v');
        const name = line.replace('GET /x/', '');
        return ids(`${name}1`, `${name}2`);
      },
    );

    const found = await all('e');

    expect(found).toHaveLength(32);
    expect(found.slice(0, 3)).toEqual(['u1111', 'u1112', 'u1121']);
    expect(new Set(found).size).toBe(32);
  });

  it('fail as a whole where one parent is not found', async () => {
    const { all } = pieceLister(resources, (asked) =>
      asked === 'GET /users/a/tasks' ? { status: 404 } : answers(asked),
    );

    await expect(all('tasks')).rejects.toMatchObject({ class: 'not_found' });
  });

  it('go on where a rule says that a parent that is not found means nothing', async () => {
    const tasks = tasksOf(OF_USERS, { errors: [{ when: 'status = 404', class: 'ignore' }] });
    const { all } = pieceLister({ users: USERS, tasks }, (asked) =>
      asked === 'GET /users/a/tasks' ? { status: 404 } : answers(asked),
    );

    expect(await all('tasks')).toEqual(['b1']);
  });
});

describe('what parents say', () => {
  it('is looked up as parent by requests and as $parent by maps', async () => {
    const { pages, asked } = pieceLister(
      {
        users: USERS,
        tasks: tasksOf([{ param: 'user', parent: 'users', fields: { team: 'team' } }], {
          query: { team: '{{parent.team}}' },
          map: '$merge([$, { "team": $parent.team, "user": $params.user }])',
        }),
      },
      (line) => (line === 'GET /users' ? { body: { items: [{ id: 7, team: 't1' }] } } : ids(1)),
    );

    const [page] = await pages('tasks');

    expect(asked[1]).toBe('GET /users/7/tasks?team=t1');
    const [record] = page!.records;
    expect(record?.kind === 'record' && record.value.reveal()).toEqual({
      id: 1,
      team: 't1',
      user: '7',
    });
  });

  it('carries on from level to level', async () => {
    const { all, asked } = pieceLister(
      {
        users: USERS,
        tasks: tasksOf(OF_USERS),
        notes: {
          id: 'id',
          list: {
            path: '/users/{{parent.user}}/tasks/{{params.task}}/notes',
            records: 'body.items',
            partitions: [{ param: 'task', parent: 'tasks', fields: { user: '$params.user' } }],
          },
        },
      },
      (line) => (line === 'GET /users' ? ids('a') : ids(line.endsWith('tasks') ? 't' : 'n')),
    );

    expect(await all('notes')).toEqual(['n']);
    expect(asked).toEqual(['GET /users', 'GET /users/a/tasks', 'GET /users/a/tasks/t/notes']);
  });

  it('may be several values, for a child each', async () => {
    const { all } = pieceLister(
      { users: USERS, tasks: tasksOf([{ param: 'user', parent: 'users', key: 'team_ids' }]) },
      (line) =>
        line === 'GET /users'
          ? { body: { items: [{ id: 1, team_ids: ['x', 2] }, { id: 2, team_ids: [] }, { id: 3 }] } }
          : ids(line),
    );

    expect(await all('tasks')).toEqual(['GET /users/x/tasks', 'GET /users/2/tasks']);
  });

  it('is told as rejected where it cannot be read, once, and its siblings are listed', async () => {
    const { pages, asked } = pieceLister(
      { users: USERS, tasks: tasksOf([{ param: 'user', parent: 'users', key: '$number(name)' }]) },
      (line) =>
        line === 'GET /users'
          ? {
              body: {
                items: [
                  { id: 1, name: 'x' },
                  { id: 2, name: '2' },
                  { id: 3, name: '3' },
                ],
              },
            }
          : ids(line),
    );

    const records = (await pages('tasks')).flatMap((page) => page.records);

    expect(records.map((record) => record.ref ?? record)).toEqual([
      {
        kind: 'rejected',
        code: 'mapping_failed',
        message: 'a parent could not be read, so its children were not listed',
      },
      'GET /users/2/tasks',
      'GET /users/3/tasks',
    ]);
    expect(asked).toHaveLength(3);
  });

  it('is nothing where it is gone', async () => {
    const { all } = pieceLister(
      { users: { id: 'id', list: { ...LIST, deleted: 'gone' } }, tasks: tasksOf(OF_USERS) },
      (line) =>
        line === 'GET /users' ? { body: { items: [{ id: 1, gone: true }, { id: 2 }] } } : ids(line),
    );

    expect(await all('tasks')).toEqual(['GET /users/2/tasks']);
  });

  it('is asked for by what changed only where the partition says so', async () => {
    const incremental = { cursor: 'at', since: { param: 'since' }, format: 'date' };
    const users = { id: 'id', list: { ...LIST, incremental } };
    for (const changed_only of [true, false]) {
      const tasks = tasksOf([{ param: 'user', parent: 'users', changed_only }]);
      const { all, asked } = pieceLister({ users, tasks }, () => ids());

      await all('tasks', { sinceMs: Date.parse('2026-02-01T00:00:00Z') });

      expect(asked).toEqual([changed_only ? 'GET /users?since=2026-02-01' : 'GET /users']);
    }
  });
});

describe('given values', () => {
  const tasks = (partition: object, more: object = {}) => ({
    users: USERS,
    tasks: tasksOf([{ param: 'user', ...partition }], more),
  });

  it('are gone through one by one', async () => {
    const { all } = pieceLister(tasks({ values: ['x', 'y z'] }), (line) => ids(line));

    expect(await all('tasks')).toEqual(['GET /users/x/tasks', 'GET /users/y z/tasks']);
  });

  const BY_ACCOUNT = { values: { expr: '$split(conn.users, ",")' } };
  const CONNECTION = { connection: { users: { pattern: '^.*$', default: '' } } };

  it('may come from the account', async () => {
    const { pages } = pieceLister(tasks(BY_ACCOUNT), (line) => ids(line), CONNECTION);

    expect(await pages('tasks')).toHaveLength(1);
  });

  it('come before the parent, which counts where there are none', async () => {
    const { all, asked } = pieceLister(
      tasks({ values: { expr: 'conn.users[$ != ""]' }, parent: 'users' }),
      (line) => (line === 'GET /users' ? ids('p') : ids(line)),
      CONNECTION,
    );

    expect(await all('tasks')).toEqual(['GET /users/p/tasks']);
    expect(asked[0]).toBe('GET /users');
  });

  it('go several into one request where they are batched', async () => {
    const { all, asked } = pieceLister(
      {
        tasks: {
          id: 'id',
          list: {
            path: '/tasks',
            query: { users: { expr: '$join(params.user, ",")' } },
            records: 'body.items',
            partitions: [{ param: 'user', values: ['a', 'b', 'c'], batch: 2 }],
          },
        },
      },
      (line) => ids(line),
    );

    await all('tasks');

    expect(asked).toEqual(['GET /tasks?users=a,b', 'GET /tasks?users=c']);
  });
});

describe('several partitions', () => {
  const resources = {
    spaces: { id: 'id', list: { path: '/spaces', records: 'body.items' } },
    boards: {
      id: 'id',
      list: { path: '/spaces/{{params.space}}/boards', params: ['space'], records: 'body.items' },
    },
    cards: {
      id: 'id',
      list: {
        path: '/boards/{{params.board}}/cards/{{params.state}}',
        records: 'body.items',
        partitions: [
          { param: 'space', parent: 'spaces' },
          { param: 'board', parent: 'boards' },
          { param: 'state', values: ['open', 'done'] },
        ],
      },
    },
  };
  const answers = (line: string) => {
    if (line === 'GET /spaces') return ids('s', 't');
    if (line === 'GET /spaces/s/boards') return ids('s1', 's2');
    if (line === 'GET /spaces/t/boards') return ids();
    return ids(line.slice(12));
  };

  it('are combined each with each, later ones on top of what earlier ones yield', async () => {
    const { all } = pieceLister(resources, answers);

    expect(await all('cards')).toEqual([
      's1/cards/open',
      's1/cards/done',
      's2/cards/open',
      's2/cards/done',
    ]);
  });

  it('leave out those that the caller fixes', async () => {
    const { all } = pieceLister(resources, answers);

    expect(await all('cards', { params: { state: 'done', space: 's' } })).toEqual([
      's1/cards/done',
      's2/cards/done',
    ]);
  });
});

describe('a list that is taken up again', () => {
  const resources = { users: USERS, tasks: tasksOf(OF_USERS, PAGED) };
  const users = { now: ['a', 'b', 'c'] };
  const answers = (line: string) => {
    if (line === 'GET /users') return ids(...users.now);
    const [, user, page] = /users\/(.)\/tasks.*page=(\d)/.exec(line) ?? [];
    return page === '1' ? ids(`${user}1`, `${user}2`) : ids(`${user}3`);
  };
  const at = async (pages: number) => {
    users.now = ['a', 'b', 'c'];
    const lister = pieceLister(resources, answers);
    const all = await lister.pages('tasks');
    lister.restart();
    lister.asked.length = 0;
    return { ...lister, cursor: all[pages - 1]!.next! };
  };
  const rest = async (lister: Awaited<ReturnType<typeof at>>) => {
    const found: (string | undefined)[] = [];
    let cursor: typeof lister.cursor | undefined = lister.cursor;
    while (cursor) {
      const page = await lister.page('tasks', { cursor });
      found.push(...page.records.map(({ ref }) => ref));
      cursor = page.next;
    }
    return found;
  };

  it('asks for the parents again and goes on within the piece', async () => {
    const lister = await at(3);

    expect(await rest(lister)).toEqual(['b3', 'c1', 'c2', 'c3']);
    expect(lister.asked[0]).toBe('GET /users');
  });

  it('starts the page of parents again where the parent is another', async () => {
    const lister = await at(3);
    users.now = ['b', 'c', 'd'];

    expect(await rest(lister)).toEqual([
      ...['b1', 'b2', 'b3', 'c1', 'c2', 'c3'],
      ...['d1', 'd2', 'd3'],
    ]);
  });

  it('ends where the parents are gone', async () => {
    const lister = await at(3);
    users.now = [];

    expect(await rest(lister)).toEqual([]);
  });

  it('holds nothing of the parents in its cursor', async () => {
    const lister = await at(1);

    expect(lister.cursor).toEqual({
      f: [{ i: 0, h: expect.stringMatching(/^[\w-]{12}$/) }],
      c: { at: 2, seen: [expect.any(String)] },
    });
  });

  it.each([
    ['a cursor of a plain list', { at: 2, seen: [] }],
    ['a cursor of a list of more partitions', { f: [{ i: 0 }, { i: 0 }] }],
    ['a text', 'x'],
  ])('refuses %s', async (_name, cursor) => {
    const { page } = pieceLister(resources, answers);

    await expect(page('tasks', { cursor })).rejects.toThrow(InvalidCursorError);
  });

  it('refuses a provider whose own cursors are too long to keep', async () => {
    const { all } = pieceLister(
      {
        users: USERS,
        tasks: tasksOf(OF_USERS, {
          pagination: { kind: 'cursor', param: 'cursor', cursor: 'body.next' },
        }),
      },
      (line) =>
        line === 'GET /users' ? ids('a') : { body: { items: [], next: 'n'.repeat(8_192) } },
    );

    await expect(all('tasks')).rejects.toMatchObject({
      class: 'config',
      provider: { message: 'the place in the list is too long to keep' },
    });
  });

  it('does not take the values of another list of the same parents for its own', async () => {
    const teams = tasksOf([{ param: 'user', parent: 'users', key: '"team of " & id' }]);
    const lister = pieceLister({ ...resources, teams }, (line) =>
      line.includes('team') ? ids(line) : answers(line),
    );
    const first = await lister.page('tasks');
    await lister.page('teams');

    const second = await lister.page('tasks', { cursor: first.next! });

    expect(second.records.map(({ ref }) => ref)).toEqual(['a3']);
  });

  it('remembers the parents no longer than a few minutes', async () => {
    const lister = pieceLister(resources, answers);
    const [first] = await lister.pages('tasks');
    lister.asked.length = 0;
    lister.clock.pass(300_000);

    await lister.page('tasks', { cursor: first!.next! });

    expect(lister.asked[0]).toBe('GET /users');
  });
});
