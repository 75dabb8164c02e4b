/** The package has no types of its own. */
declare module 'http-link-header' {
  interface Reference {
    readonly uri: string;
    readonly rel: string;
  }

  export default class LinkHeader {
    /** Throws where `value` is no Link header. */
    static parse(value: string): LinkHeader;
    rel(value: string): readonly Reference[];
  }
}
