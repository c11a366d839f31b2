import type { AuthError } from '../errors.js';
import type { DecisionFact } from '../facts.js';
import type { ExplainedStep } from './explanation.js';
import { tokenDecision, type Fact, type KnownDecision } from './known-decision.js';
import {
  claimsPlace,
  keyLookup,
  matchIssuer,
  registered,
  rejected,
  rejectedBy,
  revocations,
  roleStep,
  tokenLocation,
  type Words,
} from './token-steps.js';
import { quoted } from './words.js';

function adminSecret(outcome: 'absent' | 'right' | 'wrong', { mode }: KnownDecision): Words {
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

function webhook({ outcome }: Fact<'webhook'>, { nameOf }: KnownDecision): Words {
  const lookedAt = `the answer of the webhook (${nameOf('authHook')})`;
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

function inWords(fact: DecisionFact, known: KnownDecision, isRejected: boolean): Words {
  switch (fact.step) {
    case 'admin-secret':
      return adminSecret(fact.outcome, known);
    case 'token-location':
      return tokenLocation(fact, known, isRejected);
    case 'decode':
      return {
        lookedAt: 'the parts of the token',
        found: 'a header and claims',
        therefore: 'the configuration is chosen by the issuer',
      };
    case 'match-issuer':
      return matchIssuer(fact, known);
    case 'key':
      return keyLookup(fact, known);
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
        lookedAt: claimsPlace(tokenDecision(known).config.claims),
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
      return webhook(fact, known);
    case 'unauthenticated': {
      const lookedAt = known.nameOf('unauthorizedRole');
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

/** What is found at a location that rejects the request. */
const placeRejects: ReadonlySet<DecisionFact['outcome']> = new Set(['ambiguous', 'malformed']);

/** The step that rejected a request, if it reported nothing. */
function rejectingStep(error: AuthError, known: KnownDecision): ExplainedStep | undefined {
  const last = known.facts.at(-1);
  const found = error.reason;
  if (last === undefined)
    return { step: 'headers', lookedAt: 'the headers of the request', found, therefore: rejected };
  if (last.step === 'on-session') return undefined; // a function of the app may throw a refusal of any kind
  if (error.kind === 'malformed-authorization' && last.outcome !== 'malformed')
    return {
      step: 'token-location',
      lookedAt: 'the header Authorization',
      found: 'no token, but a header that is meant as a credential',
      therefore: `the request is not anonymous: ${rejected}`,
    };
  // A variable that is no string matters only once the role is known to be allowed.
  const step = error.kind === 'invalid-claims' ? 'claims' : next[last.step];
  const isReported = step === undefined || placeRejects.has(last.outcome) || isRefusedMatch(last);
  return isReported
    ? undefined
    : { step, lookedAt: rejectedBy(step, tokenDecision(known)), found, therefore: rejected };
}

/** Whether no configuration, or no key, was left for the token. */
function isRefusedMatch({ step, outcome }: DecisionFact): boolean {
  if (step === 'match-issuer') return outcome !== 'one configuration';
  return step === 'key' && outcome !== 'found';
}

/** Each step of a decision in words; that too which rejected the request, if it reported nothing. */
export function stepsOf(
  known: KnownDecision,
  error: AuthError | undefined,
): readonly ExplainedStep[] {
  const last = known.facts.length - 1;
  const steps: ExplainedStep[] = known.facts.map((fact, at) => ({
    step: fact.step,
    ...inWords(fact, known, error !== undefined && at === last),
  }));
  const rejecting = error && rejectingStep(error, known);
  return rejecting === undefined ? steps : [...steps, rejecting];
}
