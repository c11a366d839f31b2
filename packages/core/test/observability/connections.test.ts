import { hook, registry, tick, withToken } from '../connection/registry.js';
import { rejected } from '../thrown.js';
import { heardOn } from './heard.js';

const names = ['open', 'close', 'reauthenticate'].map((event) => `hasura-auth.connection:${event}`);
const [opened, closed, reauthenticated] = names;
const heard = (run: () => unknown) => heardOn(names, run);
const refusedToken = withToken('a.b.c');

describe('a connection is published', () => {
  it('when it is opened and when its session expires', async () => {
    const { clock, open, token } = registry();
    const events = await heard(async () => {
      await open().authenticate(withToken(await token('1', 2)));
      clock.advance(2000);
      await tick();
    });
    expect(events).toEqual([
      { on: opened, message: { open: 1 } },
      { on: closed, message: { code: 4403, cause: 'expired', open: 0 } },
    ]);
  });

  it('when its client goes away, once', async () => {
    const { open, token } = registry();
    const events = await heard(async () => {
      const connection = open();
      open();
      await connection.authenticate(withToken(await token('1')));
      connection.closed();
      connection.closed();
    });
    expect(events.slice(1)).toEqual([
      { on: opened, message: { open: 2 } },
      { on: closed, message: { code: undefined, cause: 'client', open: 1 } },
    ]);
  });

  it('when it is refused; the later close of its socket is not counted again', async () => {
    const { open } = registry();
    const events = await heard(async () => {
      const connection = open();
      await rejected(connection.authenticate({ headers: {} }));
      connection.closed();
    });
    expect(events.slice(1)).toEqual([
      { on: closed, message: { code: undefined, cause: 'refused', open: 0 } },
    ]);
  });

  it('when the app disconnects it, with the code of the app', async () => {
    const { connections, open, token } = registry();
    const events = await heard(async () => {
      await open().authenticate(withToken(await token('1')));
      connections.disconnect({ role: 'user' }, { code: 4401, reason: 'marked' });
      await tick();
    });
    expect(events.slice(1)).toEqual([
      { on: closed, message: { code: 4401, cause: 'disconnected', open: 0 } },
    ]);
  });

  it('when its client sends a fresh token, whether it is accepted or rejected', async () => {
    const { open, token } = registry();
    const events = await heard(async () => {
      const connection = open();
      await connection.authenticate(withToken(await token('1')));
      await connection.reauthenticate(withToken(await token('1', 90)));
      await rejected(connection.reauthenticate(refusedToken));
      await rejected(connection.reauthenticate(withToken(await token('2'))));
    });
    expect(events.slice(1)).toEqual([
      { on: reauthenticated, message: { role: 'user', kind: undefined } },
      { on: reauthenticated, message: { role: undefined, kind: 'invalid-token' } },
      { on: reauthenticated, message: { role: undefined, kind: 'session-change' } },
    ]);
  });
});

it('a fresh token whose rule fails is published as an internal error', async () => {
  const { open, token } = registry({
    reauthentication: () => {
      throw new Error('marked');
    },
  });
  const events = await heard(async () => {
    const connection = open();
    await connection.authenticate(withToken(await token('1')));
    await rejected(connection.reauthenticate(withToken(await token('2'))));
  });
  expect(events.slice(1)).toEqual([
    { on: reauthenticated, message: { role: undefined, kind: 'internal-error' } },
  ]);
});

it('a fresh token that the webhook cannot check is published with the kind of that failure', async () => {
  let failing = false;
  const answers = hook({ 'x-hasura-role': 'user' });
  const { open } = registry(undefined, {
    ...answers,
    fetch: async (...given) => {
      if (failing) throw new Error('marked');
      return (answers.fetch ?? fetch)(...given);
    },
  });
  const events = await heard(async () => {
    const connection = open();
    await connection.authenticate(withToken('any'));
    failing = true;
    await rejected(connection.reauthenticate(withToken('any')));
  });
  expect(events.at(-1)).toEqual({
    on: reauthenticated,
    message: { role: undefined, kind: 'hook-unreachable' },
  });
});
