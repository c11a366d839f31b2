import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { presets, type JwtSecret } from '@hasura-auth/core';
import { forms, readConfiguration } from '@hasura-auth/inspector/reading';
import { testKey } from '@hasura-auth/testkit';
import { parse as parseDotenv } from 'dotenv';
import ts from 'typescript';
import { parse as parseYaml } from 'yaml';

const top = join(__dirname, '../../..');

/** Configurations with every character that a shell, a file format or JSON gives a meaning. */
const secrets: readonly JwtSecret[] = [
  presets.firebase({ projectId: 'my-app-1234' }),
  { type: 'RS512', key: testKey('rsa').x509, audience: ['a', 'b'], allowed_skew: 0.5 },
  {
    jwk_url: 'https://issuer.example/keys',
    audience: `it's "quoted" $HOME \${HOME} $$ \`id\` \\n \\ % ! # : {{ }} ü 😀 \u2028`,
    claims_map: {
      'x-hasura-allowed-roles': { path: '$.roles' },
      'x-hasura-default-role': { path: `$["it's"]`, default: 'user' },
    },
  },
];
const variable = 'HASURA_GRAPHQL_JWT_SECRET';

function printed(form: string, secret: JwtSecret): string {
  const found = forms.find(({ name }) => name === form);
  if (found === undefined) throw new Error(`there is no form ${form}`);
  return found.print(secret);
}

describe.each(secrets.map((secret, index) => [index, secret] as const))(
  'configuration %i',
  (_index, secret) => {
    it('is JSON, and one line of it', () => {
      expect(JSON.parse(printed('json', secret))).toEqual(secret);
      const line = printed('line', secret);
      expect(JSON.parse(line)).toEqual(secret);
      expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    });

    it('is read by sh', () => {
      const program = `${printed('shell', secret)}printf %s "$${variable}"`;
      expect(JSON.parse(execFileSync('sh', ['-c', program], { encoding: 'utf8' }))).toEqual(secret);
    });

    it('is read by dotenv, by Node and by sh as a .env file', () => {
      const text = printed('env', secret);
      expect(JSON.parse(parseDotenv(text)[variable] ?? '')).toEqual(secret);
      expect(JSON.parse(parseEnv(text)[variable] ?? '')).toEqual(secret);
      const program = `${text}printf %s "$${variable}"`;
      expect(JSON.parse(execFileSync('sh', ['-c', program], { encoding: 'utf8' }))).toEqual(secret);
    });

    it('is read as the YAML of Docker Compose, with every dollar sign doubled', () => {
      const { services } = parseYaml(printed('compose', secret));
      const value: string = services['graphql-engine'].environment[variable];
      expect(value.replaceAll('$$', '')).not.toContain('$');
      expect(JSON.parse(value.replaceAll('$$', '$'))).toEqual(secret);
    });

    it('is read as the YAML of Kubernetes', () => {
      const { stringData, kind } = parseYaml(printed('kubernetes', secret));
      expect(kind).toBe('Secret');
      expect(JSON.parse(stringData[variable])).toEqual(secret);
    });

    it.each(forms.filter(({ name }) => name !== 'typescript'))(
      'is read back from the form $name',
      ({ print }) => {
        const { jwtSecret } = readConfiguration(print(secret));
        expect(typeof jwtSecret === 'string' ? JSON.parse(jwtSecret) : jwtSecret).toEqual(secret);
      },
    );
  },
);

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
(hasKubectl ? it : it.skip)(
  'kubectl reads each Secret (skipped without kubectl)',
  () => {
    for (const secret of secrets) {
      const args = ['label', '--local', '-f', '-', 'checked=yes', '-o', 'json'];
      const input = printed('kubernetes', secret);
      const { stringData } = JSON.parse(execFileSync('kubectl', args, { input, encoding: 'utf8' }));
      expect(JSON.parse(stringData[variable])).toEqual(secret);
    }
  },
  60_000,
);

describe('the TypeScript', () => {
  const folder = mkdtempSync(join(__dirname, '..', '.code-blocks-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('compiles without errors, and its value is the configuration', () => {
    const files = secrets.map((secret, index) => {
      const file = join(folder, `secret-${String(index)}.ts`);
      writeFileSync(file, printed('typescript', secret));
      return file;
    });
    const config = ts.readConfigFile(join(top, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, top);
    const program = ts.createProgram(files, { ...options, noEmit: true });
    // Of these files alone: `pnpm typecheck` checks what they import.
    const problems = files.flatMap((file) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => messageText),
    );
    expect(problems).toEqual([]);
    const values = files.map((file) => jest.requireActual<{ jwtSecret: unknown }>(file).jwtSecret);
    expect(values).toEqual(secrets);
  }, 60_000);
});
