import { existsSync } from 'node:fs';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
import { startLoopbackServer, type LoopbackServer } from '@hasura-auth/testkit';
import axe from 'axe-core';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);
const withChromium = executablePath === undefined ? describe.skip : describe;

withChromium('the login page in Chromium (skipped if Chromium is not installed)', () => {
  let browser: Browser;
  let page: Page;
  let issuer: DevelopmentIssuer;
  let app: LoopbackServer;

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      // names of other machines lead to this one, as an attacker's own name server can make them
      args: ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'],
    });
  }, 60_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    app = await startLoopbackServer(() => ({
      headers: { 'content-type': 'text/html' },
      body: '<title>App</title>',
    }));
    issuer = await createDevelopmentIssuer({
      algorithm: 'ES256',
      users: [{ id: '7', roles: ['user', 'editor'] }],
    });
    page = await browser.newPage();
  });
  afterEach(async () => {
    await page.close();
    await issuer.close();
    await app.close();
  });

  /** Opens the login page for a client whose callback is the app; returns how the client goes on. */
  async function openLogin(): Promise<(callback: URL) => Promise<string>> {
    const config = await client.discovery(
      new URL(issuer.issuer),
      'web-app',
      undefined,
      client.None(),
      { execute: [client.allowInsecureRequests] }, // loopback has no TLS
    );
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${app.url}callback`,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    await page.goto(url.href);
    return async (callback) =>
      (await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier })).access_token;
  }

  /** What axe finds that is serious. A page without scripts is checked from outside its policy. */
  async function seriousProblems(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result } = await session.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value;
    };
    await evaluate(axe.source);
    const { violations } = JSON.parse(
      String(await evaluate('axe.run().then((found) => JSON.stringify(found))')),
    ) as axe.AxeResults;
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${String(nodes[0]?.html)}`);
  }

  it('logs a known user in with one click, and leads back to the client', async () => {
    const redeem = await openLogin();
    await page.getByRole('button', { name: 'User 7 (user, editor)' }).click();
    await page.waitForURL(`${app.url}callback?*`);
    expect(decodeJwt(await redeem(new URL(page.url())))).toMatchObject({
      sub: '7',
      'https://hasura.io/jwt/claims': { 'x-hasura-allowed-roles': ['user', 'editor'] },
    });
  });

  it('logs any user in by the keyboard alone, after a mistake that it explains', async () => {
    const redeem = await openLogin();
    await page.getByLabel('User id').focus();
    await page.keyboard.type('8');
    await page.keyboard.press('Tab');
    await page.keyboard.type('editor');
    await page.keyboard.press('Tab');
    await page.keyboard.type('x-hasura-org-id');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Enter each variable' }).waitFor();
    expect(await page.getByLabel('User id').inputValue()).toBe('8');
    await page.getByLabel('Session variables').fill('x-hasura-org-id: 3');
    await page.getByRole('button', { name: 'Log in' }).press('Enter');
    await page.waitForURL(`${app.url}callback?*`);
    expect(decodeJwt(await redeem(new URL(page.url())))).toMatchObject({
      'https://hasura.io/jwt/claims': {
        'x-hasura-user-id': '8',
        'x-hasura-default-role': 'editor',
        'x-hasura-org-id': '3',
      },
    });
  });

  it.each(['light', 'dark'] as const)(
    'and the page of the issuer have no serious problem of accessibility, in %s colours, and fit a phone',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 800 });
      await openLogin();
      expect(await seriousProblems()).toEqual([]);
      await page.goto(issuer.issuer);
      expect(await seriousProblems()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    },
    30_000,
  );

  it('and the controls cannot be reached by a page of another name, even one that resolves to this machine', async () => {
    const { port } = new URL(issuer.issuer);
    const rebound = await page.goto(`http://rebound.example:${port}/authorize`);
    expect(rebound?.status()).toBe(403);

    const evil = `http://evil.example:${new URL(app.url).port}/`;
    await page.goto(evil);
    const [posted] = await Promise.all([
      page.waitForResponse(`${issuer.issuer}/control/outage`),
      page.evaluate(
        `fetch('${issuer.issuer}/control/outage', { method: 'POST', mode: 'no-cors' }).then(() => 0, () => 0)`,
      ),
    ]);
    expect(posted.status()).toBe(403);
    const read = `fetch('${issuer.issuer}/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) }).then(() => 'read', () => 'not read')`;
    expect(await page.evaluate(read)).toBe('not read');
    expect(issuer.status().behaviour).toEqual({ kind: 'normal' });
  });

  it('gives tokens to an app in the browser at another port of this machine', async () => {
    await page.goto(app.url);
    const read = `fetch('${issuer.issuer}/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) }).then((response) => response.json())`;
    expect(await page.evaluate(read)).toHaveProperty('access_token');
  });

  it('has buttons for the controls, which show what has changed', async () => {
    await page.goto(issuer.issuer);
    await page.getByRole('button', { name: 'Play an outage' }).click();
    await page.getByText('It plays an outage').waitFor();
    expect(issuer.status().behaviour).toEqual({ kind: 'outage' });
    await page.getByRole('button', { name: 'Answer normally' }).click();
    await page.getByText('It answers normally').waitFor();
    await page.getByRole('button', { name: 'Add a new key' }).click();
    await page.getByRole('listitem').nth(1).waitFor();
  });
});
