import type { AuthError } from '../errors.js';
import type { RefusalKind } from '../refusals.js';
import { claimsReason, missingRoleClaim } from './claims-reasons.js';
import {
  ambiguousToken,
  malformedAuthorization,
  missing,
  wrongSecret,
  emptyPlaces,
  howToSend,
  missingCredentials,
  missedCredential,
} from './credential-reasons.js';
import {
  factsOf,
  memberName,
  tokenDecision,
  type Fact,
  type RefusalReason,
  type KnownDecision,
  type AcceptedAs,
  type Reason,
} from './known-decision.js';
import { tokenReason } from './token-reasons.js';
import { listed, quoted } from './words.js';

type Explainer = (known: KnownDecision, error: AuthError) => RefusalReason;

/** What went wrong underneath, in words that were made to be logged. */
function underneath({ cause }: AuthError): string {
  return cause instanceof Error ? `: ${cause.message}` : ': no answer came in time';
}

/** A refusal that the app's own function has thrown; the cause of the error may be anything. */
const byApp: Explainer = (_known, { kind }) => ({
  cause: `The function onSession of the app rejected the session: it threw the AuthError ${kind}`,
  remedy: 'Look for this AuthError in the function onSession',
});

const roleNotAllowed: Explainer = (known) => {
  const fact = factsOf(known, 'role').at(-1) as Required<Fact<'role'>>; // reported before a role is rejected
  const { outcome, role, allowed } = fact;
  const roles = allowed.length === 0 ? 'none' : listed(allowed);
  const sameButCase = allowed.find((one) => one.toLowerCase() === role.toLowerCase());
  const hint =
    sameButCase === undefined
      ? ''
      : `; ${quoted(sameButCase)} differs from it in upper and lower case`;
  const one = role.includes(',') ? ' (one role, not a list)' : '';
  return outcome === 'default'
    ? {
        cause: `The default role of the token, ${quoted(role)}, is not among the roles that it allows: ${roles}${hint}`,
        remedy: `Let the provider add ${quoted(role)} to x-hasura-allowed-roles, or write an allowed role as x-hasura-default-role`,
      }
    : {
        cause: `The client requests the role ${quoted(role)} (header x-hasura-role), which is not among the roles that the token allows: ${roles}${hint}`,
        remedy: `Send an allowed role in the header x-hasura-role${one}, or leave the header out, so that the default role is used; or let the provider add ${quoted(role)} to x-hasura-allowed-roles`,
      };
};

/** One row for each kind of refusal. Those that guards and sockets throw can come out of `onSession` too. */
const explainers: Readonly<Record<RefusalKind, Explainer>> = {
  'missing-secret': missing,
  'wrong-secret': wrongSecret,
  'unreadable-headers': () => ({
    cause: 'The headers of the request are not an object of headers',
    remedy: "Pass { headers } with Node's request.headers or a Headers object of the web",
  }),
  'missing-token': missing,
  'malformed-authorization': malformedAuthorization,
  'ambiguous-token': ambiguousToken,
  'invalid-token': (known, { reason }) => tokenReason(reason, tokenDecision(known)),
  'missing-role-claim': (known, { reason }) => missingRoleClaim(reason, tokenDecision(known)),
  'invalid-claims': (known, { reason }) => claimsReason(reason, tokenDecision(known)),
  revoked: () => ({
    cause: 'The token is revoked: by itself, its jti, its sid, its sub or its issuer',
    remedy:
      'Log in again; if fresh tokens are rejected too, they have no iat, or the clock of the provider is behind',
  }),
  'role-not-allowed': roleNotAllowed,
  'hook-unauthorized': (known) => ({
    cause: 'The webhook rejected the request: it answered 401',
    remedy: `Look into the log of the webhook at ${known.nameOf('authHook')}; if authHook.cache is set, it receives the listed headers only`,
  }),
  'hook-invalid-response': (known, error) => ({
    cause: `The response of the webhook cannot be used${underneath(error)}`,
    remedy: `Let the webhook at ${known.nameOf('authHook')} answer 200 with a JSON object of strings, such as {"x-hasura-role": "user"}, or 401 to reject the request`,
  }),
  'hook-unreachable': (known, error) => ({
    cause: `The webhook did not answer${underneath(error)}`,
    remedy: `Call the address in ${known.nameOf('authHook')} with curl from this machine or container, where localhost is the container itself; authHook.timeoutMs is how long it may take`,
  }),
  'hook-busy': () => ({
    cause: 'As many calls of the webhook are in progress as authHook.maxConcurrent allows',
    remedy:
      'Make the webhook faster, let its responses be kept (authHook.cache), or raise authHook.maxConcurrent',
  }),
  'hook-without-role': (known) => ({
    cause: 'The webhook answered 200 without x-hasura-role',
    remedy: `Let the webhook at ${known.nameOf('authHook')} add x-hasura-role to each answer with 200`,
  }),
  'keys-unavailable': (known, error) => {
    const token = tokenDecision(known);
    return {
      cause: `The key set ${String(token.config.keys.describe().address)} could not be fetched${underneath(error)}`,
      remedy: `Fetch the address in ${memberName(token, 'jwk_url')} with curl from this machine or container; it must be that of the key set itself (jwks_uri), not of the discovery document`,
    };
  },
  'revocations-unavailable': () => ({
    cause:
      'This process may have missed revocations for longer than revocations.maxStalenessMs, or has not read the store yet',
    remedy:
      "Restore the connection to the store of revocations, or accept tokens meanwhile with revocations.onUnavailable: 'allow'",
  }),
  'bad-backend-only': () => ({
    cause: 'The header x-hasura-use-backend-only-permissions is neither true nor false',
    remedy:
      'Send true or false in the header x-hasura-use-backend-only-permissions, or leave it out',
  }),
  'role-guard': () => ({
    cause: 'A guard of the app does not allow the role of the session',
    remedy:
      'Request another role of the token with the header x-hasura-role, or add the role to the guard',
  }),
  denied: () => ({
    cause: 'The function onSession of the app rejected the session with deny',
    remedy: 'Look for the message of this refusal in the function onSession',
  }),
  'missing-variable': (_known, { reason }) => ({
    cause: `The function onSession of the app needs a session variable that is not there (${reason})`,
    remedy:
      'Let the provider add the variable to the Hasura claims, or send it as a header beside the admin secret',
  }),
  'malformed-variable': (_known, { reason }) => ({
    cause: `The function onSession of the app needs a list in a session variable (${reason})`,
    remedy: 'Write the variable as a list in Postgres form, such as {a,b}',
  }),
  'bad-connection-params': byApp,
  'session-ended': byApp,
  'session-change': byApp,
};

/** The refusals whose cause is what the app's own function did, so that it need not be named. */
const ofFunctions: ReadonlySet<RefusalKind> = new Set([
  'denied',
  'role-guard',
  'missing-variable',
  'malformed-variable',
]);

/** Why a request is rejected, and what to change. */
export function refusalReason(error: AuthError, known: KnownDecision): RefusalReason {
  const isByApp = factsOf(known, 'on-session').length > 0 && !ofFunctions.has(error.kind);
  const { cause, remedy } = (isByApp ? byApp : explainers[error.kind])(known, error);
  return { cause: `${cause}.`, remedy: `${remedy}.` };
}

/** Why a request is anonymous: what was looked for, what is there instead, and how to send credentials. */
function anonymous(known: AcceptedAs): Reason {
  const { session, nameOf } = known;
  const places = emptyPlaces(known);
  const missed = missedCredential(places, known);
  return {
    cause: `The request has ${missingCredentials(known)}, so it gets the role ${quoted(session.role)} of ${nameOf('unauthorizedRole')}${missed === undefined ? '' : `: ${missed.found}`}.`,
    remedy: `If the client is logged in, ${missed?.remedy ?? howToSend(places, nameOf)}.`,
  };
}

/** Why a request is accepted. Only a request without credentials has something to change. */
export function acceptedReason(known: AcceptedAs): Reason {
  const { session } = known;
  const place = String(known.token?.location);
  const { outcome } = factsOf(known, 'role').at(-1) ?? {};
  const role = quoted(session.role);
  const isRequested = outcome === 'requested';
  const remedy = undefined;
  switch (session.method) {
    case 'admin-secret':
      return {
        cause: isRequested
          ? `The admin secret is right, so the request gets the role that it requests, ${role}.`
          : `The admin secret is right, so the request gets the role ${role}.`,
        remedy,
      };
    case 'jwt':
      return {
        cause: isRequested
          ? `The token in ${place} is valid and allows the requested role, ${role}.`
          : `The token in ${place} is valid, and its default role is ${role}.`,
        remedy,
      };
    case 'webhook':
      return { cause: `The webhook accepted the request with the role ${role}.`, remedy };
    case 'unauthenticated':
      return anonymous(known);
    case 'unsecured':
      return {
        cause: `The option unsecured is true, so every request is accepted, and this one gets the role ${role}.`,
        remedy,
      };
  }
}
