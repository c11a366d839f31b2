import type { AuthOptions, AuthRequest, HeaderRecord, JwtSecret } from '@hasura-auth/core';
import { CompactSign, exportSPKI, generateKeyPair, type CryptoKey } from 'jose';
import { jwtSecretsOf } from '../configuration/jwt-secrets.js';
import { RequestError } from './exchange.js';
import { tokenWithPayload, type DevelopmentIssuer } from './issuer.js';
import type { Signer } from './messages.js';

type Payload = Readonly<Record<string, unknown>>;

/** An edited token, and the options that decide about it. */
export interface EditedToken {
  readonly token: string;
  readonly by: Signer;
  /** The options with the key of this one token in them, if nobody signed it; otherwise what was given. */
  readonly options: AuthOptions | undefined;
}

/**
 * Signs an edited payload: by the development issuer if the token was its own, with the shared secret of the options, or
 * else with a key that only this explanation knows, so that the decision goes on to the claims.
 */
export async function editedToken(
  before: Payload,
  payload: Payload,
  options: AuthOptions | undefined,
  issuer: DevelopmentIssuer | undefined,
): Promise<EditedToken> {
  if (issuer !== undefined && before['iss'] === issuer.issuer)
    return { token: await tokenWithPayload(issuer, payload), by: 'issuer', options };
  if (options === undefined)
    throw new RequestError(
      400,
      'The claims cannot be edited by this app’s configuration, whose keys the inspector does not see; choose another configuration and paste it.',
    );
  const secrets = jwtSecretsOf(options).map(({ members }) => members as JwtSecret); // core has accepted them
  const shared = secrets.find(
    ({ type, key, issuer: iss }) =>
      type?.startsWith('HS') &&
      typeof key === 'string' &&
      (iss ?? payload['iss']) === payload['iss'],
  );
  if (shared !== undefined) {
    const alg = shared.algorithms?.[0] ?? shared.type ?? 'HS256';
    const token = await sign(payload, alg, new TextEncoder().encode(shared.key));
    return { token, by: 'secret', options };
  }
  const alg = 'ES256';
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    token: await sign(payload, alg, privateKey),
    by: 'nobody',
    options: withKey(options, secrets, await exportSPKI(publicKey)),
  };
}

function sign(payload: Payload, alg: string, key: CryptoKey | Uint8Array): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(key);
}

/** The options with one key in place of all theirs; what they ask of the claims stays. */
function withKey(options: AuthOptions, secrets: readonly JwtSecret[], key: string): AuthOptions {
  const replaced = new Map<string, JwtSecret>();
  for (const { jwk_url: _url, algorithms: _algorithms, ...rest } of secrets) {
    // Two configurations that differ in their keys only are one now.
    const place = JSON.stringify([rest.header, rest.issuer]);
    if (!replaced.has(place)) replaced.set(place, { ...rest, type: 'ES256', key });
  }
  const { jwtSecret: _secret, ...others } = options;
  return { ...others, jwtSecrets: [...replaced.values()] };
}

const compact = /(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]*(?![\w.-])/g;

/** A token in the headers of a request. */
export interface FoundToken {
  readonly header: string;
  readonly text: string;
  readonly payload: Payload;
}

/** The tokens in the headers of a request, those in `Authorization` first. */
export function tokensIn(headers: HeaderRecord): FoundToken[] {
  const entries = Object.entries(headers).sort(
    ([a], [b]) => Number(b === 'authorization') - Number(a === 'authorization'),
  );
  return entries.flatMap(([header, value]) =>
    [...String(value).matchAll(compact)].flatMap(([text]) => {
      const payload = decoded(text);
      return payload === undefined ? [] : [{ header, text, payload }];
    }),
  );
}

function decoded(token: string): Payload | undefined {
  const [, part = ''] = token.split('.');
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Payload) : undefined; // JSON, so its members are unknown
  } catch {
    return undefined;
  }
}

/** A request with another token in the place of one that was found. */
export function withToken(request: AuthRequest, found: FoundToken, token: string): AuthRequest {
  const headers = request.headers as HeaderRecord; // `readRequest` makes records only
  const value = String(headers[found.header]).replace(found.text, () => token);
  return withHeaders(request, { ...headers, [found.header]: value });
}

/** A request with another requested role, or without one if it is empty. */
export function withRole(request: AuthRequest, role: string): AuthRequest {
  const others = Object.entries(request.headers as HeaderRecord).filter(
    ([name]) => name.toLowerCase() !== 'x-hasura-role',
  );
  const headers = Object.fromEntries(others);
  return withHeaders(request, role === '' ? headers : { ...headers, 'x-hasura-role': role });
}

/** A request with other headers, and without the ones as they were written. */
function withHeaders(request: AuthRequest, headers: HeaderRecord): AuthRequest {
  return { ...request, headers, rawHeaders: undefined };
}
