import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { runCommand, type Given, type Ran } from './run.js';

const cwd = mkdtempSync(join(tmpdir(), 'hasura-auth-'));
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const key = 'kE8vQ2mZr7Lx9DbWcYp4NsHf6JdUg3Aa';
const env = {
  HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: 'HS256', key }),
  HASURA_GRAPHQL_DISABLE_ADMIN_SECRET: 'true',
};

/** Bytes of any kind, and texts that come near to what is expected. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
  fc
    .tuple(
      fc.constantFrom(
        'curl ',
        'Authorization: Bearer ',
        '{"type":"HS256","key":',
        'HASURA_GRAPHQL_JWT_SECRET=',
        'services:\n  graphql-engine:\n    environment: ',
        'kind: Secret\nstringData: ',
        '-----BEGIN CERTIFICATE-----\n',
        'export A=',
        '[',
        'eyJhbGciOiJIUzI1NiJ9.',
      ),
      fc.string({ unit: fc.constantFrom(...'{}[]"\'\\$&*!|>:-=,. \n\t\0aA0_é😀'), maxLength: 60 }),
    )
    .map((parts) => Buffer.from(parts.join(''))),
);

/** A failed command writes one line to standard error and nothing else; no command writes a stack. */
function expectASentence({ stdout, stderr, exitCode }: Ran): void {
  expect([0, 1, 2]).toContain(exitCode);
  expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(stderr).not.toContain('a mistake of hasura-auth itself');
  if (exitCode !== 2) return;
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
}

async function expectSentences(
  args: readonly string[],
  given: (input: Buffer) => Given,
): Promise<void> {
  const property = fc.asyncProperty(bytes, async (input) => {
    expectASentence(await runCommand(args, { cwd, env: {}, ...given(input) }));
  });
  await fc.assert(property, { numRuns: 150 });
}

/** Writes the bytes to the one file that the command reads. */
function file(input: Buffer): Given {
  writeFileSync(join(cwd, 'input'), input);
  return {};
}

describe('any bytes give one sentence and an exit code, never a stack', () => {
  it.each([['explain'], ['webhook', '--url', 'https://auth.example.com/', '-']])(
    'as standard input of %s',
    async (...args) => {
      await expectSentences(args, (stdin) => ({ stdin, env }));
    },
  );

  it.each([
    ['explain', '--config', 'input', 'x-hasura-role: user'],
    ['explain', '--env', 'input', 'x-hasura-role: user'],
    ['explain', '--compose', 'input', 'x-hasura-role: user'],
    ['check', '--config', 'input', '--offline'],
    ['check', '--env', 'input', '--offline'],
    ['check', '--compose', 'input', '--offline'],
    ['config', 'firebase', '--project', 'my-app-1234', '--pem', 'input'],
    ['config', 'custom', '--secret', 'input'],
    ['config', 'custom', '--jwk-url', 'https://issuer.example/keys', '--sample', 'input'],
    ['token', '--key-file', 'input'],
  ])('as the file of %s %s %s %s', async (...args) => {
    await expectSentences(args, file);
  });

  it('as an argument', async () => {
    const words = fc.string({ unit: 'binary', maxLength: 100 });
    const property = fc.asyncProperty(
      fc.constantFrom('explain', 'check', 'config', 'token', 'webhook', ''),
      words,
      async (command, word) => {
        if (/^-?$|^-h|^--h/.test(word)) return; // standard input, and the help
        expectASentence(await runCommand([command, word].filter(Boolean), { cwd, env }));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

it.each([
  ['--allow', '--set', 'nothing'],
  ['--expires-in', 'soon'],
  ['--claims', 'MARKED'],
  ['--set', 'user-id=MARKED'],
  ['--key-env', 'ABSENT'],
  ['--key-file', 'a', '--key-stdin'],
  ['--alg', 'RS256'],
  ['--env', 'a', '--config', 'b'],
  ['--service', 'a'],
])('a wrong flag of token is named in one sentence, without its value: %s %s', async (...flags) => {
  const ran = await runCommand(['token', ...flags], { cwd, env });
  expect(ran.exitCode).toBe(2);
  expectASentence(ran);
  expect(ran.stderr).not.toContain('MARKED');
});

it('what is larger than 1 MiB is refused, in a file and on standard input', async () => {
  file(Buffer.alloc(1_048_577, 'a'));
  for (const [args, given] of [
    [['check', '--env', 'input'], {}],
    [['explain'], { stdin: Buffer.alloc(3_000_000, 'a'), env }],
  ] as const) {
    const ran = await runCommand(args, { cwd, ...given });
    expectASentence(ran);
    expect(ran.stderr).toContain('is larger than 1 MiB');
  }
});

it('a folder and an absent file are named, with the reason', async () => {
  const folder = await runCommand(['check', '--config', '.'], { cwd });
  expect(folder).toEqual({
    stdout: '',
    stderr: 'error: . cannot be read: it is a folder\n',
    exitCode: 2,
  });
});

it('a token cannot write to the terminal of its reader', async () => {
  const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${b64({ alg: 'HS256' })}.${b64({ name: '\u001b]0;title\u0007\u009b2J\u202e', sub: 'a' })}.AAAA`;
  const ran = await runCommand(['explain', token], { cwd, env });
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain('"name"');
  expect(ran.stdout).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  const json = await runCommand(['explain', token, '--json'], { cwd, env });
  expect(json.stdout).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
});

it('the output is in colour on a terminal, and not if NO_COLOR is set', async () => {
  const args = ['explain', 'x-hasura-role: user'];
  const coloured = (more: object) => runCommand(args, { cwd, env: { ...env, ...more } });
  expect((await coloured({ FORCE_COLOR: '1' })).stdout).toContain('\u001b[31mrefused\u001b[39m');
  expect((await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\u001b');
  expect((await coloured({})).stdout).not.toContain('\u001b');
});
