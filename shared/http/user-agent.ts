/** Who calls. Some providers refuse requests that do not say. */
export const USER_AGENT = 'millrace';
