import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createTestIssuer, type TestIssuer } from '@hasura-auth/testing';
import { SignJWT } from 'jose';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { serve, serveInspector, type TestServer } from './inspector-server.js';

const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));
const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const key = 'a-shared-secret-of-at-least-32-bytes';

jest.setTimeout(30_000);

/** What is read of axe's report. */
interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

let browser: Browser;
let issuer: TestIssuer;
let server: TestServer;
/** The key set of the issuer at an address of its own. */
let provider: TestServer | undefined;
let context: BrowserContext;
let page: Page;
/** What the page requested, and what it complained of. */
let requested: { readonly url: string; readonly body: string }[];
let complaints: string[];

async function open(path = '/'): Promise<void> {
  await page.goto(`${server.origin}${path}`);
  await page.locator('#provider option').first().waitFor({ state: 'attached' });
}

async function explain(request: string, configuration?: string): Promise<void> {
  await page.getByLabel('Request', { exact: true }).fill(request);
  if (configuration !== undefined) {
    await page.getByLabel('Another one').check();
    await page.getByLabel('Another configuration').fill(configuration);
  }
  const answered = page.waitForResponse(/\/api\/explain$/);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await answered;
}

const verdict = (): ReturnType<Page['locator']> => page.locator('#verdict');
const difference = (): ReturnType<Page['locator']> => page.locator('.difference');

/** Makes a development token on the page, and explains it. */
async function explainDevelopmentToken(): Promise<void> {
  await page.getByRole('tab', { name: 'Tokens' }).click();
  await page.getByRole('button', { name: 'Make a token' }).click();
  // What an earlier request came to stays until the answer is there.
  await verdict().evaluate((before: Element) => {
    for (const child of before.children) child.setAttribute('data-before', '');
  });
  await page.getByRole('button', { name: 'Explain it' }).click();
  await verdict().locator(':scope > :not([data-before])').first().waitFor();
  await verdict()
    .getByRole('heading', { name: /Accepted|Refused/ })
    .waitFor();
}

const inBrowser =
  executablePath === undefined
    ? (title: string, run: () => void) => {
        describe.skip(`${title} (skipped: Chromium is not installed)`, run);
      }
    : describe;

inBrowser('the page in Chromium', () => {
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [], // Chromium's sandbox does not run as root
    });
    issuer = await createTestIssuer();
    server = await serveInspector({ issuer });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await provider?.close();
  });

  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce', // colours are looked at, which a transition would mix
    });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    requested = [];
    complaints = [];
    page.on('request', (request) =>
      requested.push({ url: request.url(), body: request.postData() ?? '' }),
    );
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await open();
  });
  afterEach(async () => {
    await context.close();
    expect(
      complaints.filter((text) => !/the server responded with a status of 4/.test(text)),
    ).toEqual([]);
  });

  test('the token of Hasura’s tutorial, which has no Hasura claims, is explained by what to add and where', async () => {
    const token = await new SignJWT({ sub: 'auth0|ada', nickname: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(Buffer.from(key));
    await explain(`Authorization: Bearer ${token}`, JSON.stringify({ type: 'HS256', key }));
    await expect(verdict().getByRole('heading').innerText()).resolves.toBe(
      "Refused: claims key: 'https://hasura.io/jwt/claims' not found",
    );
    const text = await verdict().innerText();
    expect(text).toMatch(/Hasura claims are not found in it/);
    expect(text).toMatch(
      /What to change: At the identity provider, add the claim "https:\/\/hasura\.io\/jwt\/claims".*x-hasura-allowed-roles.*to the token/s,
    );
    expect(text).toMatch(/HTTP status\s+401/);
    const decoded = await page.locator('#decoded').innerText();
    expect(decoded).toMatch(/✓ verified/);
    expect(decoded).toMatch(/"nickname": "ada"/);
    expect(await page.locator('.timeline > li.refused h3').innerText()).toBe('Claims');
    expect(await page.locator('#details').innerText()).toMatch(/HTTP\/1\.1 401/);
  });

  test('adding the claims on the page shows the session that they would give', async () => {
    const token = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(key));
    await explain(token, JSON.stringify({ type: 'HS256', key }));
    const claims = { 'x-hasura-default-role': 'user', 'x-hasura-allowed-roles': ['user'] };
    await page
      .getByLabel('Claims of the token')
      .fill(JSON.stringify({ sub: 'ada', 'https://hasura.io/jwt/claims': claims }));
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await difference().getByRole('heading', { name: 'Accepted with the role user' }).waitFor();
    const text = await difference().innerText();
    expect(text).toMatch(/Signed with the shared secret/);
    expect(text).toMatch(/outcome\s+refused\s+accepted\s+changed/);
    expect(text).toMatch(/x-hasura-role\s+–\s+user\s+added/);
  });

  test('edited claims of a provider’s token are marked as verified by nobody', async () => {
    const configuration = JSON.stringify({ jwk_url: 'http://127.0.0.1:1/keys' });
    await explain(
      await issuer.token({ claims: { iss: 'https://provider.example/' } }),
      configuration,
    );
    const field = page.getByLabel('Claims of the token');
    await field.fill((await field.inputValue()).replaceAll('"user"', '"owner"'));
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await difference().getByRole('heading', { name: 'Accepted with the role owner' }).waitFor();
    expect(await difference().innerText()).toMatch(
      /Not verified: the edited claims have no signature/,
    );
    expect(await difference().locator('.assumed').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Copy the new token' }).count()).toBe(0);
  });

  test('a change of the role shows the session before and after', async () => {
    await explainDevelopmentToken();
    await page.getByLabel('Requested role (x-hasura-role)').fill('editor');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await difference().getByRole('heading', { name: 'Accepted with the role editor' }).waitFor();
    expect(await difference().innerText()).toMatch(/x-hasura-role\s+user\s+editor\s+changed/);
    await page.getByLabel('Requested role (x-hasura-role)').fill('owner');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await difference()
      .getByRole('heading', { name: /^Refused/ })
      .waitFor();
    expect(await difference().innerText()).toMatch(/x-hasura-role\s+user\s+–\s+removed/);
  });

  test('after a rotation of the issuer’s key an older token is refused and a new one accepted', async () => {
    await explainDevelopmentToken();
    expect(await verdict().innerText()).toMatch(/^Accepted with the role user/);
    const older = await page.getByLabel('Request', { exact: true }).inputValue();
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Rotate the key' }).click();
    await page.getByText('The key was replaced').waitFor();
    await explainDevelopmentToken();
    await verdict().getByText('Accepted with the role user').waitFor();
    await explain(older);
    await verdict().getByText('Refused').waitFor();
  });

  test('a generated configuration explains requests at once, and pasted back in another form', async () => {
    provider = await serve((req, res) => {
      if (req.url !== '/api/auth/jwks') return void res.writeHead(404).end();
      issuer
        .fetch(`${issuer.issuer}/.well-known/jwks.json`, {
          method: 'GET',
          headers: {},
          redirect: 'manual',
          signal: AbortSignal.timeout(5000),
        })
        .then((keys) => keys.text())
        .then(
          (text) => res.end(text),
          () => res.destroy(),
        );
    }, '');
    await page.getByRole('tab', { name: 'Configure' }).click();
    await page.getByLabel('Provider').selectOption('better-auth');
    await page.getByLabel('Address of the app').fill(provider.origin);
    await page.getByText('Optional', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Issuer' }).fill(issuer.issuer);
    await page.getByLabel('Audience').fill('test-api');
    await page.getByLabel('Form').selectOption('env');
    await page.getByRole('button', { name: 'Generate' }).click();
    const line = await page.getByRole('region', { name: 'Generated configuration' }).innerText();
    expect(line).toMatch(/^HASURA_GRAPHQL_JWT_SECRET=/);
    await page.getByRole('button', { name: 'Explain a request with it' }).click();

    const token = await issuer.signAs('editor');
    await explain(token);
    await verdict().getByText('Accepted with the role editor').waitFor();
    expect(await page.locator('.timeline').innerText()).toContain(
      `${provider.origin}/api/auth/jwks`,
    );

    const lines = `HASURA_GRAPHQL_ADMIN_SECRET=a-long-random-admin-secret\n${line}`;
    await explain(`Authorization: Bearer ${token}\nx-hasura-role: owner`, lines);
    await verdict().getByText('Refused: Your requested role is not in allowed roles').waitFor();
  });

  test('a mistake is said in one sentence, and the older answer is gone', async () => {
    await explainDevelopmentToken();
    await explain("curl -H 'Authorization: Bearer");
    const alert = page.locator('#question-error');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/^[^\n]+\.$/);
    expect(await verdict().innerText()).toMatch(/^Why is this request/);
    expect(await page.locator('#details, #change').allInnerTexts()).toEqual(['', '']);
    await page.getByRole('button', { name: 'an expired token' }).click();
    await verdict().getByText('Refused: Could not verify JWT: JWTExpired').waitFor();
  });

  test('a request in the fragment of the address is explained and taken out of the address', async () => {
    const request = `Authorization: Bearer ${await issuer.signAs('editor')}`;
    await page.goto('about:blank');
    await open(`/#${new URLSearchParams({ request }).toString()}`);
    await verdict().getByText('Accepted with the role editor').waitFor();
    expect(page.url()).toBe(`${server.origin}/`);
    expect(await page.getByLabel('Request', { exact: true }).inputValue()).toBe(request);
  });

  test('what is pasted goes to the page’s own server only, in bodies, and is not kept by the browser', async () => {
    const marked = await issuer.token({ role: 'marked' });
    await explain(marked);
    await verdict().getByText('Accepted with the role marked').waitFor();
    await page.reload();
    expect(requested.length).toBeGreaterThan(10);
    for (const { url } of requested) {
      expect(url.startsWith(`${server.origin}/`)).toBe(true);
      expect(url).not.toContain('eyJ');
    }
    expect(requested.filter(({ body }) => body.includes(marked))).toHaveLength(1);
    expect(
      await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])'),
    ).toBe('[{},{},""]');
  });

  test('markup in a token or a configuration stays text', async () => {
    const markup = '<img src=x onerror=alert(1)>';
    await explain(await issuer.token({ role: markup, claims: { [markup]: markup } }));
    await verdict().getByText(`Accepted with the role ${markup}`).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  });

  test('every tool is reached by keyboard alone', async () => {
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').getAttribute('id')).toBe('view-configure');
    await page.keyboard.press('End');
    expect(await page.locator(':focus').innerText()).toBe('Tokens');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator(':focus').innerText()).toBe('Explain');
    await page.getByLabel('Request', { exact: true }).focus();
    await page.keyboard.type(await issuer.signAs('user'));
    await page.keyboard.press('Control+Enter');
    await verdict().getByText('Accepted with the role user').waitFor();
  });

  test('the theme is chosen by the system, or by its button and kept', async () => {
    const background = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).waitFor();
    expect(await background()).toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe(dark);
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each([1280, 390])(
      'at %d pixels axe finds nothing serious, and nothing is cut off',
      async (width) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(axe);
        const look = async (view: string): Promise<void> => {
          // The other types of results take time, and nothing here reads them.
          const found = await page.evaluate<Findings>("axe.run({ resultTypes: ['violations'] })");
          const serious = found.violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => [view, id, ...nodes.slice(0, 3).map(({ html }) => html)]);
          expect(serious).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        };
        await look('empty');
        await page.getByRole('button', { name: 'a token without Hasura claims' }).click();
        await verdict().getByText('Refused').waitFor();
        await look('refused');
        await page.getByRole('tab', { name: 'Configure' }).click();
        await look('configure');
        await explainDevelopmentToken();
        await page.getByLabel('Requested role (x-hasura-role)').fill('editor');
        await page.getByRole('button', { name: 'Show the difference' }).click();
        await difference().getByRole('heading').waitFor();
        await look('accepted');
        await page.getByRole('tab', { name: 'Tokens' }).click();
        await look('tokens');
      },
    );
  });
});
