/** The package has no types of its own. */
declare module 'http-link-header' {
  export interface Reference {
    readonly uri: string;
    readonly rel: string;
    /** Further attributes, in lower case. */
    readonly [attribute: string]: unknown;
  }

  export default class LinkHeader {
    /** Throws where `value` is no Link header. */
    static parse(value: string): LinkHeader;
    rel(value: string): readonly Reference[];
  }
}
