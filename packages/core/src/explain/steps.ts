import type { AuthError } from '../errors.js';
import type { DecisionFact } from '../facts.js';
import { isRecord } from '../json.js';
import type { ClaimsSource } from '../jwt/claims-source.js';
import type { ExplainedStep } from './explanation.js';
import { configsOf, type Told } from './told.js';
import { joined, listed, placeName, quoted } from './words.js';

type Words = Omit<ExplainedStep, 'step'>;

const rejected = 'the request is rejected';

function adminSecret(outcome: 'absent' | 'right' | 'wrong', { mode }: Told): Words {
  const lookedAt = 'the headers x-hasura-admin-secret and x-hasura-access-key';
  const hasTokens = mode.kind === 'jwt' && mode.precedence === 'jwt';
  switch (outcome) {
    case 'absent':
      return {
        lookedAt,
        found: 'neither',
        therefore: 'the request is no admin; other credentials are looked for',
      };
    case 'right':
      return {
        lookedAt,
        found: 'the admin secret',
        therefore: hasTokens
          ? 'the request may act as admin, unless it has a token too, which comes first (precedence)'
          : 'the request may act as admin',
      };
    case 'wrong':
      return { lookedAt, found: 'a secret that is not the admin secret', therefore: rejected };
  }
}

function tokenLocation(
  { outcome, place }: Extract<DecisionFact, { step: 'token-location' }>,
  { headers }: Told,
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

function matchIssuer(
  { compared, outcome, option }: Extract<DecisionFact, { step: 'match-issuer' }>,
  told: Told,
): Words {
  const issuerOf = (path: string): string => {
    const { issuer } = configsOf(told).find((config) => config.option === path) ?? {};
    return issuer === undefined ? 'no issuer' : `issuer ${quoted(issuer)}`;
  };
  const each = compared.map(
    (one) =>
      `${told.nameOf(one.option)} (${issuerOf(one.option)}) ${one.fits ? 'fits' : 'does not fit'}`,
  );
  return {
    lookedAt: 'the claim iss, and the issuer of each JWT configuration',
    found: joined([...new Set(each)]),
    therefore:
      outcome === 'one configuration'
        ? `the token is verified by ${told.nameOf(option ?? '')}`
        : `${outcome === 'none' ? 'no configuration is' : 'several configurations are'} left: ${rejected}`,
  };
}

function headerInWords({ token }: Told): string {
  const header = isRecord(token?.header) ? token.header : {};
  const { alg, kid } = header;
  const named = typeof kid === 'string' ? `kid ${quoted(kid)}` : 'no kid';
  return `${typeof alg === 'string' ? `alg ${quoted(alg)}` : 'no alg'} and ${named}`;
}

function keyLookup({ outcome, keys }: Extract<DecisionFact, { step: 'key' }>, told: Told): Words {
  const { address } = told.config?.keys.describe() ?? {};
  const where = address === undefined ? 'the configured key' : `the key set ${address}`;
  return {
    lookedAt: `${where}, for a token with ${headerInWords(told)}`,
    found:
      outcome === 'none'
        ? 'no key that fits'
        : `${String(keys)} ${keys === 1 ? 'key' : 'keys'} to try`,
    therefore:
      outcome === 'found'
        ? 'the signature is verified'
        : outcome === 'none'
          ? rejected
          : `the algorithm is not among those of the configuration: ${rejected}`,
  };
}

function claimsPlace(source: ClaimsSource | undefined): string {
  switch (source?.kind) {
    case 'namespace':
      return `the claim ${quoted(source.namespace)}`;
    case 'path':
      return `the claims at the path ${source.text}`;
    default:
      return 'the claims that claims_map names';
  }
}

const revocations = 'the revocations that this process knows';
const registered = 'the claims exp, iat, nbf, iss and aud, and the clock';

function roleStep({ outcome, role, allowed }: Extract<DecisionFact, { step: 'role' }>): Words {
  const isAllowed = allowed?.includes(role) ?? true;
  return {
    lookedAt: 'the header x-hasura-role',
    found:
      outcome === 'default'
        ? `nothing, so that the default role ${quoted(role)} is used`
        : `the role ${quoted(role)}`,
    therefore:
      allowed === undefined
        ? `the role is ${quoted(role)}`
        : `it ${isAllowed ? 'is' : 'is not'} among the ${String(allowed.length)} allowed roles (${listed(allowed)})${isAllowed ? '' : `: ${rejected}`}`.replace(
            ' ()',
            '',
          ),
  };
}

function webhook({ outcome }: Extract<DecisionFact, { step: 'webhook' }>, { mode }: Told): Words {
  const hook = mode.kind === 'webhook' ? mode.hook : undefined;
  const lookedAt = `the webhook, called by ${hook?.mode ?? 'GET'} with ${hook?.cache === undefined ? "the client's headers" : `the headers ${listed(hook.cache.headers)}`}`;
  switch (outcome) {
    case 'accepted':
      return { lookedAt, found: 'a session', therefore: 'the request gets it' };
    case 'cached response':
      return {
        lookedAt,
        found: 'a kept response that is still fresh',
        therefore: 'the request gets its session, and the webhook is not called',
      };
    case 'refused':
      return { lookedAt, found: 'no session', therefore: rejected };
  }
}

function inWords(fact: DecisionFact, told: Told, isRejected: boolean): Words {
  switch (fact.step) {
    case 'admin-secret':
      return adminSecret(fact.outcome, told);
    case 'token-location':
      return tokenLocation(fact, told, isRejected);
    case 'decode':
      return {
        lookedAt: 'the parts of the token',
        found: 'a header and claims',
        therefore: 'the configuration is chosen by the issuer',
      };
    case 'match-issuer':
      return matchIssuer(fact, told);
    case 'key':
      return keyLookup(fact, told);
    case 'verify':
      return {
        lookedAt: 'the signature of the token',
        found: 'it was made with the key',
        therefore: 'the claims can be trusted',
      };
    case 'registered-claims':
      return {
        lookedAt: registered,
        found: 'the token is valid now, for this app',
        therefore: 'the claims of Hasura are read',
      };
    case 'claims':
      return {
        lookedAt: claimsPlace(told.config?.claims),
        found: 'the allowed roles, the default role and the session variables',
        therefore: 'the role is chosen',
      };
    case 'revocation':
      return {
        lookedAt: revocations,
        found: 'none of them is for the token',
        therefore: 'the role is chosen',
      };
    case 'role':
      return roleStep(fact);
    case 'webhook':
      return webhook(fact, told);
    case 'unauthenticated': {
      const lookedAt = told.nameOf('unauthorizedRole');
      return fact.role === undefined
        ? {
            lookedAt,
            found: 'it is not set',
            therefore: `requests without credentials are not accepted: ${rejected}`,
          }
        : {
            lookedAt,
            found: `the role ${quoted(fact.role)}`,
            therefore: 'the request gets it, whatever role it requests',
          };
    }
    case 'backend-only':
      return {
        lookedAt: 'the header x-hasura-use-backend-only-permissions',
        found: fact.outcome === 'unreadable' ? 'neither true nor false' : fact.outcome,
        therefore:
          fact.outcome === 'unreadable' ? rejected : `session.backendOnly is ${fact.outcome}`,
      };
    case 'on-session':
      return {
        lookedAt: 'the function onSession of the app',
        found: `it is called with the session of the role ${quoted(fact.session.role)}`,
        therefore: isRejected ? rejected : 'it adds variables, or leaves the session as it is',
      };
  }
}

/** The step that follows another one with a token: the one that rejected it, if it reports nothing more. */
const next: Readonly<Partial<Record<DecisionFact['step'], DecisionFact['step']>>> = {
  'token-location': 'decode',
  decode: 'decode',
  'match-issuer': 'key',
  key: 'verify',
  verify: 'registered-claims',
  'registered-claims': 'claims',
  claims: 'revocation',
};

/** What a step looked at that rejected the token. */
function failed(step: DecisionFact['step'], told: Told): string {
  switch (step) {
    case 'decode':
      return 'the parts of the token';
    case 'key':
      return `the header of the token: ${headerInWords(told)}`;
    case 'verify':
      return 'the signature of the token';
    case 'registered-claims':
      return registered;
    case 'revocation':
      return revocations;
    default:
      return claimsPlace(told.config?.claims);
  }
}

/** What is found at a location that rejects the request. */
const placeRejects: ReadonlySet<DecisionFact['outcome']> = new Set(['ambiguous', 'malformed']);

/** The step that rejected a request, if it reported nothing. */
function rejectingStep(error: AuthError, told: Told): ExplainedStep | undefined {
  const last = told.facts.at(-1);
  const found = error.reason;
  if (last === undefined)
    return { step: 'headers', lookedAt: 'the headers of the request', found, therefore: rejected };
  if (error.kind === 'malformed-authorization' && last.outcome !== 'malformed')
    return {
      step: 'token-location',
      lookedAt: 'the header Authorization',
      found: 'no token, but a header that is meant as a credential',
      therefore: `the request is not anonymous: ${rejected}`,
    };
  // A variable that is no string matters only once the role is known to be allowed.
  const step = error.kind === 'invalid-claims' ? 'claims' : next[last.step];
  const isTold = step === undefined || placeRejects.has(last.outcome) || isRefusedMatch(last);
  return isTold ? undefined : { step, lookedAt: failed(step, told), found, therefore: rejected };
}

/** Whether no configuration, or no key, was left for the token. */
function isRefusedMatch({ step, outcome }: DecisionFact): boolean {
  if (step === 'match-issuer') return outcome !== 'one configuration';
  return step === 'key' && outcome !== 'found';
}

/** Each step of a decision in words; that too which rejected the request, if it reported nothing. */
export function stepsOf(told: Told, error: AuthError | undefined): readonly ExplainedStep[] {
  const last = told.facts.length - 1;
  const steps: ExplainedStep[] = told.facts.map((fact, at) => ({
    step: fact.step,
    ...inWords(fact, told, error !== undefined && at === last),
  }));
  const rejecting = error && rejectingStep(error, told);
  return rejecting === undefined ? steps : [...steps, rejecting];
}
