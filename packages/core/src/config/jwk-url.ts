import { URL } from 'node:url';
import { httpUrl } from '../option-checks.js';
import type { Logger } from '../runtime.js';

/** A host whose keys sign the tokens of many tenants, and whose tenants those are. */
interface SharedKeySet {
  readonly host: string;
  /** Whose tokens the keys sign, as a noun in the plural. */
  readonly signsFor: string;
}

/**
 * Key sets that are known to be shared. Only `aud` (for some also `iss`) tells their tenants apart.
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
  { host: 'appleid.apple.com', signsFor: 'apps with Sign in with Apple' },
  { host: 'www.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'limited.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'token.actions.githubusercontent.com', signsFor: 'repositories on GitHub' },
  { host: 'gitlab.com', signsFor: 'projects on GitLab' },
  { host: 'cognito-identity.amazonaws.com', signsFor: 'identity pools of Amazon Cognito' },
];

/** Whose tokens the keys at a host sign, where they are known to be shared. */
export function sharedBy(host: string): string | undefined {
  return sharedKeySets.find((known) => known.host === host)?.signsFor;
}

/** Names and addresses of this machine: RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads `jwk_url`. Warns where anybody on the way could exchange the keys, and where the keys are known to sign for others
 * too and no audience tells their tokens apart. Names the host only: an address may hold a password.
 */
export function parseJwkUrl(
  value: unknown,
  option: string,
  { audience, logger }: { readonly audience: unknown; readonly logger: Logger },
): string {
  const text = httpUrl(value, `${option}.jwk_url`);
  const { protocol, hostname } = new URL(text);
  if (protocol === 'http:' && !loopback.test(hostname))
    logger.warn(
      `${option}.jwk_url: keys that come over plain http can be exchanged on the way; use https`,
    );
  const tenants = sharedBy(hostname);
  if (tenants !== undefined && audience === undefined)
    logger.warn(
      `${option}.audience: the keys at ${hostname} sign for all ${tenants}, and without an audience the tokens of each of them are let in; set the audience that yours name`,
    );
  return text;
}
