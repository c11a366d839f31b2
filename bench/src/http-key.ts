import type { BenchKey } from './tokens.js';

/** What a server knows of the issuer's key: RS256. */
export type PublicKey = Pick<BenchKey, 'text' | 'jwk' | 'verificationKey'>;
