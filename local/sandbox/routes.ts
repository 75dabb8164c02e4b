/** The sandbox provider's API: which path answers what, each list with its own kind of paging. */
import type { SandboxData, Ticket } from './data.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULT_LIMIT = 100;

export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  /** `Idempotency-Key`: a ticket that was created with it is not created again. */
  readonly key: string | undefined;
}

export function answerApi(data: SandboxData, ask: Ask): Answer {
  const { method, url } = ask;
  const [, api, noun, id, child] = url.pathname.split('/');
  if (api !== 'api') return notFound();
  if (method === 'GET' && noun === 'me') return { status: 200, body: { user: { id: 1 } } };
  if (noun === 'tickets') return answerTickets(data, ask, id, child);
  if (method !== 'GET') return notFound();
  if (noun === 'comments') return readComment(data, Number(id));
  if (noun === 'users') return listUsers(data, url.searchParams);
  if (noun === 'contacts') return listContacts(data, url);
  if (noun === 'organizations') return listOrganizations(data, url);
  return notFound();
}

function answerTickets(
  data: SandboxData,
  ask: Ask,
  id: string | undefined,
  child: string | undefined,
): Answer {
  const { method, url, body } = ask;
  if (id === undefined) {
    return method === 'GET' ? listTickets(data, url.searchParams) : createTicket(data, ask);
  }
  if (child !== 'comments') return changeTicket(data, ask, Number(id));
  return method === 'POST'
    ? createComment(data, Number(id), body)
    : listComments(data, Number(id), url.searchParams);
}

/** Cursor paging: the cursor is the id of the last ticket of the page before. */
function listTickets({ tickets }: SandboxData, query: URLSearchParams): Answer {
  const limit = sizeOf(query, 'limit');
  const after = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0);
  const since = query.get('updated_since') ?? '';
  const left = tickets.filter((ticket) => ticket.id > after && ticket.updated_at >= since);
  const page = left.slice(0, limit);
  const hasMore = left.length > page.length;
  const last = page.at(-1);
  const nextCursor = hasMore && last ? Buffer.from(String(last.id)).toString('base64url') : null;
  return {
    status: 200,
    body: { tickets: page, meta: { has_more: hasMore, next_cursor: nextCursor } },
  };
}

/** Offset paging. */
function listComments(
  { tickets, comments }: SandboxData,
  ticketId: number,
  query: URLSearchParams,
): Answer {
  if (!tickets.some(({ id }) => id === ticketId)) return notFound();
  const offset = Number(query.get('offset') ?? 0);
  const mine = comments.filter((comment) => comment.ticket_id === ticketId);
  const page = mine.slice(offset, offset + sizeOf(query, 'limit'));
  return { status: 200, body: { comments: page, total: mine.length } };
}

/** Page-number paging. */
function listUsers({ users }: SandboxData, query: URLSearchParams): Answer {
  const perPage = sizeOf(query, 'per_page');
  const page = Number(query.get('page') ?? 1);
  const pages = Math.max(1, Math.ceil(users.length / perPage));
  return {
    status: 200,
    body: { users: users.slice((page - 1) * perPage, page * perPage), page, pages },
  };
}

/** Link header paging, RFC 8288. */
function listContacts({ contacts }: SandboxData, url: URL): Answer {
  const perPage = sizeOf(url.searchParams, 'per_page');
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const hasMore = page * perPage < contacts.length;
  return {
    status: 200,
    body: contacts.slice((page - 1) * perPage, page * perPage),
    headers: hasMore ? { link: `<${next}>; rel="next"` } : {},
  };
}

/** The next page's URL in the body. */
function listOrganizations({ organizations }: SandboxData, url: URL): Answer {
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return {
    status: 200,
    body: {
      organizations: organizations.slice((page - 1) * 5, page * 5),
      next_page: page * 5 < organizations.length ? String(next) : null,
    },
  };
}

function createTicket(data: SandboxData, { method, body, key }: Ask): Answer {
  const blank = data.tickets.at(-1);
  if (method !== 'POST' || !blank) return notFound();
  const known = data.tickets.find(
    ({ id }) => key !== undefined && id === data.createdByKey.get(key),
  );
  if (known) return { status: 201, body: { ticket: known } };
  const input = ticketInput(body);
  if (!input.subject) return refused('subject_missing', 'A ticket needs a subject.');
  const ticket: Ticket = { ...blank, tags: [], ...input, ...stampNew(data) };
  data.tickets.push(ticket);
  if (key !== undefined) data.createdByKey.set(key, ticket.id);
  return { status: 201, body: { ticket } };
}

function changeTicket(data: SandboxData, { method, body }: Ask, id: number): Answer {
  const index = data.tickets.findIndex((ticket) => ticket.id === id);
  const held = data.tickets[index];
  if (!held) return notFound();
  if (method === 'GET') return { status: 200, body: { ticket: held } };
  if (method === 'DELETE') {
    data.tickets.splice(index, 1);
    return { status: 204 };
  }
  const input = ticketInput(body);
  if (input.subject === '') return refused('subject_missing', 'A ticket needs a subject.');
  const updated_at = new Date().toISOString();
  const ticket: Ticket = { ...held, ...input, id, updated_at };
  data.tickets[index] = ticket;
  return { status: 200, body: { ticket } };
}

/** Answers with no more than the id, as some do. */
function createComment({ tickets, comments }: SandboxData, ticketId: number, body: string): Answer {
  if (!tickets.some(({ id }) => id === ticketId)) return notFound();
  const { comment = {} } = JSON.parse(body || '{}');
  const id = (comments.at(-1)?.id ?? 50_000) + 1;
  const created_at = new Date().toISOString();
  comments.push({
    author_id: 9_000,
    public: true,
    ...comment,
    id,
    ticket_id: ticketId,
    created_at,
  });
  return { status: 201, body: { id } };
}

function readComment({ comments }: SandboxData, id: number): Answer {
  const comment = comments.find((each) => each.id === id);
  return comment ? { status: 200, body: { comment } } : notFound();
}

function ticketInput(body: string): Partial<Ticket> {
  const { ticket = {} } = JSON.parse(body || '{}');
  return ticket;
}

function stampNew({ tickets }: SandboxData): Pick<Ticket, 'id' | 'created_at' | 'updated_at'> {
  const now = new Date().toISOString();
  return { id: (tickets.at(-1)?.id ?? 999) + 1, created_at: now, updated_at: now };
}

function sizeOf(query: URLSearchParams, name: string): number {
  return Math.min(DEFAULT_LIMIT, Number(query.get(name) ?? DEFAULT_LIMIT));
}

function refused(code: string, message: string): Answer {
  return { status: 422, body: { error: { code, message } } };
}

function notFound(): Answer {
  return {
    status: 404,
    body: { error: { code: 'not_found', message: 'There is no such thing.' } },
  };
}
