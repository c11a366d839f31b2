import type { Settings } from '../config/parse-options.js';
import { refusalResponse, type RefusalResponse } from '../error-response.js';
import { isAuthError, reworded, type AuthError } from '../errors.js';
import type { DecisionFact, TokenPlace } from '../facts.js';
import { deepFreeze } from '../json.js';
import { longestToken } from '../jwt/decode.js';
import { tokenIdentity } from '../jwt/verify.js';
import type { MaybePromise } from '../maybe-promise.js';
import { explainedRequest, type AuthRequest, type RequestView } from '../request.js';
import type { Decision, JsonValue, Session } from '../session.js';
import type { ExplainedRefusal, ExplainedToken, Explanation } from './explanation.js';
import { adminSecretsOf, configsOf, factsOf, type KnownDecision } from './known-decision.js';
import { cookieValues, redaction, redacted, secretsOf } from './redaction.js';
import { acceptedReason, refusalReason } from './refusal-reasons.js';
import { stepsOf } from './steps.js';
import { placeName } from './words.js';

/** What an explanation needs to know of the app. */
export interface Explained extends Pick<
  Settings,
  'mode' | 'nameOf' | 'runtime' | 'errorResponse' | 'realm'
> {
  /** Decides a request as `authenticate` does, and publishes nothing of it. */
  readonly decide: (request: RequestView) => MaybePromise<Decision>;
}

/** How many levels of a token are shown: deeper JSON would overflow the stack of what prints it. */
const mostLevels = 100;

/** A part of a token as JSON, whatever else is wrong with the token; undefined if it is none. */
function partOf(part: string | undefined): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(part), 'base64url').toString());
    const isNested = typeof value === 'object' && value !== null;
    if (isNested && !deepFreeze(value, mostLevels)) return undefined;
    return value as JsonValue; // as JSON was just parsed
  } catch {
    return undefined;
  }
}

/** A token for the operator's eyes: header and claims, without its signature. */
function shownToken(token: string, place: TokenPlace, isVerified: boolean): ExplainedToken {
  const parts = token.length > longestToken ? [] : token.split('.');
  return {
    location: placeName(place),
    header: parts.length > 1 ? partOf(parts[0]) : undefined,
    payload: parts.length === 3 || parts.length === 2 ? partOf(parts[1]) : undefined,
    isVerified,
    identity: tokenIdentity(token),
  };
}

/** The token that was verified, or would have been: the selected one, else the first. Undefined if none was found. */
function decodedToken(facts: readonly DecisionFact[]): ExplainedToken | undefined {
  const found = factsOf({ facts }, 'token-location').filter(({ token }) => token !== undefined);
  const [matched] = factsOf({ facts }, 'match-issuer');
  const one = found.find(({ token }) => token === matched?.match?.token) ?? found[0];
  if (one?.token === undefined) return undefined;
  return shownToken(one.token, one.place, factsOf({ facts }, 'verify').length > 0);
}

type Outcome = { readonly session: Session } | { readonly error: AuthError };

/** The headers of a request. What cannot be read is left out: the decision has read what it needed. */
function readHeaders(view: RequestView | undefined): ReadonlyMap<string, string> {
  try {
    return new Map(view?.headers());
  } catch {
    return new Map();
  }
}

/** The time; NaN if the app's clock fails, which the decision may not have asked. */
function timeBy(now: () => number): number {
  try {
    return now();
  } catch {
    return NaN;
  }
}

function refusalOf({
  kind,
  code,
  message,
  reason,
  status,
  engineStatus,
}: AuthError): ExplainedRefusal {
  return { kind, code, message, reason, status, engineStatus };
}

/** The response with the values of its cookies left out. */
function withoutCookies(response: RefusalResponse): RefusalResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => {
    if (name.toLowerCase() !== 'set-cookie') return [name, value];
    return [name, [value].flat().map((cookie) => cookie.replace(/=[^;]*/, `=${redacted}`))];
  });
  return { ...response, headers: Object.fromEntries(headers) as RefusalResponse['headers'] }; // of the same types
}

/** The response to a refusal; undefined if the error goes to the framework, that of an app's own function too. */
async function responseTo(
  error: AuthError,
  request: AuthRequest,
  { errorResponse }: Explained,
): Promise<RefusalResponse | undefined> {
  try {
    const response = await refusalResponse(error, errorResponse, request);
    return response && withoutCookies(response);
  } catch {
    return undefined;
  }
}

/** Makes the function behind `authenticator.explain`. */
export function explainer(app: Explained): (request: AuthRequest) => Promise<Explanation> {
  const { mode, nameOf, runtime, realm } = app;

  async function outcomeOf(decide: () => MaybePromise<Decision>): Promise<Outcome> {
    try {
      return { session: (await decide()).session };
    } catch (error) {
      if (!isAuthError(error)) throw error; // an error of the app, as `authenticate` rejects with
      return { error: reworded(error, { realm }) };
    }
  }

  function acceptance(session: Session, known: KnownDecision): Explanation {
    return {
      outcome: 'accepted',
      ...acceptedReason({ ...known, session }),
      steps: stepsOf(known, undefined),
      session,
      refusal: undefined,
      response: undefined,
      token: known.token,
    };
  }

  async function rejection(
    error: AuthError,
    known: KnownDecision,
    request: AuthRequest,
  ): Promise<Explanation> {
    return {
      outcome: 'refused',
      ...refusalReason(error, known),
      steps: stepsOf(known, error),
      session: undefined,
      refusal: refusalOf(error),
      response: await responseTo(error, request, app),
      token: known.token,
    };
  }

  return async (request) => {
    const facts: DecisionFact[] = [];
    let view: RequestView | undefined;
    const outcome = await outcomeOf(() => {
      const observe = (fact: DecisionFact): void => void facts.push(fact);
      view = explainedRequest(request, Object.assign(observe, { everyStep: true }));
      return app.decide(view);
    });
    const [matched] = factsOf({ facts }, 'match-issuer');
    const configs = configsOf({ mode });
    const headers = readHeaders(view);
    const known: KnownDecision = {
      mode,
      nameOf,
      now: timeBy(runtime.now),
      headers,
      facts,
      token: decodedToken(facts),
      config: configs.find(({ option }) => option === matched?.match?.option) ?? configs[0],
    };
    const tokens = factsOf({ facts }, 'token-location').map(({ token = '' }) => token);
    const secrets = [
      ...adminSecretsOf(mode),
      ...tokens.flatMap((token) => [token, token.slice(token.lastIndexOf('.') + 1)]),
      ...secretsOf(headers),
      ...secretsOf(readHeaders(view?.asSent())),
    ];
    const explanation =
      'session' in outcome
        ? acceptance(outcome.session, known)
        : await rejection(outcome.error, known, request);
    const response = redaction([...secrets, ...cookieValues(headers)])(explanation.response);
    return redaction(secrets)({ ...explanation, response });
  };
}
