import { request } from 'node:http';
import { loopbackUrl } from './endpoints.js';
import type { Tokens } from './tokens.js';

/** One login of a user at a client. */
export interface Login {
  readonly sid: string;
  readonly sub: string;
  readonly clientId: string;
}

/** Whom to log out: a user everywhere, or one login. */
export type LogoutTarget = { readonly sub: string } | { readonly sid: string };

/** What a back-channel logout URI has answered. */
export interface LogoutDelivery {
  readonly uri: string;
  /** The HTTP status; undefined if there was no answer within 5 s. */
  readonly status: number | undefined;
}

export interface LoginsContext {
  readonly audience: string;
  readonly tokens: Tokens;
}

const mostLogins = 1000;
const mostUris = 20;
const waitMs = 5000;
const tokenSeconds = 120;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** The logins of this process, and the apps that hear of their ends (OpenID Connect Back-Channel Logout 1.0). */
export class Logins {
  readonly #logins = new Map<string, Login>();
  readonly #uris = new Set<string>();
  readonly #context: LoginsContext;

  constructor(context: LoginsContext) {
    this.#context = context;
  }

  add(login: Login): void {
    const [oldest] = this.#logins.keys();
    if (oldest !== undefined && this.#logins.size >= mostLogins) this.#logins.delete(oldest);
    this.#logins.set(login.sid, login);
  }

  /** Adds an address that gets the logout tokens; throws if it is not a http address of this machine. */
  register(uri: string): void {
    if (loopbackUrl(uri)?.protocol !== 'http:')
      throw new TypeError(
        `a back-channel logout URI is a http address at 127.0.0.1 or localhost, got ${JSON.stringify(uri)}`,
      );
    if (this.#uris.size >= mostUris && !this.#uris.has(uri))
      throw new RangeError(
        `at most ${String(mostUris)} back-channel logout URIs can be registered`,
      );
    this.#uris.add(uri);
  }

  get uris(): readonly string[] {
    return [...this.#uris];
  }

  /** Ends logins, and posts a logout token to every registered URI. */
  async logout(target: LogoutTarget): Promise<readonly LogoutDelivery[]> {
    const ended = [...this.#logins.values()].filter((login) =>
      'sid' in target ? login.sid === target.sid : login.sub === target.sub,
    );
    for (const { sid } of ended) this.#logins.delete(sid);
    const sub = 'sub' in target ? target.sub : ended[0]?.sub;
    const { audience, tokens } = this.#context;
    // each receiver finds its own audience: an API that of its tokens, a client its client_id
    const aud = [...new Set([audience, ...ended.map(({ clientId }) => clientId)])];
    return Promise.all(
      this.uris.map(async (uri) => {
        const token = await tokens.sign('logout+jwt', tokenSeconds, {
          aud,
          events: { [logoutEvent]: {} },
          ...(sub !== undefined && { sub }),
          ...('sid' in target && { sid: target.sid }),
        });
        return { uri, status: await post(uri, token) };
      }),
    );
  }
}

/** Posts a logout token; resolves to the status. */
function post(uri: string, token: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const signal = AbortSignal.timeout(waitMs);
    const posted = request(uri, { method: 'POST', headers, agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    posted.once('error', () => {
      resolve(undefined);
    });
    posted.end(new URLSearchParams({ logout_token: token }).toString());
  });
}
