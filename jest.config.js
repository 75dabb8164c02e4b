const base = {
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These ship ES modules only; Jest runs CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!(@middy|fauxqs|croner|jose|oauth4webapi)/)'],
  // These name no entry for `require` either.
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
};

/** @type {import('jest').Config} */
export default {
  testTimeout: 20_000,
  projects: [
    {
      ...base,
      displayName: 'code',
      testMatch: [
        '<rootDir>/test/{unit,property,contract,integrations,functions,architecture,local}/**/*.test.ts',
      ],
    },
    {
      ...base,
      displayName: 'infra',
      testMatch: ['<rootDir>/test/infra/**/*.test.ts'],
      setupFiles: ['<rootDir>/test/support/servers/fast-synth.ts'],
    },
  ],
};
