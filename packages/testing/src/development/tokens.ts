import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import {
  claimsNamespace,
  hasuraClaims,
  makeKeyPair,
  signToken,
  type KeyPair,
  type KeyPairAlgorithm,
} from '../signing-keys.js';
import type { DevelopmentUser } from './identity.js';

/** What a kind of token is: its `typ` and the claims that all of its kind have. */
export type TokenType = 'at+jwt' | 'JWT' | 'logout+jwt';

export interface TokenContext {
  readonly audience: string;
  readonly now: () => number;
  /** The origin of the issuer, known once it listens. */
  readonly issuer: () => string;
}

/** The keys of the issuer, and what it signs with them. */
export class Tokens {
  readonly #context: TokenContext;
  readonly #algorithm: KeyPairAlgorithm;
  /** The key that signs, and the one before it for as long as it stays published. */
  #keys: readonly [KeyPair, ...KeyPair[]];

  private constructor(algorithm: KeyPairAlgorithm, key: KeyPair, context: TokenContext) {
    this.#algorithm = algorithm;
    this.#keys = [key];
    this.#context = context;
  }

  static async create(algorithm: KeyPairAlgorithm, context: TokenContext): Promise<Tokens> {
    return new Tokens(algorithm, await makeKeyPair(algorithm), context);
  }

  /** The published keys, the one that signs first. */
  get published(): readonly KeyPair['published'][] {
    return this.#keys.map(({ published }) => published);
  }

  /** Makes another key to sign with; the last one stays published, or is withdrawn at once. */
  async rotate(keepPrevious: boolean): Promise<void> {
    const next = await makeKeyPair(this.#algorithm);
    this.#keys = keepPrevious ? [next, this.#keys[0]] : [next];
  }

  get seconds(): number {
    return Math.floor(this.#context.now() / 1000);
  }

  /** Signs a token with the claims that every token of this issuer has. */
  sign(typ: TokenType, expiresIn: number, payload: JWTPayload): Promise<string> {
    const iat = this.seconds;
    const exp = iat + expiresIn;
    const common = {
      iss: this.#context.issuer(),
      iat: Math.min(iat, exp),
      exp,
      jti: randomUUID(),
    };
    return signToken(this.#keys[0], { ...common, ...payload }, { typ });
  }

  /** Signs a token for the API. */
  accessToken(
    { id, roles, variables }: DevelopmentUser,
    expiresIn: number,
    more: JWTPayload,
  ): Promise<string> {
    return this.sign('at+jwt', expiresIn, {
      sub: id,
      aud: this.#context.audience,
      [claimsNamespace]: hasuraClaims(roles, { 'x-hasura-user-id': id, ...variables }),
      ...more,
    });
  }

  /** The claims of a token that this issuer has signed with a key that it still publishes; undefined for all others. */
  async read(
    token: string,
    typ: TokenType,
    acceptExpired = false,
  ): Promise<JWTPayload | undefined> {
    try {
      const { kid } = decodeProtectedHeader(token);
      const key = this.#keys.find(({ published }) => published.kid === kid);
      if (key === undefined) return undefined;
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: [key.alg],
        issuer: this.#context.issuer(),
        typ,
        // every token ends 30 days after it was issued, at the latest
        ...(acceptExpired && { clockTolerance: 31 * 86_400 }),
        currentDate: new Date(this.#context.now()),
      });
      return payload;
    } catch {
      return undefined; // the text is not a token, or not one of ours
    }
  }
}
