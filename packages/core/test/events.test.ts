import { channel } from 'node:diagnostics_channel';
import { createAuthenticator, type Authenticator } from '../src/authenticator.js';
import { rejected, rejection } from './thrown.js';
import { goodToken, spki } from './tokens.js';

const decisions = channel('hasura-auth:decision');

/** What is told while `run` runs. */
async function told(run: () => Promise<unknown>): Promise<unknown[]> {
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

describe('decisions are told', () => {
  it('where a request is accepted: by what, as whom, how fast', async () => {
    const headers = await authorization();
    expect(await told(() => jwt.authenticate({ headers }))).toEqual([
      { method: 'jwt', role: 'user', durationMs },
    ]);
  });

  it('where a request is refused: by which code', async () => {
    const refused = await told(() => jwt.authenticate({ headers: {} }));
    expect(refused).toEqual([{ code: 'invalid-headers', durationMs }]);
    const { durationMs: duration } = refused[0] as { durationMs: number };
    expect(duration).toBeGreaterThanOrEqual(0);
    expect(duration).toBeLessThan(60_000);
  });

  it('by every way in', async () => {
    const headers = await authorization();
    const expected = [{ method: 'jwt', role: 'user', durationMs }];
    expect(await told(() => jwt.authenticate({ headers }))).toEqual(expected);
    expect(await told(async () => jwt.decide({ headers }))).toEqual(expected);
  });

  it('where the decision comes later', async () => {
    const hook = (status: number, body = '{"x-hasura-role":"user"}'): Authenticator =>
      createAuthenticator({
        adminSecret: 'secret',
        authHook: 'http://127.0.0.1:9/',
        fetch: () => Promise.resolve(new Response(body, { status })),
        logger: { warn: () => undefined, error: () => undefined },
      });
    expect(await told(() => hook(200).authenticate({ headers: {} }))).toEqual([
      { method: 'webhook', role: 'user', durationMs },
    ]);
    expect(await told(() => hook(401).authenticate({ headers: {} }))).toEqual([
      { code: 'access-denied', durationMs },
    ]);
  });

  it('where something else goes wrong', async () => {
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
    expect(await told(() => broken.authenticate({ headers }))).toEqual([
      { code: 'internal-error', durationMs },
    ]);
    expect(await rejected(broken.authenticate({ headers }))).toBeInstanceOf(RangeError);
  });
});

it('telling changes nothing of a refusal', async () => {
  const silent = await rejection(jwt.authenticate({ headers: {} }));
  let heard: unknown;
  await told(async () => {
    heard = await rejection(jwt.authenticate({ headers: {} }));
  });
  expect(heard).toMatchObject({ kind: silent.kind, message: silent.message });
});

it('nothing is told where nobody listens', async () => {
  const publish = jest.spyOn(decisions, 'publish');
  await jwt.authenticate({ headers: await authorization() });
  expect(publish).not.toHaveBeenCalled();
  publish.mockRestore();
});
