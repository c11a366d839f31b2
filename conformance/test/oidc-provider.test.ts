import { newSigningKey, startOidcServer } from '../src/oidc-server.js';
import { logIn } from '../src/oidc-login.js';
it('x', async () => {
  const first = await newSigningKey('first');
  const s = await startOidcServer({ keys: [first], cacheControl: 'max-age=60' });
  const t = await logIn(s, 'ada');
  console.log(t.split('.').slice(0,2).map(x=>Buffer.from(x,'base64url').toString()));
  const r = await fetch(s.issuer+'/jwks'); console.log(await r.text(), r.headers);
  await s.close();
});
