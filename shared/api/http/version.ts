/** The version that `GET /v1/health` names; a test holds it against package.json. */
export const VERSION = '0.1.0';
