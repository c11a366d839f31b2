import type { TokenSigner } from './token-signer.js';

/** The issuer's page: a form, the token, and a curl command that sends it to `api`. */
export function page(signer: TokenSigner | string, api: string): string {
  return typeof signer === 'string' ? frame(cannotSign(signer)) : frame(form(signer, api));
}

function frame(main: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Development issuer</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
  label { display: block; margin: .5rem 0 }
  input { font: inherit; width: 100%; box-sizing: border-box }
  output { display: block; font-family: monospace; overflow-wrap: anywhere; background: #8882; padding: .5rem; margin: .5rem 0 }
</style>
<h1>Development issuer</h1>
${main}
</html>
`;
}

function cannotSign(reason: string): string {
  return `<p>The demo cannot sign a token for your configuration: ${escaped(reason)}.</p>`;
}

function form({ location }: TokenSigner, api: string): string {
  return `<p>Signs a test token for any user and role. For development only.</p>
<form>
  <label>User id <input name="user" value="1" required></label>
  <label>Default role <input name="role" value="user" required></label>
  <label>Allowed roles <input name="roles" value="user,editor" required></label>
  <label>Expires in seconds <input name="expires" type="number" value="3600" required></label>
  <button>Create token</button>
</form>
<section hidden>
  <h2>Token</h2>
  <output id="token"></output>
  <h2>Command</h2>
  <output id="line"></output>
  <button id="copy">Copy</button>
</section>
<script>
  const { api, header, prefix } = ${JSON.stringify({ api, ...location }).replaceAll('<', '\\u003c')};
  const show = (id, text) => { document.getElementById(id).textContent = text };
  document.forms[0].addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('/token?' + new URLSearchParams(new FormData(event.target)));
    const text = await answer.text();
    const quoted = "'" + (header + ': ' + prefix + text).replaceAll("'", "'\\\\''") + "'";
    show('token', text);
    show('line', answer.ok ? "curl -iw '\\\\n' " + api + '/me -H ' + quoted : '');
    document.querySelector('section').hidden = false;
  });
  document.getElementById('copy').addEventListener('click', () =>
    navigator.clipboard.writeText(document.getElementById('line').textContent));
</script>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
