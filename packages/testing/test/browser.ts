/** A person at the login page, as far as a test needs one: reads the page, fills in a form, and follows its redirect. */

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The hidden fields of the first form of a page. */
export function hiddenFields(html: string): Record<string, string> {
  const [form = ''] = /<form[^]*?<\/form>/.exec(html) ?? [];
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries(
    [...fields].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

/** Posts a form as a browser does: with the origin of the page. */
export function post(
  url: string | URL,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { origin: new URL(url).origin },
): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(url, { method: 'POST', redirect: 'manual', headers, body });
}

/** Opens a login page and logs in with these fields; resolves to the address to which the client's browser is sent. */
export async function logInAt(
  authorization: URL,
  fields: Readonly<Record<string, string>>,
): Promise<URL> {
  const page = await fetch(authorization);
  if (page.status !== 200) throw new Error(`the login page has the status ${String(page.status)}`);
  const answer = await post(new URL('/authorize', authorization), {
    ...hiddenFields(await page.text()),
    ...fields,
  });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no redirect: ${await answer.text()}`);
  return new URL(location);
}
