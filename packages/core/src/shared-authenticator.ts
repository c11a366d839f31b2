import { createAuthenticator, type Authenticator } from './authenticator.js';
import { optionsFromEnv } from './config/env.js';
import type { AuthOptions } from './config/options.js';
import type { ErrorResponse } from './error-response.js';
import { ConfigError } from './errors.js';
import { isRecord } from './json.js';
import { nearestName, recordOf } from './option-checks.js';

/** An authenticator that several apps share, and how this app answers refusals (default: as the authenticator does). */
export interface SharedAuthenticator {
  /** What `createAuthenticator` returned; anything else is a ConfigError. The app that made it closes it. */
  readonly authenticator: Authenticator;
  /** The style of this app's error responses. Default: that of the authenticator. */
  readonly errorResponse?: ErrorResponse | undefined;
}

/**
 * What `hasuraAuth` takes: options, a shared authenticator, or nothing, to read the environment. For a parameter that is
 * spread into further options, use `AuthOptions`: a shared authenticator takes none.
 */
export type HasuraAuthOptions =
  (AuthOptions & { readonly authenticator?: never }) | SharedAuthenticator;

/** An authenticator, and whether it was made from options, so that the adapter that made it closes it. */
export interface OwnedAuthenticator {
  /** The one that decides. */
  readonly authenticator: Authenticator;
  /** True if it was made from options, so that the adapter closes it; false if the app has shared it. */
  readonly owned: boolean;
}

/**
 * Distinguishes the two kinds of options. If there is an authenticator, it must be a real one, without options beside
 * it that would have no effect.
 */
function isShared(options: HasuraAuthOptions): options is SharedAuthenticator {
  if (!isRecord(options)) throw new ConfigError('options', 'expected an object');
  if (!('authenticator' in options)) return false;
  const known = ['authenticator', 'errorResponse'];
  for (const name of Object.keys(options))
    if (!known.includes(name) && nearestName(name, known) === undefined)
      throw new ConfigError(
        'options',
        `${JSON.stringify(name)} has no effect beside authenticator; pass it to createAuthenticator instead`,
      );
  recordOf(options, known, 'options');
  const { authenticator } = options;
  if (isRecord(authenticator) && typeof authenticator['decide'] === 'function') return true;
  throw new ConfigError('authenticator', 'expected what createAuthenticator returns');
}

/**
 * The authenticator of what an app has passed to `hasuraAuth`: the one in it, one made from its options, or, without
 * options, one made from the environment. Throws a ConfigError.
 *
 * @example
 * const { authenticator, owned } = authenticatorFrom(options);
 * if (owned) server.on('close', () => void authenticator.close());
 */
export function authenticatorFrom(
  given?: HasuraAuthOptions,
  defaults: Pick<AuthOptions, 'logger'> = {},
): OwnedAuthenticator {
  const options = given ?? optionsFromEnv();
  return isShared(options)
    ? { authenticator: options.authenticator, owned: false }
    : {
        authenticator: createAuthenticator({
          ...options,
          logger: options.logger === undefined ? defaults.logger : options.logger,
        }),
        owned: true,
      };
}
