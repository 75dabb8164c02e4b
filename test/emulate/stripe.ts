/** Stripe: customers by cursor, forms with brackets, products and prices, errors. */

import { refusalOf } from '../support/builders/refusal.ts';
import { type LiveAccount, openLiveAccount } from '../support/worlds/live-account.ts';
import { ask, at, idsOf, rows, sameIds, type Tier } from './tier.ts';

const CUSTOMERS = 45;

export async function checkStripe(tier: Tier): Promise<void> {
  const { catalogue, send, checks } = tier;
  const credential = { secret_key: 'sk_test_tier' };
  const account = openLiveAccount({
    catalogue,
    send,
    integration: 'stripe',
    auth: 'secret_key',
    credential,
  });
  await checkCustomers(tier, account);
  await checkPrices(tier, account);
  await checkPayments(tier, account);
  await checkErrors(tier, account);
  checks.skip(
    'stripe: verify, and the account’s id after connecting',
    'emulate has no /v1/account',
  );
  checks.skip('stripe: what changed since', 'emulate has no /v1/events');
  checks.skip('stripe: invoices, subscriptions and refunds', 'emulate has none of their lists');
  checks.skip('stripe: an idempotent repeat', 'emulate does not look at Idempotency-Key');
  checks.skip('stripe: OAuth and its renewal', 'emulate has no tokens of Connect or of apps');
}

async function checkCustomers({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const customers = `${url}/v1/customers`;
  for (let n = 1; n <= CUSTOMERS; n += 1) {
    const input = {
      name: `Customer ${n} & Söhne`,
      email: `c${n}@contoso.example`,
      custom_fields: { tier: 'gold', number: String(n) },
    };
    await account.write('create', 'accounting/customers', { input, operationKey: `customer-${n}` });
  }
  const { records, pages, leftOut } = await account.list('accounting/customers', { limit: 10 });
  const theirs = rows(at(await ask(`${customers}?limit=100`), 'data'));
  checks.check(
    'stripe: every customer, over pages by cursor',
    pages === 5 &&
      leftOut === 0 &&
      theirs.length >= CUSTOMERS &&
      sameIds(idsOf(records), idsOf(theirs)),
    `${records.length} in ${pages}`,
  );
  const their7 = theirs.find((one) => one['email'] === 'c7@contoso.example');
  const id = String(their7?.['id']);
  checks.check(
    'stripe: a form with brackets arrives as it was meant',
    their7?.['name'] === 'Customer 7 & Söhne' && at(their7, 'metadata', 'number') === '7',
    JSON.stringify(their7?.['metadata']),
  );
  const got = await account.get('accounting/customers', id);
  checks.check(
    'stripe: one customer',
    got['name'] === 'Customer 7 & Söhne' && at(got, 'custom_fields', 'tier') === 'gold',
  );
  await account.write('update', 'accounting/customers', { id, input: { name: 'Seven' } });
  const changed = await ask(`${customers}/${id}`);
  checks.check(
    'stripe: an update changes what it names, and nothing else',
    at(changed, 'name') === 'Seven' && at(changed, 'email') === 'c7@contoso.example',
  );
  await account.write('delete', 'accounting/customers', { id });
  const gone = await ask(`${customers}/${id}`);
  checks.check('stripe: a deletion', at(gone, 'error', 'code') === 'resource_missing');
}

async function checkPrices({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  const product = await account.write('create', 'products', { input: { name: 'Flour' } });
  const price = await account.write('create', 'prices', {
    input: {
      product: product.id ?? '',
      currency: 'eur',
      unit_amount: 1250,
      recurring: { interval: 'month' },
    },
  });
  const theirs = await ask(`${url}/v1/prices/${price.id}`);
  checks.check(
    'stripe: a product and its price',
    at(theirs, 'unit_amount') === 1250 && at(theirs, 'product') === product.id,
  );
  const synced = await account.sync('prices');
  const all = rows(at(await ask(`${url}/v1/prices?limit=100`), 'data'));
  checks.check('stripe: a sync of prices', sameIds(idsOf(synced), idsOf(all)), `${synced.length}`);
}

/** Made by Stripe's own calls: the integration reads them only. */
async function checkPayments({ checks, url }: Tier, account: LiveAccount): Promise<void> {
  for (let amount = 100; amount <= 1_200; amount += 100) {
    const body = { amount, currency: 'eur', payment_method: 'pm_card_visa' };
    const intent = await ask(`${url}/v1/payment_intents`, { body });
    await ask(`${url}/v1/payment_intents/${at(intent, 'id')}/confirm`, { body: {} });
  }
  const { records, pages } = await account.list('accounting/payments', { limit: 5 });
  const theirs = rows(at(await ask(`${url}/v1/charges?limit=100`), 'data'));
  const amounts = records.map((one) => Number(one['amount'])).sort((a, b) => a - b);
  checks.check(
    'stripe: every payment, over pages by cursor, in whole units',
    pages === 3 &&
      theirs.length === 12 &&
      sameIds(idsOf(records), idsOf(theirs)) &&
      amounts[0] === 1 &&
      amounts.at(-1) === 12 &&
      records[0]?.['currency'] === 'EUR',
    `${records.length} in ${pages}`,
  );
}

async function checkErrors({ checks }: Tier, account: LiveAccount): Promise<void> {
  const absent = await refusalOf(account.get('accounting/customers', 'cus_absent'));
  checks.check(
    'stripe: a customer that is not there',
    absent.text === 'not_found of 404' && absent.providerCode === 'resource_missing',
    `${absent.text}, ${absent.providerCode}`,
  );
  const invalid = await refusalOf(
    account.write('create', 'prices', { input: { currency: 'eur' } }),
  );
  checks.check(
    'stripe: a price without a product',
    invalid.text === 'validation of 400' && invalid.providerCode === 'invalid_request_error',
    `${invalid.text}, ${invalid.providerCode}`,
  );
}
