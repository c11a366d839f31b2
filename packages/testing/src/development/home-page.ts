import type { JwtSecret } from '@hasura-auth/core';
import type { IssuerStatus } from './controls.js';
import type { Endpoint } from './endpoints.js';
import { escaped, page } from './page.js';

function described({ behaviour }: IssuerStatus): string {
  switch (behaviour.kind) {
    case 'normal':
      return 'It answers normally.';
    case 'outage':
      return 'It plays an outage: everything but this page is answered with 503.';
    case 'slow':
      return `It is slow: everything but this page is answered ${String(behaviour.ms)} ms late.`;
  }
}

const control = (action: string, label: string, fields = ''): string =>
  `<form method="post" action="/control/${action}">${fields}<button>${label}</button></form>`;

/** The page at `/`: how an app is configured, the keys, and a button for each control. */
export function homePage(status: () => IssuerStatus, jwtSecret: () => JwtSecret): Endpoint {
  const answer = (): ReturnType<Endpoint['answer']> => {
    const now = status();
    const keys = now.keys.map(
      ({ kid, alg }, index) =>
        `<li><code>${escaped(kid)}</code> ${escaped(alg ?? '')}${index === 0 ? ', signs' : ''}</li>`,
    );
    return page(
      200,
      'Development issuer',
      `<p>Signs tokens for every user and role. It is reachable from this machine only.</p>
<h2>Configuration of an app</h2>
<pre>HASURA_GRAPHQL_JWT_SECRET='${escaped(JSON.stringify(jwtSecret()))}'</pre>
<h2>Keys</h2>
<ul>${keys.join('\n')}</ul>
${control('rotate', 'Replace the key')}
${control('rotate', 'Add a new key, and keep the one before', '<input type="hidden" name="previous" value="keep">')}
<h2>Behaviour</h2>
<p role="status">${described(now)} The key set was fetched ${String(now.fetches)} times.</p>
${control('outage', 'Play an outage')}
${control('slow', 'Answer five seconds late', '<input type="hidden" name="ms" value="5000">')}
${control('recover', 'Answer normally')}`,
    );
  };
  return { methods: ['GET'], fails: false, answer };
}
