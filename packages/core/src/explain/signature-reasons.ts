import { algorithms, type Algorithm, type KeyFamily } from '../keys/algorithms.js';
import { keyFits, type KeyDescription } from '../keys/key-source.js';
import { memberName, type RefusalReason, type KnownTokenDecision } from './known-decision.js';
import { joined, quoted } from './words.js';

/** The families of keys in words. */
const families: Readonly<Record<KeyFamily, string>> = {
  hmac: 'a shared secret',
  rsa: 'RSA',
  p256: 'EC P-256',
  p384: 'EC P-384',
  p521: 'EC P-521',
  ed25519: 'Ed25519',
};

/** What the keys of the configuration are, in words. */
function keysInWords(keys: readonly KeyDescription[]): string {
  const each = keys.map(({ kid, family, alg }) => {
    const kind = alg ?? families[family];
    return kid === undefined ? kind : `${kind} with kid ${quoted(kid)}`;
  });
  const shown = each.slice(0, 5);
  const more = each.length - shown.length;
  return joined(more > 0 ? [...shown, `${String(more)} more`] : shown);
}

/** The algorithm that a token is signed with. */
function algorithmOf({ header }: KnownTokenDecision): Algorithm {
  return header['alg'] as Algorithm; // keys are looked for only by one of these
}

/** No key is there for a token, by its `kid` and its algorithm. */
export function noUsableKeys(known: KnownTokenDecision): RefusalReason {
  const { address, keys } = known.config.keys.describe();
  const alg = algorithmOf(known);
  const set = `The key set ${String(address)}`; // a key of the configuration itself is always tried
  if (keys.length === 0)
    return {
      cause: `${set} has no key that can be used`,
      remedy: `Open ${memberName(known, 'jwk_url')} and look at its keys; the log names those that are skipped, and why`,
    };
  if (!keys.some((key) => keyFits(key, alg)))
    return {
      cause: `${set} has no key for the algorithm of the token, only ${keysInWords(keys)}`,
      remedy: `Let the provider sign with an algorithm of these keys, or configure the keys that it signs with in ${memberName(known, 'jwk_url')}`,
    };
  return {
    cause: `${set} has no key with the kid of the token, only ${keysInWords(keys)}`,
    remedy: `Compare the kid in the token's header with the keys at ${memberName(known, 'jwk_url')}: the token may come from another provider, tenant or environment, or its key was withdrawn`,
  };
}

/** The algorithm of a token does not fit the key of the configuration, or is not among those that it allows. */
function wrongAlgorithm(alg: Algorithm, known: KnownTokenDecision): RefusalReason | undefined {
  const { address, keys } = known.config.keys.describe();
  const allowed = joined([...known.config.algorithms], 'or');
  if (!known.config.algorithms.has(alg) && keys.some((one) => keyFits(one, alg)))
    return {
      cause: `The token is signed with ${alg}, and the configuration allows ${allowed} only`,
      remedy: `Let the issuer sign with an allowed algorithm, or add ${alg} to ${memberName(known, 'algorithms')}`,
    };
  if (address !== undefined || keys.some((one) => keyFits(one, alg))) return undefined;
  const { family, secretBytes } = algorithms[alg];
  if (family === 'hmac' && keys.some((one) => one.family === 'hmac'))
    return {
      cause: `The token is signed with ${alg}, for which the shared secret of the configuration is too short`,
      remedy: `Use a secret of at least ${String(secretBytes)} bytes at the issuer and in ${memberName(known, 'key')}, or let the issuer sign with HS256`,
    };
  return {
    cause: `The token is signed with ${alg}, and the key of the configuration is for ${allowed}`,
    remedy: `Set ${memberName(known, 'type')} and ${memberName(known, 'key')} to the key that the issuer signs with, or let the issuer sign with ${allowed}`,
  };
}

/** No key verifies the signature of a token. */
export function invalidSignature(known: KnownTokenDecision): RefusalReason {
  const { address, keys } = known.config.keys.describe();
  const wrong = wrongAlgorithm(algorithmOf(known), known);
  if (wrong !== undefined) return wrong;
  if (address !== undefined)
    return {
      cause: `No key of the key set ${address} verifies the signature of the token`,
      remedy: `Check that ${memberName(known, 'jwk_url')} is the key set of the issuer that signed the token, and that the token was not cut or changed on its way`,
    };
  return keys.some(({ family }) => family === 'hmac')
    ? {
        cause: 'The shared secret of the configuration does not verify the signature of the token',
        remedy: `Compare ${memberName(known, 'key')} with the secret that the issuer signs with: its text is used as it is, so decode a secret that the issuer shows in base64. Check also that the token was not cut`,
      }
    : {
        cause: 'The public key of the configuration does not verify the signature of the token',
        remedy: `Set ${memberName(known, 'key')} to the public key that the issuer signs with now, or use jwk_url, so that its keys are fetched. Check also that the token was not cut`,
      };
}
