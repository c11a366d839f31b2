import { emptyPlaces, howToSend, missingCredentials } from './credential-reasons.js';
import { missedCredential } from './near-misses.js';
import { factsOf, type AcceptedAs, type Reason } from './told.js';
import { quoted } from './words.js';

/** Why a request is anonymous: what was looked for, what is there instead, and how to send credentials. */
function anonymous(told: AcceptedAs): Reason {
  const { session, nameOf } = told;
  const places = emptyPlaces(told);
  const missed = missedCredential(places, told);
  return {
    cause: `The request has ${missingCredentials(told)}, so it gets the role ${quoted(session.role)} of ${nameOf('unauthorizedRole')}${missed === undefined ? '' : `: ${missed.found}`}.`,
    remedy: `If the client is logged in, ${missed?.remedy ?? howToSend(places, nameOf)}.`,
  };
}

/** Why a request is accepted. Only a request without credentials has something to change. */
export function acceptedReason(told: AcceptedAs): Reason {
  const { session } = told;
  const place = String(told.token?.location);
  const { outcome } = factsOf(told, 'role').at(-1) ?? {};
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
      return anonymous(told);
    case 'unsecured':
      return {
        cause: `The option unsecured is true, so every request is accepted, and this one gets the role ${role}.`,
        remedy,
      };
  }
}
