import { createContext, runInContext } from 'node:vm';
import { page } from '../src/page.js';
import { bearer } from '../src/token-location.js';
import type { TokenSigner } from '../src/token-signer.js';

const signer = (location: TokenSigner['location']): TokenSigner => ({
  location,
  skew: 0,
  keys: [],
  sign: async () => 'a.b.c',
});

/** Runs the page's script on as much of a browser as it uses, and presses its button. */
async function made(location: TokenSigner['location']): Promise<Record<string, string>> {
  const html = page(signer(location), 'http://127.0.0.1:4001');
  const [, script = ''] = /<script>([^]*)<\/script>/.exec(html) ?? [];
  const shown: Record<string, { textContent: string; addEventListener: () => void }> = {};
  let press: (event: object) => Promise<void> = () => Promise.reject(new Error('no form'));
  const form = { addEventListener: (_: string, listener: typeof press) => (press = listener) };
  const document = {
    forms: [form],
    getElementById: (id: string) =>
      (shown[id] ??= { textContent: '', addEventListener: () => undefined }),
    querySelector: () => ({}),
  };
  const fetch = async (): Promise<Response> => new Response('a.b.c');
  class FormData extends Map {
    constructor() {
      super();
    }
  }
  runInContext(
    script,
    createContext({ document, fetch, FormData, URLSearchParams, navigator: {} }),
  );
  await press({ preventDefault: () => undefined, target: form });
  return Object.fromEntries(
    Object.entries(shown).map(([id, { textContent }]) => [id, textContent]),
  );
}

test('the page creates a token and a command that sends it', async () => {
  expect(await made(bearer)).toMatchObject({
    token: 'a.b.c',
    line: String.raw`curl -iw '\n' http://127.0.0.1:4001/me -H 'Authorization: Bearer a.b.c'`,
  });
});

test('a cookie name cannot end the script or the quotes of the command', async () => {
  expect(await made({ header: 'Cookie', prefix: `</script>'=` })).toMatchObject({
    line: String.raw`curl -iw '\n' http://127.0.0.1:4001/me -H 'Cookie: </script>'\''=a.b.c'`,
  });
});

test('the page states why the demo cannot sign a token', () => {
  expect(page('its key is <public>', '')).toContain('your configuration: its key is &lt;public>.');
});
