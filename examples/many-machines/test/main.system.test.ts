import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedRedis } from '@hasura-auth/testkit';
import { createDevelopmentIssuer } from '@hasura-auth/testing/development-issuer';
import { parse } from 'yaml';

const folder = join(__dirname, '..');
const withRedis = installedRedis.length > 0 ? describe : describe.skip;

withRedis('the example of many machines (skipped without redis-server or valkey-server)', () => {
  it('refuses a token and closes its socket in one process when the user logs out in another', () => {
    const args = ['--conditions=hasura-auth-source', '--import', 'tsx', 'src/main.ts'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    const withPrometheus = lines.includes('Prometheus runs');
    expect(lines.slice(4)).toEqual([
      'the token at Express: 200',
      'the token at Fastify: 200',
      'a subscription at Fastify is open',
      'the user logs out at Express: 204',
      'the subscription at Fastify is closed: 4403 Could not verify JWT: JWTRevoked',
      'the token at Express: 401',
      'the token at Fastify: 401',
      'the user logs in again, and the new token is accepted',
      ...(withPrometheus ? ['Prometheus has counted one connection of a revoked token'] : []),
    ]);
  }, 60_000);
});

/** What is read of the compose file. */
interface Compose {
  readonly services: Readonly<
    Record<string, { command: string[]; environment?: Record<string, string> }>
  >;
}

describe('the compose file', () => {
  const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as Compose;

  it('starts programs that exist', () => {
    const programs = Object.values(services).flatMap(({ command = [] }) =>
      command.filter((word) => word.endsWith('.ts')),
    );
    expect(programs).toHaveLength(4);
    for (const program of programs)
      expect(readFileSync(join(folder, '../..', program), 'utf8')).not.toBe('');
  });

  it('configures the apps for the development issuer', async () => {
    const issuer = await createDevelopmentIssuer({ port: 0 });
    const origin = new URL(issuer.issuer).origin;
    const expected: unknown = JSON.parse(
      JSON.stringify(issuer.jwtSecret).replaceAll(origin, 'http://127.0.0.1:4000'),
    );
    await issuer.close();
    for (const name of ['express', 'fastify'])
      expect(JSON.parse(services[name]?.environment?.['HASURA_GRAPHQL_JWT_SECRET'] ?? '')).toEqual(
        expected,
      );
  });
});
