/** The functions there are: each a folder of functions/, a bundle and a Lambda function. */
export const functionNames = [
  'control-api',
  'proxy-api',
  'unified-api',
  'sync-stream',
  'account-check',
  'sync-start',
  'sync-step',
  'sync-sweep',
  'webhook-deliver',
  'claim-sweep',
] as const;

export type FunctionName = (typeof functionNames)[number];
