import type { JWK } from 'jose';
import { logIn } from '../src/oidc-login.js';
import { newSigningKey } from '../src/oidc-server.js';
import {
  get,
  startOidcWorld,
  unknownKidToken,
  traffic,
  type OidcWorld,
} from '../src/oidc-world.js';

let first: JWK;
let second: JWK;
beforeAll(async () => {
  [first, second] = await Promise.all([newSigningKey('first'), newSigningKey('second')]);
});

const open: OidcWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function startWorld(cacheControl: string): Promise<OidcWorld> {
  const world = await startOidcWorld(first, cacheControl);
  open.push(world);
  return world;
}

const noKey = { message: 'Could not verify JWT: JWSError NoUsableKeys' };

it('accepts what a real provider gave a real client, on all three frameworks', async () => {
  const { provider, apps } = await startWorld('max-age=60');
  const token = await logIn(provider.issuer, 'ada');
  for (const { url } of apps.all) {
    expect(await get(url, token)).toMatchObject({
      status: 200,
      body: {
        method: 'jwt',
        role: 'user',
        sessionVariables: { 'x-hasura-role': 'user', 'x-hasura-user-id': 'ada' },
      },
    });
    expect((await get(url, token, { 'x-hasura-role': 'editor' })).body.role).toBe('editor');
    expect((await get(url, token, { 'x-hasura-role': 'admin' })).status).toBe(403);
    expect((await get(url, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
  }
  // The first, and those that the forged tokens started, since a key may be rotated under its old kid.
  expect(provider.keySetFetches).toBeLessThanOrEqual(1 + 3);
});

it('refuses no valid token while the keys change, and the withdrawn key after its freshness', async () => {
  const world = await startWorld('max-age=30');
  const { provider, apps, clock, log } = world;
  const [ada, bob] = [await logIn(provider.issuer, 'ada'), await logIn(provider.issuer, 'bob')];
  const tallies = [await traffic(world, { seconds: 5 }, [ada, bob])];

  provider.restart(first, second); // the new key is published, and the old one signs
  const old = [ada, bob, await logIn(provider.issuer, 'cleo')];
  tallies.push(await traffic(world, { seconds: 60 }, old));

  provider.restart(second, first); // a minute later the new one signs
  const fresh = [await logIn(provider.issuer, 'ada'), await logIn(provider.issuer, 'dora')];
  tallies.push(await traffic(world, { seconds: 10 }, [...old, ...fresh]));
  const fetchesBefore = provider.keySetFetches;

  provider.restart(second); // and the old one is withdrawn
  const withdrawnAt = clock.now();
  let acceptedUntil = withdrawnAt;
  for (let passed = 0; passed < 35; passed++) {
    if ((await get(apps.express.url, ada)).status === 200) acceptedUntil = clock.now();
    tallies.push(await traffic(world, { seconds: 1 }, fresh));
  }

  expect(tallies.reduce((sum, { sent }) => sum + sent, 0)).toBe(110 * 50);
  expect(tallies.flatMap(({ refused }) => refused)).toEqual([]);
  expect(acceptedUntil - withdrawnAt).toBeLessThanOrEqual(30_000);
  for (const { url } of apps.all)
    for (const token of old)
      expect(await get(url, token)).toMatchObject({ status: 401, body: { errors: [noKey] } });
  expect(fetchesBefore).toBeLessThanOrEqual(4); // in 75 s: a set is fresh for 30, and fetched again from 24 on
  // a refresh or two, and the fetches in which the withdrawn key was looked for: 3, and one more every 10 s
  expect(provider.keySetFetches - fetchesBefore).toBeLessThanOrEqual(2 + 3 + 4);
  expect(log.lines).toEqual([]);
}, 120_000);

it('accepts a key that came without notice within 10 s, while other clients send random kids', async () => {
  const world = await startWorld('max-age=86400');
  const { provider, apps, clock } = world;
  const unknownKids = Array.from({ length: 1000 }, (_, n) =>
    unknownKidToken(provider.issuer, `random-${String(n)}-${String(Math.random())}`),
  );
  const old = await logIn(provider.issuer, 'ada');
  expect((await get(apps.koa.url, old)).status).toBe(200);

  const before = await traffic(world, { seconds: 35, perSecond: 20 }, unknownKids);
  expect(before.refused).toHaveLength(before.sent);
  expect(new Set(before.refused.map(({ status }) => status))).toEqual(new Set([401]));
  expect((await get(apps.koa.url, old)).status).toBe(200);

  provider.restart(second); // no notice: the old key is gone, the new one signs at once
  const rotatedAt = clock.now();
  const fresh = await logIn(provider.issuer, 'ada');
  let refusals = 0;
  while ((await get(apps.fastify.url, fresh)).status !== 200) {
    refusals++;
    await traffic(world, { seconds: 1, perSecond: 20 }, unknownKids.slice(700));
    if (clock.now() - rotatedAt > 10_000) break;
  }

  expect(clock.now() - rotatedAt).toBeLessThanOrEqual(10_000);
  for (const { url } of apps.all) expect((await get(url, fresh)).status).toBe(200);
  expect((await get(apps.koa.url, old)).status).toBe(401);
  // the first, three at once, and one more every 10 s
  const seconds = 35 + (clock.now() - rotatedAt) / 1000;
  expect(provider.keySetFetches).toBeLessThanOrEqual(1 + 3 + Math.floor(seconds / 10));
  expect(refusals).toBeLessThanOrEqual(10);
}, 120_000);
