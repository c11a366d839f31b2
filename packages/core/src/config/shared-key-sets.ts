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
