import { emptyPlaces, howToSend, missingCredentials } from './credential-reasons.js';
import { missedCredential } from './near-misses.js';
import { factsOf, type AcceptedAs, type Reason } from './known-decision.js';
import { quoted } from './words.js';

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
