import { existsSync, readdirSync, readFileSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { createAuthenticator, optionsFromEnv } from '@hasura-auth/core';
import ts from 'typescript';
import { codeBlocks, documents, top, type CodeBlock } from './code-blocks.js';

const blocks = documents().flatMap(codeBlocks);
const ofLanguage = (...languages: string[]): CodeBlock[] =>
  blocks.filter(({ language }) => languages.includes(language));

describe('the code in the documents', () => {
  const folder = join(top, 'docs', '.code-blocks', 'compiled');

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('every block has a language that a test checks', () => {
    const checked = ['ts', 'js', 'json', 'dotenv', 'yaml', 'sql', 'sh', 'nginx', 'text'];
    expect(blocks.filter(({ language }) => !checked.includes(language))).toEqual([]);
  });

  it('every TypeScript block compiles', () => {
    const files = ofLanguage('ts').map(({ code }, index) => {
      const file = join(folder, `block-${String(index)}.ts`);
      writeFileSync(file, code);
      return file;
    });
    const config = ts.readConfigFile(join(top, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, top);
    const program = ts.createProgram(files, { ...options, noEmit: true });
    // Of the blocks alone: `pnpm typecheck` checks what they import.
    const problems = files.flatMap((file, index) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(
          ({ messageText }) =>
            `${ofLanguage('ts')[index]?.place ?? file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
        ),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(problems).toEqual([]);
  }, 60_000);

  it.each(ofLanguage('json'))('$place is JSON', ({ code }) => {
    expect(JSON.parse(code)).toBeInstanceOf(Object);
  });

  it.each(ofLanguage('dotenv'))('an app starts with the variables of $place', ({ code }) => {
    expect(() => createAuthenticator(optionsFromEnv(parseEnv(code)))).not.toThrow();
  });

  it.each(ofLanguage('js'))('$place is JavaScript', ({ code }) => {
    const { diagnostics } = ts.transpileModule(code, { reportDiagnostics: true });
    expect(diagnostics).toEqual([]);
  });
});

describe('the language of the documents', () => {
  // Words that hide who acts, and metaphors: a reader searches for the client, the token, the cache.
  const avoided =
    /\b(?:told|tells|whoever|nobody|anybody|somebody|strangers?|doorkeeper|patience)\b/i;

  it.each(documents().map((document) => relative(top, document)))(
    '%s names the actor and uses no metaphors',
    (name) => {
      const lines = readFileSync(join(top, name), 'utf8').split('\n');
      expect(lines.filter((line) => avoided.test(line))).toEqual([]);
    },
  );
});

describe('the language of the code', () => {
  // This file names the words itself.
  const files = ['packages', 'conformance', 'testkit', 'bench', 'fuzz', 'examples', 'docs']
    .flatMap((folder) => [folder, ...readdirSync(join(top, folder)).map((at) => `${folder}/${at}`)])
    // Beside these two, other tests keep files for a moment only.
    .flatMap((folder) => [`${folder}/src`, `${folder}/test`])
    .filter((folder) => existsSync(join(top, folder)))
    .flatMap((folder) =>
      readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .filter(
      (path) => path.endsWith('.ts') && !/\/(?:node_modules|dist)\/|documents\.test/.test(path),
    );

  it('no name, comment or title says told or tells', () => {
    expect(files.length).toBeGreaterThan(400);
    const avoided = /(?<![a-z])told(?![a-z])|Told(?![a-z])|\btells\b/;
    const found = files.filter((path) =>
      avoided.test(path + readFileSync(join(top, path), 'utf8')),
    );
    expect(found).toEqual([]);
  });
});

describe('the links in the documents', () => {
  const links = documents().flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)/g)].map(
      ([, target = '', anchor]) => ({
        document,
        target,
        anchor,
        title: `${relative(top, document)} → ${target}`,
      }),
    ),
  );

  it.each(links)('$title exists', ({ document, target, anchor }) => {
    const file = join(dirname(document), target);
    expect(existsSync(file)).toBe(true);
    if (anchor === undefined) return;
    const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
    );
    expect(headings).toContain(anchor);
  });
});

describe('the README of a package', () => {
  it.each(readdirSync(join(top, 'packages')))(
    'that of %s can be read alone: an installation line, and no links to files beside it',
    (name) => {
      const text = readFileSync(join(top, 'packages', name, 'README.md'), 'utf8');
      expect(text).toMatch(new RegExp(`^npm install (?:--save-dev )?@hasura-auth/${name}\\b`, 'm'));
      expect(text.match(/\]\((?!https:)[^)]*\)/g)).toBeNull();
    },
  );
});

describe('the tables in the documents', () => {
  const source = (path: string): string =>
    readFileSync(join(top, 'packages/core/src', path), 'utf8');

  it('docs/configuration.md names every option', () => {
    const types = source('config/options.ts') + source('webhook/options.ts');
    const options = [...types.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name);
    const text = readFileSync(join(top, 'docs/configuration.md'), 'utf8');
    expect(options.length).toBeGreaterThan(30);
    expect(
      options.filter(
        (name) => !new RegExp(`\\b${name}\\b`).test(text) && name !== 'path' && name !== 'default',
      ),
    ).toEqual([]);
  });

  it('docs/errors.md lists every error with its code and message', () => {
    const rows = [
      ...source('refusals.ts').matchAll(
        /^ {2}'([\w-]+)': \{\n {4}code: '([\w-]+)',\n {4}message:\s+(["'])(.*?)\3,?/gm,
      ),
    ];
    const text = readFileSync(join(top, 'docs/errors.md'), 'utf8');
    expect(rows.length).toBeGreaterThan(14);
    for (const [, kind = '', code = '', , message = ''] of rows) {
      expect(text).toMatch(new RegExp(`^\\| \`${kind}\`\\s+\\| \`${code}\`\\s+\\|`, 'm'));
      expect(text).toContain(message.split('. ', 1)[0]);
    }
  });
});
