import { URL } from 'node:url';
import type { ClaimsSource } from '../jwt/claims-source.js';
import { showJsonPath } from '../jwt/json-path.js';
import { httpUrl, isPlainHttpElsewhere, type Warn } from '../option-checks.js';

/** A host whose keys sign the tokens of many tenants. */
interface SharedKeySet {
  /** One host, or the end of several if it begins with a dot. */
  readonly host: string;
  /** The tenants whose tokens the keys sign, as a noun in the plural. */
  readonly signsFor: string;
}

/**
 * Key sets that are known to be shared. Only `aud` (for some also `iss`) distinguishes the tokens of their tenants.
 * Sources: https://firebase.google.com/docs/auth/admin/verify-id-tokens,
 * https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken,
 * https://cloud.google.com/iap/docs/signed-headers-howto,
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens,
 * https://developer.apple.com/documentation/signinwithapple/verifying-a-user,
 * https://developers.facebook.com/docs/facebook-login/limited-login/token/validating,
 * https://docs.github.com/actions/concepts/security/openid-connect,
 * https://docs.gitlab.com/integration/openid_connect_provider/,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html
 */
const sharedKeySets: readonly SharedKeySet[] = [
  { host: 'www.googleapis.com', signsFor: 'projects and apps of Google' },
  { host: 'www.gstatic.com', signsFor: 'projects of Google Cloud' },
  { host: 'login.microsoftonline.com', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.microsoftonline.us', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.partner.microsoftonline.cn', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.windows.net', signsFor: 'tenants of Microsoft Entra ID' },
  { host: '.ciamlogin.com', signsFor: 'tenants of Microsoft Entra External ID' },
  { host: 'appleid.apple.com', signsFor: 'apps with Sign in with Apple' },
  { host: 'www.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'limited.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'token.actions.githubusercontent.com', signsFor: 'repositories on GitHub' },
  { host: 'gitlab.com', signsFor: 'projects on GitLab' },
  { host: 'cognito-identity.amazonaws.com', signsFor: 'identity pools of Amazon Cognito' },
];

/** The tenants whose tokens the keys at a host sign, if the keys are known to be shared. */
function sharedBy(host: string): string | undefined {
  return sharedKeySets.find(
    (known) => known.host === host || (known.host.startsWith('.') && host.endsWith(known.host)),
  )?.signsFor;
}

/**
 * Reads `jwk_url`. Warns if an attacker on the network could exchange the keys, and if the keys are known to sign for other
 * tenants too and no audience distinguishes their tokens. Names the host only, since an address may hold a password.
 */
export function parseJwkUrl(
  value: unknown,
  option: string,
  { audience, warn }: { readonly audience: unknown; readonly warn: Warn },
): string {
  const text = httpUrl(value, `${option}.jwk_url`);
  const { hostname } = new URL(text);
  if (isPlainHttpElsewhere(text))
    warn(
      `${option}.jwk_url`,
      'an attacker on the network can exchange keys that are fetched over plain http; use https',
    );
  const tenants = sharedBy(hostname);
  if (tenants !== undefined && audience === undefined)
    warn(
      `${option}.audience`,
      `the keys at ${hostname} sign for all ${tenants}, and without an audience the tokens of all of them are accepted; set the audience of your tokens`,
    );
  return text;
}

/** A list of roles that the provider or its customers fill, and in which they use the name `admin` themselves. */
interface ManagedRoles {
  /** What the address of the provider's key set looks like. */
  readonly keySet: RegExp;
  readonly path: string;
  readonly admins: string;
}

/**
 * Sources: https://www.keycloak.org/docs/latest/server_admin/#the-master-realm,
 * https://workos.com/docs/authkit/roles-and-permissions
 */
const managedRoles: readonly ManagedRoles[] = [
  {
    keySet: /\/realms\/master\/protocol\/openid-connect\/certs$/,
    path: '$.realm_access.roles',
    admins: 'the administrators of Keycloak in the realm master',
  },
  {
    keySet: /^https:\/\/api\.workos\.com\/sso\/jwks\//,
    path: '$.roles',
    admins: 'the administrators of organizations in WorkOS',
  },
];

/** Warns if a `claims_map` takes the allowed roles from a list in which others than the operator have the role admin. */
export function warnOfManagedRoles(
  url: unknown,
  claims: ClaimsSource,
  { option, warn }: { readonly option: string; readonly warn: Warn },
): void {
  if (typeof url !== 'string' || claims.kind !== 'map') return;
  const { allowedRoles: roles } = claims;
  if (roles.kind !== 'path') return;
  const path = showJsonPath(roles.path);
  const found = managedRoles.find((known) => known.path === path && known.keySet.test(url));
  if (found !== undefined)
    warn(
      `${option}.claims_map`,
      `the list ${path} contains admin for ${found.admins}, which has every permission in Hasura; take the allowed roles from another claim`,
    );
}
