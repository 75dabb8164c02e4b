import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { SendHttp } from '../../../../shared/http/http-message.ts';
import type { Json } from '../../../../shared/kernel/json.ts';
import { Transient } from '../../../../shared/kernel/transient.ts';
import { createListPage } from '../../../../shared/list/list-page.ts';
import { createPiecewiseList } from '../../../../shared/list/pieces/piecewise-list.ts';
import { createCallProvider } from '../../../../shared/provider/provider-client.ts';
import { aDeps, anAccount, anIntegration } from '../../../support/builders/an-integration.ts';

/** Parents, their children, theirs: names say where they hang, `p1.c0.l2`. */
type Tree = readonly { readonly name: string; readonly below: Tree }[];

const PAGED = {
  records: 'body.items',
  pagination: { kind: 'offset', param: 'from', size: { param: 'limit', value: 2 } },
};
const integration = anIntegration({
  resources: {
    parents: { id: 'id', list: { path: '/of', ...PAGED } },
    children: {
      id: 'id',
      list: {
        path: '/of/{{params.parent}}',
        partitions: [{ param: 'parent', parent: 'parents' }],
        ...PAGED,
      },
    },
    leaves: {
      id: 'id',
      list: {
        path: '/of/{{params.child}}',
        query: { state: '{{params.state}}' },
        partitions: [
          { param: 'child', parent: 'children' },
          { param: 'state', values: ['open', 'done'] },
        ],
        ...PAGED,
      },
    },
  },
});

const named = (prefix: string, trees: readonly unknown[]): Tree =>
  trees.map((below, index) => {
    const name = prefix === '' ? `p${index}` : `${prefix}-${index}`;
    return { name, below: Array.isArray(below) ? named(name, below) : [] };
  });

const leaves = fc.array(fc.constant(0), { maxLength: 5 });
const tree: fc.Arbitrary<Tree> = fc
  .array(fc.array(leaves, { maxLength: 3 }), { maxLength: 4 })
  .map((trees) => named('', trees));

interface World {
  tree: Tree;
  calls: number;
}

function provider(world: World): SendHttp {
  return async ({ url }) => {
    world.calls += 1;
    const name = url.pathname.replace('/v1/of', '').replace('/', '');
    const from = Number(url.searchParams.get('from'));
    const state = url.searchParams.get('state');
    const all = belowOf(world.tree, name).map((node) => node.name);
    const items = all.slice(from, from + 2).map((id) => ({ id: state ? `${id} ${state}` : id }));
    const body = Transient.of(Readable.from([Buffer.from(JSON.stringify({ items }))]));
    return { status: 200, headers: {}, body };
  };
}

function belowOf(nodes: Tree, name: string): Tree {
  if (name === '') return nodes;
  for (const node of nodes) {
    if (node.name === name) return node.below;
    const found = belowOf(node.below, name);
    if (found.length > 0) return found;
  }
  return [];
}

/** Every leaf in either state, in the order of the tree. */
const expected = (nodes: Tree) =>
  nodes.flatMap((parent) =>
    parent.below.flatMap((child) =>
      ['open', 'done'].flatMap((state) => child.below.map((leaf) => `${leaf.name} ${state}`)),
    ),
  );

interface Reader {
  page(cursor: Json | undefined): Promise<{ refs: readonly string[]; next: Json | undefined }>;
}

/** A process of its own, which remembers nothing of another. */
function startReader(world: World): Reader {
  const deps = aDeps(provider(world));
  const callProvider = createCallProvider(deps);
  const clock = deps.clock;
  const listPage = createPiecewiseList(createListPage(callProvider, clock), {
    callProvider,
    clock,
  });
  const account = anAccount();
  const resource = integration.resources['leaves']!;
  const method = resource.methods['list']!;
  return {
    async page(cursor) {
      const call = {
        requestId: 'r',
        account,
        integration,
        resource,
        method,
        params: {},
        query: {},
      };
      const { records, next } = await listPage(cursor === undefined ? call : { ...call, cursor });
      const refs = records.map((record) => record.ref ?? '?');
      return { refs, next: next && (JSON.parse(JSON.stringify(next)) as Json) };
    },
  };
}

/** Each reads a list of up to a hundred pages. */
const RUNS = { numRuns: 40 };

/** What is done before each page: nothing, a crash, or a crash before which the page was read. */
const step = fc.constantFrom('go on', 'crash', 'crash after reading');
const history = fc.array(step, { maxLength: 60 });

it('lists every child exactly once and in order where nothing crashes, each parent asked for once', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (grown) => {
      const world = { tree: grown, calls: 0 };
      const reader = startReader(world);
      const listed: string[] = [];
      let pages = 0;
      for (let cursor: Json | undefined, more = true; more; more = cursor !== undefined) {
        const page = await reader.page(cursor);
        listed.push(...page.refs);
        cursor = page.next;
        pages += 1;
      }

      expect(listed).toEqual(expected(grown));
      // A page of one level is at most one page of each level above.
      expect(world.calls).toBeLessThanOrEqual(3 * pages);
    }),
    RUNS,
  );
});

it('lists every child in order, none passed over, wherever it crashes and is taken up again', async () => {
  await fc.assert(
    fc.asyncProperty(tree, history, async (grown, steps) => {
      const world = { tree: grown, calls: 0 };
      let reader = startReader(world);
      const kept: string[] = [];
      const seen: string[] = [];
      let cursor: Json | undefined;
      for (let pages = 0; ; pages += 1) {
        const what = steps[pages] ?? 'go on';
        if (what !== 'go on') {
          if (what === 'crash after reading') seen.push(...(await reader.page(cursor)).refs);
          reader = startReader(world);
        }
        const page = await reader.page(cursor);
        kept.push(...page.refs);
        seen.push(...page.refs);
        if (page.next === undefined) break;
        cursor = page.next;
      }

      expect(kept).toEqual(expected(grown));
      expect(new Set(seen)).toEqual(new Set(expected(grown)));
    }),
    RUNS,
  );
});

it('passes over nothing where parents of one page change places in the middle of the list', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.nat({ max: 30 }), fc.nat(), async (grown, at, which) => {
      const world = { tree: grown, calls: 0 };
      let reader = startReader(world);
      const listed: string[] = [];
      let cursor: Json | undefined;
      for (let pages = 0; ; pages += 1) {
        if (pages === at) {
          reader = startReader(world);
          world.tree = withPairSwapped(grown, which);
        }
        const page = await reader.page(cursor);
        listed.push(...page.refs);
        if (page.next === undefined) break;
        cursor = page.next;
      }

      expect(new Set(listed)).toEqual(new Set(expected(grown)));
    }),
    RUNS,
  );
});

/** The two parents of one page of two, the one for the other. */
function withPairSwapped(nodes: Tree, which: number): Tree {
  const first = nodes.length < 2 ? 0 : (which % Math.floor(nodes.length / 2)) * 2;
  const [one, other] = [nodes[first], nodes[first + 1]];
  if (!one || !other) return nodes;
  return nodes.toSpliced(first, 2, other, one);
}
