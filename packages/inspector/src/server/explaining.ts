import {
  createAuthenticator,
  type Authenticator,
  type AuthOptions,
  type AuthRequest,
  type HeaderRecord,
} from '@hasura-auth/core';
import { jwtSecretsOf, tokenHeaderOf } from '../configuration/jwt-secrets.js';
import { readConfiguration } from '../configuration/read.js';
import { readRequest } from '../input/request.js';
import { editedToken, tokensIn, withRole, withToken } from './edited-token.js';
import { RequestError } from './exchange.js';
import type { DevelopmentIssuer } from './issuer.js';
import type { Answer, Question, Start } from './messages.js';

/** What requests are explained by unless a configuration is pasted. */
export interface Explainer {
  /** Whose configuration that is. */
  readonly configuration: Start['configuration'];
  /** Explains a pasted request. Throws an InputError, a ConfigError or a RequestError if it cannot be read. */
  explain(question: Question): Promise<Answer>;
}

interface Deciding {
  readonly request: AuthRequest;
  /** The options that are known; undefined if only the authenticator is. */
  readonly options: AuthOptions | undefined;
  readonly signed?: Answer['signed'];
}

/** Makes the explainer of an app's authenticator, of its options, or of a development issuer's configuration. */
export function createExplainer(
  authenticator: Authenticator | undefined,
  appOptions: AuthOptions | undefined,
  issuer: DevelopmentIssuer | undefined,
): Explainer {
  const own =
    appOptions ??
    (authenticator === undefined && issuer !== undefined
      ? { adminSecret: false as const, jwtSecret: issuer.jwtSecret }
      : undefined);
  /** One authenticator for all questions, whose key sets are fetched once, as in an app. */
  const ownWarnings: string[] = [];
  let kept = authenticator;

  const made = (options: AuthOptions, warnings: string[]): Authenticator => {
    const warn = (message: string): void => {
      if (warnings.length < 20) warnings.push(message);
    };
    const { logRefusals: _log, onRefused: _refused, ...rest } = options;
    return createAuthenticator({
      ...rest,
      ...(ofIssuer(options, issuer) && { fetch: issuer?.fetch }),
      logger: { warn, error: warn },
    });
  };

  const changed = async (
    request: AuthRequest,
    { changes }: Question,
    options: AuthOptions | undefined,
  ): Promise<Deciding> => {
    const { role, payload } = changes ?? {};
    const asRole = role === undefined ? request : withRole(request, role);
    if (payload === undefined) return { request: asRole, options };
    const [found] = tokensIn(request.headers as HeaderRecord); // `readRequest` makes records only
    if (found === undefined)
      throw new RequestError(400, 'The request has no token whose claims could be edited.');
    const edited = await editedToken(found.payload, payload, options, issuer);
    // The client need not be the developer: a plain proxy looks like a browser on this machine. Who pasted a secret has it
    // already; what the app's own secret has signed would be accepted by the app.
    const isShown = edited.by === 'issuer' || (edited.by === 'secret' && options !== own);
    return {
      request: withToken(asRole, found, edited.token),
      options: edited.options,
      signed: { by: edited.by, ...(isShown && { token: edited.token }) },
    };
  };

  return {
    configuration: (authenticator ?? appOptions) ? 'app' : issuer && 'issuer',
    async explain(question) {
      const options =
        question.configuration === undefined ? own : readConfiguration(question.configuration);
      const request = readRequest(question.request, options && tokenHeaderOf(options));
      if (options === undefined && kept === undefined)
        throw new RequestError(400, 'Paste a configuration: this server has none of its own.');
      if (question.changes?.payload !== undefined && options !== undefined && options !== own)
        await made(options, []).close(); // a mistake in the options is reported before they are changed
      const deciding = await changed(request, question, options);
      const warnings: string[] = [];
      if (deciding.options === own) {
        kept ??= made(own ?? {}, ownWarnings);
        return answer(await kept.explain(deciding.request), ownWarnings, deciding.signed);
      }
      const once = made(deciding.options ?? {}, warnings);
      try {
        return answer(await once.explain(deciding.request), warnings, deciding.signed);
      } finally {
        await once.close();
      }
    },
  };
}

/** Whether the only keys of the options are those of the issuer, which may have no address to fetch them from. */
function ofIssuer(options: AuthOptions, issuer: DevelopmentIssuer | undefined): boolean {
  if (issuer?.fetch === undefined) return false;
  const urls = jwtSecretsOf(options).map(({ members }) => members.jwk_url);
  const address = `${issuer.issuer}/`;
  return urls.length > 0 && urls.every((url) => typeof url === 'string' && url.startsWith(address));
}

function answer(
  explanation: Answer['explanation'],
  warnings: readonly string[],
  signed: Answer['signed'],
): Answer {
  return { explanation, warnings: [...warnings], ...(signed !== undefined && { signed }) };
}
