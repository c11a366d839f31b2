import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, top } from './code-blocks.js';
import { installed } from './installed.js';
import { runBlock } from './run-block.js';

const page = readFileSync(join(top, 'docs/troubleshooting.md'), 'utf8');
const errors = readFileSync(join(top, 'docs/errors.md'), 'utf8');

/** The first cells of the table below a heading of docs/errors.md. */
function firstCells(heading: string): string[] {
  const section = errors.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^#/m)[0] ?? '';
  return [...section.matchAll(/^\| `([^\n]+?)`\s+\|/gm)].map(([, cell = '']) => cell);
}
const entries = [...page.matchAll(/^### (.+)\n([^]*?)(?=^##|$(?![^]))/gm)].map(
  ([, heading = '', text = '']) => ({ heading, text }),
);

it('every kind of error has an entry', () => {
  const named = [...page.matchAll(/^Kind: (.+)$/gm)].flatMap(([, kinds = '']) =>
    [...kinds.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind),
  );
  expect(firstCells('All errors').length).toBeGreaterThan(20);
  expect(named.sort()).toEqual(firstCells('All errors').sort());
});

it.each(['Why a token is rejected', 'Why claims are rejected'])(
  'every message below "%s" has an entry',
  (heading) => {
    const messages = firstCells(heading);
    const headings = entries.map((entry) => entry.heading);
    expect(messages.length).toBeGreaterThan(8);
    expect(messages.filter((message) => !headings.includes(`\`${message}\``))).toEqual([]);
  },
);

it('every fixed message of a kind is the heading of its entry', () => {
  const fixed = [...errors.matchAll(/^\| `[\w-]+`\s+\| `[\w-]+`\s+\| `([^`]+)`\s+\| \d/gm)].map(
    ([, message = '']) => message,
  );
  const headings = entries.map(({ heading }) => heading);
  expect(fixed.length).toBeGreaterThan(12);
  expect(fixed.filter((message) => !headings.includes(`\`${message}\``))).toEqual([]);
});

it.each(entries)('$heading has a cause and what to do', ({ text }) => {
  expect(text).toMatch(/^- \*\*Cause\*\*: ./m);
  expect(text).toMatch(/^- \*\*What to do\*\*: ./m);
});

const pageBlocks = codeBlocks(join(top, 'docs/troubleshooting.md'));

it('the example of explain prints what the page shows, for a token without Hasura claims', async () => {
  const key = 'k'.repeat(32);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256' })}.${part({ sub: 'ada', email: 'ada@example.com' })}`;
  const token = `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  const modules = installed({
    HASURA_GRAPHQL_ADMIN_SECRET: 'a-long-random-admin-secret',
    HASURA_GRAPHQL_JWT_SECRET: JSON.stringify({ type: 'HS256', key }),
  });
  const lines: string[][] = [];
  const console = { log: (...texts: string[]) => lines.push(texts) };
  const example = pageBlocks.filter(({ note }) => note === 'explain');
  for (const block of example) {
    const { why } = runBlock(block, modules, { console });
    await (why as (token: string) => Promise<void>)(token);
  }
  const shown = pageBlocks.find(({ language }) => language === 'text');
  expect(lines[0]).toEqual(shown?.code.trim().split('\n'));
  expect(lines.at(-1)).toEqual([
    'claims',
    'the claim "https://hasura.io/jwt/claims"',
    "claims key: 'https://hasura.io/jwt/claims' not found",
  ]);
});

it('the command of the page prints what is in a token', () => {
  const command = pageBlocks.find(({ language }) => language === 'sh');
  const payload = { sub: 'ada', name: 'Ada ÿ' };
  const part = Buffer.from(JSON.stringify(payload)).toString('base64url');
  const env = { PATH: process.env['PATH'], TOKEN: `e30.${part}.c2ln` };
  const printed = execFileSync('bash', ['-c', command?.code ?? ''], { env, encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual(payload);
});
