import { ConfigError, type AuthOptions } from '@hasura-auth/core';
import { configuredSecrets } from './configured-secrets.js';
import { resolve, keptLog } from '@hasura-auth/testkit';

import { configRows, type ConfigRow } from './vectors.js';

async function refusal(start: () => unknown): Promise<unknown> {
  try {
    await start();
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectConfigError(error: unknown, config: unknown, { refused }: ConfigRow): void {
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).toContain(refused.message);
  expect(message).not.toMatch(/[\r\n]/);
  for (const secret of configuredSecrets(config)) expect(message).not.toContain(secret);
}

/** Runs every configuration that must be refused; `start` makes whatever takes the options. */
export function describeConfigConformance(
  name: string,
  start: (options: AuthOptions) => unknown,
): void {
  describe(`${name} refuses`, () => {
    const rows = { shared: configRows('shared'), own: configRows('own') };
    let ran = 0;
    for (const [origin, list] of Object.entries(rows)) {
      describe(`${origin} configurations`, () => {
        for (const row of list) {
          it(row.id, async () => {
            ran += 1;
            const config = resolve(row.config, Date.now());
            const options = { logger: keptLog().logger, ...(config as AuthOptions) };
            expectConfigError(await refusal(() => start(options)), config, row);
          });
        }
      });
    }
    it(`${rows.shared.length} shared configurations and ${rows.own.length} own ones were refused`, () => {
      expect(ran).toBe(rows.shared.length + rows.own.length);
      expect(rows.shared).toHaveLength(20);
    });
  });
}
