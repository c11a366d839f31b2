import { presets } from '@hasura-auth/core';
import { runCommand } from './run.js';

it('config firebase prints exactly what the preset gives', async () => {
  const args = ['config', 'firebase', '--project', 'my-app-1234'];
  const { stdout, stderr, exitCode } = await runCommand(args);
  expect(JSON.parse(stdout)).toEqual(presets.firebase({ projectId: 'my-app-1234' }));
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});

it('a missing answer is one sentence with the name of its flag, and exit code 2', async () => {
  expect(await runCommand(['config', 'auth0', '--domain', 'my-tenant.eu.auth0.com'])).toEqual({
    stdout: '',
    stderr: 'error: --audience is missing: Audience, the identifier of the API in Auth0\n',
    exitCode: 2,
  });
});

it('a wrong answer is one sentence with the name of its flag, and exit code 2', async () => {
  expect(await runCommand(['config', 'firebase', '--project', 'https://x'])).toEqual({
    stdout: '',
    stderr: 'error: --project: expected a project id such as my-app-1234\n',
    exitCode: 2,
  });
});

it('the help of each command has examples', async () => {
  const { stdout, exitCode } = await runCommand(['config', '--help']);
  expect(stdout).toContain('Examples:\n  hasura-auth config firebase');
  expect(exitCode).toBe(0);
});

it('an unknown flag is refused without its value, which may be a secret', async () => {
  expect(await runCommand(['config', 'firebase', '--secret=MARKED'])).toEqual({
    stdout: '',
    stderr: "error: unknown option '--secret=…'\n",
    exitCode: 2,
  });
});

it('one audience is text and several are a list, as the preset takes them', async () => {
  const auth0 = ['config', 'auth0', '--domain', 'my-tenant.eu.auth0.com', '--audience', 'a'];
  const one = await runCommand(auth0);
  const two = await runCommand([...auth0, '--audience', 'b']);
  const domain = 'my-tenant.eu.auth0.com';
  expect(JSON.parse(one.stdout)).toEqual(presets.auth0({ domain, audience: 'a' }));
  expect(JSON.parse(two.stdout)).toEqual(presets.auth0({ domain, audience: ['a', 'b'] }));
});
