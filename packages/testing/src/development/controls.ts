import type { EndpointBehaviour } from '../endpoint-behaviour.js';
import {
  json,
  sentence,
  type Endpoint,
  type IssuerReply,
  type IssuerRequest,
} from './endpoints.js';
import type { LogoutDelivery, LogoutTarget } from './logins.js';

/** The state of an issuer, as `GET /control` shows it. */
export interface IssuerStatus {
  readonly issuer: string;
  readonly behaviour: EndpointBehaviour;
  /** The published keys, the one that signs first. */
  readonly keys: readonly { readonly kid: string; readonly alg: string | undefined }[];
  /** How many times the key set was fetched, or tried to be. */
  readonly fetches: number;
  readonly backChannelLogoutUris: readonly string[];
}

/** What can be done to an issuer while it runs. */
export interface IssuerControls {
  /** The state of the issuer. */
  status(): IssuerStatus;
  /**
   * Replaces the key: later tokens are signed with the new one, and only that one is published. With `keepPrevious` the key
   * before it stays published too, as at providers that rotate by a schedule.
   */
  rotate(options?: { readonly keepPrevious?: boolean | undefined }): Promise<void>;
  /** Answers every request but those to `/control` with 503, until `recover()`. */
  outage(): void;
  /** Answers every request but those to `/control` so many milliseconds late, at most 600,000, until `recover()`. */
  slow(ms: number): void;
  /** Answers normally again. */
  recover(): void;
  /**
   * Ends the logins of a user, or one login by its `sid` claim, and posts a logout token (OpenID Connect Back-Channel
   * Logout 1.0) to every registered URI. Resolves to what each has answered.
   */
  logout(target: LogoutTarget): Promise<readonly LogoutDelivery[]>;
  /** Registers a URI of this machine for logout tokens, at most 20. */
  addBackChannelLogoutUri(uri: string): void;
}

const mostSlowMs = 600_000;

/** Checks how slow an issuer shall be. */
export function slowness(ms: unknown): EndpointBehaviour {
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= mostSlowMs))
    throw new RangeError(`slow: expected 0 to ${String(mostSlowMs)} milliseconds`);
  return { kind: 'slow', ms };
}

type Action = (form: URLSearchParams, controls: IssuerControls) => unknown;

function targetOf(form: URLSearchParams): LogoutTarget {
  const [sid, sub] = [form.get('sid'), form.get('sub')];
  if (sid !== null) return { sid };
  if (sub !== null) return { sub };
  throw new RangeError('logout: send sub or sid');
}

const actions: Readonly<Record<string, Action>> = {
  rotate: (form, { rotate }) => rotate({ keepPrevious: form.get('previous') === 'keep' }),
  outage: (_form, { outage }) => {
    outage();
  },
  slow: (form, { slow }) => {
    slow(Number(form.get('ms') ?? 'NaN'));
  },
  recover: (_form, { recover }) => {
    recover();
  },
  logout: (form, { logout }) => logout(targetOf(form)),
  'back-channel': (form, { addBackChannelLogoutUri }) => {
    addBackChannelLogoutUri(form.get('uri') ?? '');
  },
};

/** The control endpoints: GET `/control`, and POST `/control/rotate`, `/outage`, `/slow`, `/recover`, `/logout`, `/back-channel`. */
export function controlEndpoints(controls: IssuerControls): ReadonlyMap<string, Endpoint> {
  const run = async (action: Action, { form, wantsPage }: IssuerRequest): Promise<IssuerReply> => {
    try {
      const result = await action(form, controls);
      if (wantsPage) return { status: 303, headers: { location: '/' }, body: '' };
      return json(200, result === undefined ? controls.status() : (result as object)); // logout's list
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError)
        return sentence(400, error.message);
      throw error;
    }
  };
  return new Map<string, Endpoint>([
    ['/control', { methods: ['GET'], fails: false, answer: () => json(200, controls.status()) }],
    ...Object.entries(actions).map(([name, action]): [string, Endpoint] => [
      `/control/${name}`,
      { methods: ['POST'], fails: false, answer: (request) => run(action, request) },
    ]),
  ]);
}
