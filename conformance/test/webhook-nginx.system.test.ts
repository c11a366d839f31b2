import { readFileSync } from 'node:fs';
import { createAuthenticator } from '@hasura-auth/core';
import {
  hmacKey,
  hmacToken,
  startLoopbackServer,
  type LoopbackServer,
  sendRequest,
  type ReceivedAnswer,
  keptLog,
} from '@hasura-auth/testkit';

import { hookFrameworks } from '../src/hook-apps.js';

import { findNginx, startNginx, type RunningNginx } from '../src/nginx.js';

import type { RunningApp } from '../src/running-app.js';

const nginx = findNginx();
const mustRun = process.env['CI'] === 'true';

/** The configuration that the documentation shows, with the addresses of this run. */
function documented(addresses: Readonly<Record<string, string>>): string {
  const manual = readFileSync(new URL('../../docs/webhook.md', import.meta.url), 'utf8');
  const [, block = ''] = /^```nginx\n([^]*?)^```$/m.exec(manual) ?? [];
  return Object.entries(addresses).reduce((text, [shown, actual]) => {
    if (!text.includes(shown)) throw new Error(`docs/webhook.md does not speak of ${shown}`);
    return text.replaceAll(shown, actual);
  }, block);
}

const hostOf = (url: string): string => new URL(url).host;

if (nginx === undefined) {
  const title = 'nginx asks our endpoint (nginx with auth_request is not installed)';
  if (mustRun)
    it(title, () => {
      throw new Error('in CI this may not be skipped; install nginx');
    });
  else it.skip(title, () => undefined);
} else {
  describe.each(hookFrameworks)('nginx asks authHookHandler on $name', ({ hook }) => {
    const jwtMode = {
      adminSecret: 'the right admin secret',
      jwtSecret: { type: 'HS256', key: hmacKey },
    } as const;
    let endpoint: RunningApp;
    let engineHook: RunningApp;
    let upstream: LoopbackServer;
    let gateway: RunningNginx;
    let authorization: string;

    beforeAll(async () => {
      authorization = `Bearer ${await hmacToken(['user', 'editor'])}`;
      endpoint = await hook({ ...jwtMode, answer: 'headers' });
      engineHook = await hook(jwtMode);
      upstream = await startLoopbackServer(() => ({ body: 'the application' }));
      gateway = await startNginx(nginx, (address) => {
        const guarded = documented({
          '127.0.0.1:8080': address,
          '127.0.0.1:3000': hostOf(endpoint.url),
          '127.0.0.1:4000': hostOf(upstream.url),
        });
        // one more place, behind the same check: an auth hook for an engine
        const place = `location = /hook { auth_request /auth; proxy_pass ${engineHook.url}; }`;
        return guarded.replace(/\}\s*$/, `${place}\n}`);
      });
    });
    afterAll(() =>
      Promise.all([gateway.close(), upstream.close(), endpoint.close(), engineHook.close()]),
    );

    const send = (headers: Record<string, string>): Promise<ReceivedAnswer> =>
      sendRequest(gateway.url, {
        method: 'POST',
        path: '/graphql?a=1',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ a }"}',
      });

    it('a token becomes the headers that the application sees, and its own are gone', async () => {
      const before = upstream.requests.length;
      const answer = await send({
        authorization,
        'x-hasura-role': 'editor',
        'x-hasura-user-id': 'forged',
      });
      expect(answer).toMatchObject({ status: 200, body: 'the application' });
      const [seen] = upstream.requests.slice(before);
      expect(seen).toMatchObject({
        method: 'POST',
        url: '/graphql?a=1',
        body: '{"query":"{ a }"}',
      });
      expect(seen?.headers).toMatchObject({ 'x-hasura-role': 'editor', 'x-hasura-user-id': '7' });
    });

    it('a session variable that is not there is no header, whatever the client sent', async () => {
      const before = upstream.requests.length;
      await send({ 'x-hasura-admin-secret': 'the right admin secret' });
      const [seen] = upstream.requests.slice(before);
      expect(seen?.headers['x-hasura-role']).toBe('admin');
      expect(seen?.headers).not.toHaveProperty('x-hasura-user-id');
      expect(seen?.headers).not.toHaveProperty('x-hasura-admin-secret');
    });

    it.each([
      ['no token', {}, 401],
      ['a forged one', { authorization: 'Bearer forged' }, 401],
      ['a wrong secret', { 'x-hasura-admin-secret': 'wrong' }, 401],
    ])('%s does not pass', async (_name, headers, status) => {
      const before = upstream.requests.length;
      const answer = await send(headers);
      expect(answer.status).toBe(status);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(upstream.requests).toHaveLength(before);
    });

    it('a role that the token does not allow is forbidden', async () => {
      const before = upstream.requests.length;
      expect((await send({ authorization, 'x-hasura-role': 'admin' })).status).toBe(403);
      expect(upstream.requests).toHaveLength(before);
    });

    it('an app of ours has its auth hook behind this nginx', async () => {
      const log = keptLog();
      const { authenticate } = createAuthenticator({
        adminSecret: false,
        authHook: `${gateway.url}/hook`,
        logger: log.logger,
      });
      const role = 'editor';
      await expect(
        authenticate({ headers: { authorization, 'x-hasura-role': role } }),
      ).resolves.toMatchObject({
        role,
        method: 'webhook',
        sessionVariables: { 'x-hasura-user-id': '7' },
      });
      await expect(authenticate({ headers: {} })).rejects.toMatchObject({
        kind: 'hook-unauthorized',
      });
      await expect(
        authenticate({ headers: { authorization, 'x-hasura-role': 'admin' } }),
      ).rejects.toMatchObject({ kind: 'hook-invalid-response' });
      expect(log.lines.join()).toContain('it answered 403 (text/html)');
    });
  });
}
