import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { CommandContext } from '../src/context.js';
import { run } from '../src/program.js';

/** What a person does on a terminal: waits for a text, then types. */
interface Turn {
  readonly waitFor: string;
  readonly type: string;
}

const down = '\u001b[B';
const enter = '\r';

/** A terminal in memory: `stdin` takes keys, and what is shown is kept without its escape sequences. */
async function onTerminal(args: readonly string[], turns: readonly Turn[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 40 });
  let results = '';
  let shown = '';
  let from = 0;
  const rest = [...turns];
  stdout.on('data', (chunk: Buffer) => (results += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => {
    shown += stripVTControlCharacters(chunk.toString());
    const [turn] = rest;
    const at = turn === undefined ? -1 : shown.indexOf(turn.waitFor, from);
    if (turn === undefined || at === -1) return;
    from = at + turn.waitFor.length;
    rest.shift();
    setImmediate(() => stdin.write(turn.type));
  });
  const context: CommandContext = {
    env: { NO_COLOR: '1' },
    cwd: __dirname,
    stdin,
    stdout,
    stderr,
    fetch: () => Promise.reject(new Error('this test allows no fetch')),
    now: () => Date.UTC(2026, 0, 1),
    interrupted: new AbortController().signal,
    exitCode: 0,
  };
  await run(args, context);
  stdin.end();
  return { results, shown, left: rest, exitCode: context.exitCode };
}

const sample = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AAAA`;

const keys: readonly Turn[] = [
  { waitFor: 'What are the tokens verified with?', type: enter },
  { waitFor: 'Address of the key set', type: `https://issuer.example/jwks.json${enter}` },
  { waitFor: 'Issuer, the claim iss', type: enter },
  { waitFor: 'Audience, the claim aud', type: enter },
];

it('config custom asks where session variables come from, and shows the session after each answer', async () => {
  const token = sample({ sub: 'u-7', realm: { roles: ['editor', 'user'] }, org: 'o-1' });
  const { results, shown, left, exitCode } = await onTerminal(
    ['config', 'custom'],
    [
      ...keys,
      { waitFor: 'Sample token of the provider', type: token + enter },
      { waitFor: 'Which claim has the roles', type: enter },
      { waitFor: 'Which role has a request', type: down + down + enter },
      { waitFor: 'Which claim identifies the user', type: enter },
      { waitFor: 'Another session variable', type: `x-hasura-org-id${enter}` },
      { waitFor: 'Which claim has x-hasura-org-id?', type: down + enter },
      { waitFor: 'Another session variable', type: enter },
    ],
  );
  expect({ left, exitCode }).toEqual({ left: [], exitCode: 0 });
  expect(JSON.parse(results)).toEqual({
    jwk_url: 'https://issuer.example/jwks.json',
    extra_required_claims: ['exp'],
    claims_map: {
      'x-hasura-allowed-roles': { path: '$.realm.roles' },
      'x-hasura-default-role': { path: '$.realm.roles[0]' },
      'x-hasura-user-id': { path: '$.sub' },
      'x-hasura-org-id': { path: '$.org' },
    },
  });
  const sessions = shown.split('With the claims of the sample token').slice(1);
  expect(sessions).toHaveLength(4); // after the roles, after each variable, and of the result
  expect(sessions.at(-1)).toMatch(/x-hasura-user-id +u-7/);
  expect(sessions.at(-1)).toMatch(/x-hasura-org-id +o-1/);
  expect(sessions.at(-1)).toMatch(/x-hasura-role +editor/);
}, 20_000);

it('config custom takes the claim that has session variables already', async () => {
  const claims = { 'x-hasura-default-role': 'user', 'x-hasura-allowed-roles': ['user'] };
  const { results, shown, exitCode } = await onTerminal(
    ['config', 'custom'],
    [
      ...keys,
      {
        waitFor: 'Sample token of the provider',
        type: sample({ 'https://a.example': claims }) + enter,
      },
    ],
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(results)).toMatchObject({ claims_namespace: 'https://a.example' });
  expect(shown).toContain('its default role is "user"');
}, 20_000);

it('config asks for the provider and for what is missing', async () => {
  const { results, exitCode } = await onTerminal(
    ['config'],
    [
      { waitFor: 'Which identity provider?', type: enter },
      { waitFor: 'Domain', type: `my-tenant.eu.auth0.com${enter}` },
      { waitFor: 'Audience', type: `my-api${enter}` },
    ],
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(results)).toMatchObject({
    issuer: 'https://my-tenant.eu.auth0.com/',
    audience: 'my-api',
  });
}, 20_000);

it('Ctrl-C at a question writes nothing, and ends with exit code 2', async () => {
  const { results, shown, exitCode } = await onTerminal(
    ['config', 'firebase'],
    [{ waitFor: 'Project id', type: '\u0003' }],
  );
  expect({ results, exitCode }).toEqual({ results: '', exitCode: 2 });
  expect(shown).toContain('error: cancelled; nothing was written');
}, 20_000);
