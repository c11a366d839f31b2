import type { DecisionFact } from '../facts.js';
import type { Members } from '../json.js';
import type { ClaimsSource } from '../jwt/claims-source.js';
import type { ExplainedStep } from './explanation.js';
import {
  tokenDecision,
  type Fact,
  type KnownDecision,
  type KnownTokenDecision,
} from './known-decision.js';
import { joined, listed, placeName, quoted } from './words.js';

/** One step in words. */
export type Words = Omit<ExplainedStep, 'step'>;

/** What follows from the last step of a refusal. */
export const rejected = 'the request is rejected';

/** What was found at a location. */
export function tokenLocation(
  { outcome, place }: Fact<'token-location'>,
  { headers }: KnownDecision,
  isRejected: boolean,
): Words {
  const lookedAt = placeName(place);
  switch (outcome) {
    case 'found':
      return { lookedAt, found: 'a token', therefore: 'the token is decoded' };
    case 'malformed':
      return {
        lookedAt,
        found: 'something else than Bearer, one space and a token',
        therefore: isRejected ? rejected : 'a token at another location would be used',
      };
    case 'ambiguous':
      return { lookedAt, found: 'it is there more than once', therefore: rejected };
    case 'absent':
      return {
        lookedAt,
        found:
          place.kind === 'authorization' && headers.has('authorization')
            ? 'another scheme than Bearer'
            : 'nothing',
        therefore: 'no token comes from here',
      };
  }
}

/** Which configurations fit. */
export function matchIssuer(
  { compared, outcome, match }: Fact<'match-issuer'>,
  { nameOf }: KnownDecision,
): Words {
  const each = compared.map(({ option, issuer, fits }) => {
    const named = issuer === undefined ? 'no issuer' : `issuer ${quoted(issuer)}`;
    return `${nameOf(option)} (${named}) ${fits ? 'fits' : 'does not fit'}`;
  });
  const left = outcome === 'none' ? 'no configuration is left' : 'several configurations are left';
  return {
    lookedAt: 'the claim iss, and the issuer of each JWT configuration',
    found: joined([...new Set(each)]),
    therefore:
      match === undefined
        ? `${left}: ${rejected}`
        : `the token is verified by ${nameOf(match.option)}`,
  };
}

/** What the keys are looked up by. It was decoded, so that alg is a string. */
function headerInWords({ alg, kid }: Members): string {
  return `alg ${quoted(String(alg))} and ${typeof kid === 'string' ? `kid ${quoted(kid)}` : 'no kid'}`;
}

/** Which keys are tried. */
export function keyLookup({ outcome, keys }: Fact<'key'>, known: KnownDecision): Words {
  const { config, header } = tokenDecision(known);
  const { address } = config.keys.describe();
  const where = address === undefined ? 'the configured key' : `the key set ${address}`;
  const therefore = {
    found: 'the signature is verified',
    none: rejected,
    'algorithm not allowed': `the algorithm is not among those of the configuration: ${rejected}`,
  };
  return {
    lookedAt: `${where}, for a token with ${headerInWords(header)}`,
    found:
      outcome === 'none'
        ? 'no key that fits'
        : `${String(keys)} ${keys === 1 ? 'key' : 'keys'} to try`,
    therefore: therefore[outcome],
  };
}

/** Where the Hasura claims are, in words. */
export function claimsPlace(source: ClaimsSource): string {
  switch (source.kind) {
    case 'namespace':
      return `the claim ${quoted(source.namespace)}`;
    case 'path':
      return `the claims at the path ${source.text}`;
    case 'map':
      return 'the claims that claims_map names';
  }
}

/** The registered claims and what they are compared with, in words. */
export const registered = 'the claims exp, iat, nbf, iss and aud, and the clock';
/** What a verified token is compared with, in words. */
export const revocations = 'the revocations that this process knows';

/** What a step looked at that rejected the token, if it reported nothing. */
export function rejectedBy(step: DecisionFact['step'], known: KnownTokenDecision): string {
  switch (step) {
    case 'decode':
      return 'the parts of the token';
    case 'key':
      return `the header of the token: ${headerInWords(known.header)}`;
    case 'verify':
      return 'the signature of the token';
    case 'registered-claims':
      return registered;
    case 'revocation':
      return revocations;
    default:
      return claimsPlace(known.config.claims);
  }
}

/** Which role is used, and whether it may be. */
export function roleStep({ outcome, role, allowed }: Fact<'role'>): Words {
  const found =
    outcome === 'default'
      ? `nothing, so that the default role ${quoted(role)} is used`
      : `the role ${quoted(role)}`;
  return { lookedAt: 'the header x-hasura-role', found, therefore: roleFollows(role, allowed) };
}

function roleFollows(role: string, allowed: readonly string[] | undefined): string {
  if (allowed === undefined) return `the role is ${quoted(role)}`;
  if (allowed.length === 0) return `no role is allowed: ${rejected}`;
  if (allowed.length === 1)
    return allowed.includes(role)
      ? 'it is the only allowed role'
      : `the only allowed role is ${listed(allowed)}: ${rejected}`;
  const roles = `the ${String(allowed.length)} allowed roles (${listed(allowed)})`;
  return allowed.includes(role) ? `it is among ${roles}` : `it is not among ${roles}: ${rejected}`;
}
