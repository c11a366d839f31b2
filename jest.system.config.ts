/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
// @ts-expect-error -- Jest compiles this file alone, and finds a file by its name on disk only
import base, { testFiles } from './jest.config.ts';

/** The tests that start other programs: Redis, Valkey, nginx, a browser, or Node with a program of ours or of the docs. */
const config: Config = {
  ...base,
  testMatch: testFiles('.system.test.ts'),
  maxWorkers: 3, // on two cores too: they wait for others most of the time
};
export default config;
