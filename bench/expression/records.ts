/** Made-up list pages of 100 records, as wide and as long as the providers' own. */
export type RecordData = Readonly<Record<string, unknown>>;

export interface Page {
  /** The answer's body, as the provider sends it. */
  readonly text: string;
  /** Its records, each as a mapping gets it: `{ response: record }`. */
  readonly records: readonly RecordData[];
}

export interface Subject {
  readonly name: string;
  readonly mapping: string;
  readonly page: Page;
  /** The same mapping as a person would write it in JavaScript. */
  readonly byHand: (record: RecordData) => unknown;
}

export const RECORDS_PER_PAGE = 100;

/**
 * The records are parsed out of the page's own text, as the engine's are: objects built otherwise
 * cost more to read.
 */
function page(
  make: (index: number) => RecordData,
  member: string,
  envelope: (records: readonly RecordData[]) => RecordData,
): Page {
  const text = JSON.stringify(
    envelope(Array.from({ length: RECORDS_PER_PAGE }, (_item, index) => make(index))),
  );
  const parsed: Readonly<Record<string, readonly RecordData[]>> = JSON.parse(text);
  const records = (parsed[member] ?? []).map((response) => ({ response }));
  return { text, records };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

/** 80 fields, 40 of them custom, every third of those empty. */
function salesforceContact(index: number): RecordData {
  const record: Record<string, unknown> = {
    attributes: { type: 'Contact', url: `/services/data/v60.0/sobjects/Contact/003${index}` },
    Id: `0035g00000${String(index).padStart(5, '0')}AAA`,
    FirstName: `First${index}`,
    LastName: `Last${index}`,
    Email: `person${index}@example.com`,
    Phone: `+1 555 01${String(index).padStart(2, '0')}`,
    MobilePhone: index % 3 === 0 ? null : `+1 555 77${String(index).padStart(2, '0')}`,
    CreatedDate: '2024-01-15T09:30:00.000+0000',
    LastModifiedDate: '2024-06-20T16:45:00.000+0000',
  };
  for (let field = 0; field < 31; field += 1) {
    record[`StandardField${field}`] = field % 4 === 0 ? null : `standard value ${field}`;
  }
  for (let field = 0; field < 40; field += 1) {
    record[`Custom_Field_${field}__c`] = field % 3 === 0 ? null : `custom ${field} of ${index}`;
  }
  return record;
}

const SALESFORCE: Subject = {
  name: 'salesforce contact',
  mapping: `response.{
    "id": Id.$string(), "first_name": FirstName, "last_name": LastName,
    "email_addresses": [{ "email": Email, "is_primary": true }],
    "phone_numbers": $filter([{ "number": Phone, "type": "phone" }, { "number": MobilePhone, "type": "mobile" }],
      function($v) { $v.number }),
    "created_at": CreatedDate, "updated_at": LastModifiedDate,
    "custom_fields": $sift($, function($v, $k) { $k ~> /__c$/i and $boolean($v) })
  }`,
  page: page(salesforceContact, 'records', (records) => ({
    totalSize: 2_000,
    done: false,
    nextRecordsUrl: '/services/data/v60.0/query/01g5g00000AbCdE-2000',
    records,
  })),
  byHand({ response }) {
    const contact = Object(response);
    const custom: Record<string, unknown> = {};
    for (const key of Object.keys(contact)) {
      if (/__c$/i.test(key) && isSet(contact[key])) custom[key] = contact[key];
    }
    const phones = [
      { number: contact.Phone, type: 'phone' },
      { number: contact.MobilePhone, type: 'mobile' },
    ].filter((phone) => isSet(phone.number));
    return {
      id: String(contact.Id),
      first_name: contact.FirstName,
      last_name: contact.LastName,
      email_addresses: [{ email: contact.Email, is_primary: true }],
      phone_numbers: phones.length === 1 ? phones[0] : phones,
      created_at: contact.CreatedDate,
      updated_at: contact.LastModifiedDate,
      custom_fields: custom,
    };
  },
};

function hubspotContact(index: number): RecordData {
  const properties: Record<string, unknown> = {
    firstname: `First${index}`,
    lastname: `Last${index}`,
    email: `person${index}@example.com`,
    phone: '+1 555 0100',
    mobilephone: index % 2 === 0 ? '+1 555 0199' : null,
    company: 'Example Ltd',
    jobtitle: 'Engineer',
    createdate: '2024-01-15T09:30:00.000Z',
    lastmodifieddate: '2024-06-20T16:45:00.000Z',
  };
  for (let field = 0; field < 31; field += 1) properties[`property_${field}`] = `v${field}`;
  return { id: String(501 + index), properties, archived: false };
}

const HUBSPOT: Subject = {
  name: 'hubspot contact',
  mapping: `response.{
    "id": id, "first_name": properties.firstname, "last_name": properties.lastname,
    "name": properties.firstname & " " & properties.lastname,
    "email_addresses": [{ "email": properties.email, "is_primary": true }],
    "phone_numbers": [
      properties.phone ? { "number": properties.phone, "type": "phone" },
      properties.mobilephone ? { "number": properties.mobilephone, "type": "mobile" }
    ],
    "company": properties.company, "title": properties.jobtitle,
    "created_at": properties.createdate, "updated_at": properties.lastmodifieddate
  }`,
  page: page(hubspotContact, 'results', (results) => ({
    results,
    paging: {
      next: { after: '100', link: 'https://api.hubapi.com/crm/v3/objects/contacts?after=100' },
    },
  })),
  byHand({ response }) {
    const { id, properties } = Object(response);
    return {
      id,
      first_name: properties.firstname,
      last_name: properties.lastname,
      name: `${properties.firstname} ${properties.lastname}`,
      email_addresses: [{ email: properties.email, is_primary: true }],
      phone_numbers: [
        ...(isSet(properties.phone) ? [{ number: properties.phone, type: 'phone' }] : []),
        ...(isSet(properties.mobilephone)
          ? [{ number: properties.mobilephone, type: 'mobile' }]
          : []),
      ],
      company: properties.company,
      title: properties.jobtitle,
      created_at: properties.createdate,
      updated_at: properties.lastmodifieddate,
    };
  },
};

const STATUSES = ['new', 'open', 'pending', 'solved'];

function zendeskTicket(index: number): RecordData {
  return {
    url: `https://example.zendesk.com/api/v2/tickets/${index}.json`,
    id: 35_436 + index,
    external_id: null,
    via: { channel: 'email', source: { from: { address: 'a@example.com' }, to: {}, rel: null } },
    created_at: '2024-01-15T09:30:00Z',
    updated_at: '2024-06-20T16:45:00Z',
    type: index % 2 === 0 ? 'incident' : null,
    subject: `  Help, my printer ${index} is on fire!  `,
    raw_subject: 'Help, my printer is on fire!',
    description: 'The fire is very colourful. '.repeat(12),
    priority: index % 3 === 0 ? null : 'high',
    status: STATUSES[index % STATUSES.length],
    requester_id: 20_978_392 + index,
    submitter_id: 76_872,
    assignee_id: 235_323,
    organization_id: 509_974,
    group_id: 98_738,
    collaborator_ids: [35_334, 234],
    tags: ['enterprise', 'other_tag', `tag_${index}`],
    custom_fields: Array.from({ length: 12 }, (_field, field) => ({
      id: 27_642 + field,
      value: field % 3 === 0 ? null : `value ${field}`,
    })),
    satisfaction_rating: { id: 1234, score: 'good', comment: 'Great support!' },
  };
}

const ZENDESK: Subject = {
  name: 'zendesk ticket',
  mapping: `response.{
    "id": $string(id), "name": $trim(subject), "description": description,
    "status": status = "new" or status = "open" ? "open" : status = "solved" ? "closed" : status,
    "priority": priority ? $uppercase(priority) : "NORMAL", "ticket_type": type,
    "assignees": [{ "id": $string(assignee_id) }], "requester": { "id": $string(requester_id) },
    "tags": $map(tags, function($t) { { "name": $t } }),
    "custom_fields": custom_fields[value != null].{ "id": $string(id), "value": value },
    "created_at": created_at, "updated_at": updated_at
  }`,
  page: page(zendeskTicket, 'tickets', (tickets) => ({
    tickets,
    meta: {
      has_more: true,
      after_cursor: 'eyJvIjoibmljZV9pZCIsInYiOiJhUUVBQQ==',
      before_cursor: null,
    },
    links: {
      next: 'https://example.zendesk.com/api/v2/tickets.json?page%5Bafter%5D=eyJv',
      prev: null,
    },
  })),
  byHand({ response }) {
    const ticket = Object(response);
    const open = ticket.status === 'new' || ticket.status === 'open';
    const fields: readonly { id: number; value: unknown }[] = ticket.custom_fields;
    const tags: readonly string[] = ticket.tags;
    return {
      id: String(ticket.id),
      name: ticket.subject.trim().replace(/\s+/g, ' '),
      description: ticket.description,
      status: open ? 'open' : ticket.status === 'solved' ? 'closed' : ticket.status,
      priority: isSet(ticket.priority) ? ticket.priority.toUpperCase() : 'NORMAL',
      ticket_type: ticket.type,
      assignees: [{ id: String(ticket.assignee_id) }],
      requester: { id: String(ticket.requester_id) },
      tags: tags.map((name) => ({ name })),
      custom_fields: fields
        .filter(({ value }) => value !== null)
        .map(({ id, value }) => ({ id: String(id), value })),
      created_at: ticket.created_at,
      updated_at: ticket.updated_at,
    };
  },
};

export const SUBJECTS: readonly Subject[] = [SALESFORCE, HUBSPOT, ZENDESK];
