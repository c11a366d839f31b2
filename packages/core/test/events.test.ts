import { channel } from 'node:diagnostics_channel';
import { createAuthenticator, type Authenticator } from '../src/authenticator.js';
import { rejected, rejection } from './thrown.js';
import { goodToken, spki } from './tokens.js';

const decisions = channel('hasura-auth:decision');

/** The events that are published while `run` runs. */
async function eventsOf(run: () => Promise<unknown>): Promise<unknown[]> {
  const events: unknown[] = [];
  const listen = (event: unknown): void => void events.push(event);
  decisions.subscribe(listen);
  try {
    await run().catch(() => undefined);
  } finally {
    decisions.unsubscribe(listen);
  }
  return events;
}

const jwt = createAuthenticator({
  adminSecret: 'secret',
  jwtSecret: { type: 'RS256', key: spki('rsa') },
});
const authorization = async () => ({ authorization: `Bearer ${await goodToken()}` });
const durationMs = expect.any(Number) as number;

describe('a decision is published', () => {
  it('with its method, role and duration if the request is accepted', async () => {
    const headers = await authorization();
    expect(await eventsOf(() => jwt.authenticate({ headers }))).toEqual([
      { method: 'jwt', role: 'user', durationMs },
    ]);
  });

  it('with its code if the request is rejected', async () => {
    const refused = await eventsOf(() => jwt.authenticate({ headers: {} }));
    expect(refused).toEqual([{ code: 'invalid-headers', durationMs }]);
    const { durationMs: duration } = refused[0] as { durationMs: number };
    expect(duration).toBeGreaterThanOrEqual(0);
    expect(duration).toBeLessThan(60_000);
  });

  it('by authenticate and by decide', async () => {
    const headers = await authorization();
    const expected = [{ method: 'jwt', role: 'user', durationMs }];
    expect(await eventsOf(() => jwt.authenticate({ headers }))).toEqual(expected);
    expect(await eventsOf(async () => jwt.decide({ headers }))).toEqual(expected);
  });

  it('also if it has to be waited for', async () => {
    const hook = (status: number, body = '{"x-hasura-role":"user"}'): Authenticator =>
      createAuthenticator({
        adminSecret: 'secret',
        authHook: 'http://127.0.0.1:9/',
        fetch: () => Promise.resolve(new Response(body, { status })),
        logger: { warn: () => undefined, error: () => undefined },
      });
    expect(await eventsOf(() => hook(200).authenticate({ headers: {} }))).toEqual([
      { method: 'webhook', role: 'user', durationMs },
    ]);
    expect(await eventsOf(() => hook(401).authenticate({ headers: {} }))).toEqual([
      { code: 'access-denied', durationMs },
    ]);
  });

  it('as an internal error if something else than an AuthError is thrown', async () => {
    let now = () => 0;
    const broken = createAuthenticator({
      adminSecret: 'secret',
      jwtSecret: { type: 'RS256', key: spki('rsa') },
      runtime: { now: () => now() },
    });
    now = () => {
      throw new RangeError('the clock broke');
    };
    const headers = await authorization();
    expect(await eventsOf(() => broken.authenticate({ headers }))).toEqual([
      { code: 'internal-error', durationMs },
    ]);
    expect(await rejected(broken.authenticate({ headers }))).toBeInstanceOf(RangeError);
  });
});

it('publishing changes nothing of a rejection', async () => {
  const silent = await rejection(jwt.authenticate({ headers: {} }));
  let heard: unknown;
  await eventsOf(async () => {
    heard = await rejection(jwt.authenticate({ headers: {} }));
  });
  expect(heard).toMatchObject({ kind: silent.kind, message: silent.message });
});

it('nothing is published without a subscriber', async () => {
  const publish = jest.spyOn(decisions, 'publish');
  await jwt.authenticate({ headers: await authorization() });
  expect(publish).not.toHaveBeenCalled();
  publish.mockRestore();
});
