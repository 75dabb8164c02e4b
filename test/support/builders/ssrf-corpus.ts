/** test/assets/ssrf-corpus.json: addresses that must never be called, and such that must not be refused. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const texts = z.array(z.string());

const corpus = z
  .strictObject({
    about: z.string(),
    /** Refused by their text alone. */
    bad_urls: texts,
    /** Why, and the addresses that a resolver gives for a name that looks public. */
    bad_answers: z.array(z.tuple([z.string()]).rest(z.string())),
    /** For the placeholder of `https://{{conn.subdomain}}.acme.com`. */
    bad_subdomains: texts,
    /** Beside those that `[api.acme.com, "*.acme.dev"]` allows. */
    other_hosts: texts,
    /** For `{{conn.base_url}}`. */
    bad_bases: texts,
    good_urls: texts,
    good_subdomains: texts,
    good_bases: texts,
  })
  .parse(JSON.parse(readFileSync('test/assets/ssrf-corpus.json', 'utf8')));

export const BAD_URLS = corpus.bad_urls;
export const BAD_ANSWERS = corpus.bad_answers;
export const BAD_SUBDOMAINS = corpus.bad_subdomains;
export const OTHER_HOSTS = corpus.other_hosts;
export const BAD_BASES = corpus.bad_bases;
export const GOOD_URLS = corpus.good_urls;
export const GOOD_SUBDOMAINS = corpus.good_subdomains;
export const GOOD_BASES = corpus.good_bases;
