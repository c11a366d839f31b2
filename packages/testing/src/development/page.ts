import { createHash } from 'node:crypto';
import type { IssuerReply } from './endpoints.js';

const style = `
:root { color-scheme: light dark; background: light-dark(#fff, #121317); color: light-dark(#16181d, #f2f3f5); --line: light-dark(#c8ccd4, #4a505c); --accent: light-dark(#1d4fd8, #8fb0ff); --on-accent: light-dark(#fff, #101420); --bad: light-dark(#b00020, #ff9aa5) }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.2 } h2 { font-size: 1.1rem; margin-top: 2rem }
label { display: block; margin-top: 1rem; font-weight: 600 } small { display: block; font-weight: 400 }
input, textarea { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid var(--line); border-radius: .375rem; background: inherit; color: inherit }
button { font: inherit; padding: .5rem 1rem; margin: .75rem .5rem 0 0; border: 1px solid var(--accent); border-radius: .375rem; background: light-dark(#fff, #121317); color: var(--accent); cursor: pointer; text-align: left }
button.main { background: var(--accent); color: var(--on-accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
pre, code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
pre { border: 1px solid var(--line); border-radius: .375rem; padding: .75rem }
[role=alert] { border-left: 4px solid var(--bad); padding-left: .75rem; color: var(--bad) }
form { margin: 0 }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** Text in HTML, in elements and in attributes. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A page without scripts. `formsLeadTo` is the origin to which its forms may be redirected. */
export function page(
  status: number,
  title: string,
  main: string,
  formsLeadTo: string | undefined = undefined,
): IssuerReply {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self'${formsLeadTo === undefined ? '' : ` ${formsLeadTo}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${main}
</main>
</body>
</html>
`,
  };
}
