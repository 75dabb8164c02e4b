/**
 * The sandbox provider's data: seeded and deterministic, so that every run of it can be counted.
 *
 * Shape   500 tickets, 1,500 comments as their children (0 to 6 each), 40 users, 120 contacts,
 *         12 organizations; names and texts are made up
 */

export interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly description: string;
  readonly status: string;
  readonly priority: string;
  readonly requester_id: number;
  readonly assignee_id: number | null;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly cf_plan: string;
}

export interface Comment {
  readonly id: number;
  readonly ticket_id: number;
  readonly author_id: number;
  readonly body: string;
  readonly public: boolean;
  readonly created_at: string;
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Contact {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly segment__c: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Organization {
  readonly id: number;
  readonly name: string;
}

export interface SandboxData {
  readonly tickets: Ticket[];
  readonly comments: Comment[];
  readonly users: readonly User[];
  readonly contacts: readonly Contact[];
  readonly organizations: readonly Organization[];
  /** `Idempotency-Key` of a created ticket → its id. */
  readonly createdByKey: Map<string, number>;
}

export interface SandboxSize {
  readonly tickets: number;
  readonly comments: number;
}

export const DEFAULT_SIZE: SandboxSize = { tickets: 500, comments: 1_500 };

const FIRST_MS = Date.parse('2026-01-05T08:00:00.000Z');
const HOUR_MS = 3_600_000;
const USERS = 40;
const CONTACTS = 120;
const ORGANIZATIONS = 12;

const FIRST_NAMES = [
  'Ada',
  'Bela',
  'Chidi',
  'Dora',
  'Emil',
  'Fatima',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
];
const LAST_NAMES = ['Adler', 'Berg', 'Costa', 'Dahl', 'Ek', 'Fonseca', 'Grau', 'Holm'];
const SUBJECTS = [
  'Printer',
  'Invoice',
  'Login',
  'Export',
  'Webhook',
  'Password',
  'Dashboard',
  'Report',
];
const TROUBLES = ['does not load', 'is too slow', 'shows an error', 'lost a row', 'sends twice'];

/** Mulberry32: 32 bits of state, enough for made-up names. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function makeSandboxData(seed: number, size: SandboxSize = DEFAULT_SIZE): SandboxData {
  const random = seededRandom(seed);
  const pick = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const timeOf = (index: number) => new Date(FIRST_MS + index * HOUR_MS).toISOString();

  const users = Array.from({ length: USERS }, (_, index): User => {
    const name = `${FIRST_NAMES[index % FIRST_NAMES.length]} ${LAST_NAMES[index % LAST_NAMES.length]}`;
    return {
      id: 9_000 + index,
      name,
      email: `user${index}@sandbox.example`,
      role: index % 4 === 0 ? 'agent' : 'end-user',
      created_at: timeOf(index),
      updated_at: timeOf(index + 10),
    };
  });
  const tickets = Array.from(
    { length: size.tickets },
    (_, index): Ticket => ({
      id: 1_000 + index,
      subject: `${SUBJECTS[index % SUBJECTS.length]} ${TROUBLES[index % TROUBLES.length]}`,
      description: `Seen since ${timeOf(index).slice(0, 10)}; case ${index}.`,
      status: pick(['new', 'open', 'pending', 'solved', 'closed']),
      priority: pick(['low', 'normal', 'high', 'urgent']),
      requester_id: 9_000 + Math.floor(random() * USERS),
      assignee_id: index % 3 === 0 ? null : 9_000 + 4 * Math.floor(random() * (USERS / 4)),
      tags: index % 5 === 0 ? ['vip', 'renewal'] : [],
      created_at: timeOf(index),
      updated_at: timeOf(index + 24),
      cf_plan: pick(['free', 'team', 'enterprise']),
    }),
  );
  return {
    createdByKey: new Map(),
    tickets,
    users,
    comments: makeComments(size, random, timeOf),
    contacts: Array.from(
      { length: CONTACTS },
      (_, index): Contact => ({
        id: 7_000 + index,
        first_name: FIRST_NAMES[index % FIRST_NAMES.length] ?? 'Ada',
        last_name: LAST_NAMES[(index * 3) % LAST_NAMES.length] ?? 'Adler',
        email: index % 9 === 0 ? null : `contact${index}@sandbox.example`,
        phone: index % 2 === 0 ? `+49 30 55${1_000 + index}` : null,
        mobile: index % 4 === 0 ? `+49 171 55${1_000 + index}` : null,
        segment__c: pick(['smb', 'enterprise']),
        created_at: timeOf(index),
        updated_at: timeOf(index + 30),
      }),
    ),
    organizations: Array.from({ length: ORGANIZATIONS }, (_, index) => ({
      id: 500 + index,
      name: `${LAST_NAMES[index % LAST_NAMES.length]} & Sons`,
    })),
  };
}

/** Spreads exactly `size.comments` comments over the tickets: an average of three, from 0 to 6. */
function makeComments(
  size: SandboxSize,
  random: () => number,
  timeOf: (index: number) => string,
): Comment[] {
  const perTicket = Array.from({ length: size.tickets }, () => 0);
  for (let left = size.comments; left > 0; ) {
    const index = Math.floor(random() * size.tickets);
    const held = perTicket[index] ?? 0;
    if (held >= 2 * Math.ceil(size.comments / size.tickets)) continue;
    perTicket[index] = held + 1;
    left -= 1;
  }
  let id = 50_000;
  return perTicket.flatMap((count, index) =>
    Array.from({ length: count }, (_, nth): Comment => {
      id += 1;
      return {
        id,
        ticket_id: 1_000 + index,
        author_id: 9_000 + Math.floor(random() * USERS),
        body: `Note ${nth + 1} on case ${index}.`,
        public: nth % 3 !== 2,
        created_at: timeOf(index + nth),
      };
    }),
  );
}
