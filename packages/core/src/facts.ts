import type { Session } from './session.js';

/** Where a token is looked for; header names in lower case. */
export interface TokenPlace {
  readonly kind: 'authorization' | 'cookie' | 'header';
  /** The name of the cookie or header. */
  readonly name?: string;
}

/** A JWT configuration that was a candidate for a token. */
export interface ComparedIssuer {
  /** The path of the option, such as `jwtSecrets[1]`. */
  readonly option: string;
  /** The issuer of the configuration, if it has one. */
  readonly issuer: string | undefined;
  /** Whether the configuration has no issuer, the token has none, or they are equal. */
  readonly fits: boolean;
}

/**
 * What a step of a decision reports when it is done, for an explanation. An app's own observer gets `step` and `outcome`
 * alone: the other members may hold a token, roles and names that the client chose.
 */
export type DecisionFact =
  | {
      readonly step: 'admin-secret';
      readonly outcome: 'absent' | 'right' | 'wrong';
    }
  | {
      readonly step: 'token-location';
      readonly outcome: 'absent' | 'found' | 'malformed' | 'ambiguous';
      readonly place: TokenPlace;
      /** The token, if one was found. */
      readonly token?: string;
    }
  | { readonly step: 'decode'; readonly outcome: 'decoded' }
  | {
      readonly step: 'match-issuer';
      readonly outcome: 'none' | 'one configuration' | 'several';
      readonly compared: readonly ComparedIssuer[];
      /** The token and the option of the configuration that are left, if there is one of each. */
      readonly match?: { readonly option: string; readonly token: string };
    }
  | {
      readonly step: 'key';
      readonly outcome: 'none' | 'found' | 'algorithm not allowed';
      readonly keys: number;
    }
  | { readonly step: 'verify'; readonly outcome: 'verified' }
  | { readonly step: 'registered-claims'; readonly outcome: 'valid' }
  | { readonly step: 'claims'; readonly outcome: 'read' }
  | { readonly step: 'revocation'; readonly outcome: 'not revoked' }
  | {
      readonly step: 'role';
      /** Which role is used. */
      readonly outcome: 'default' | 'requested';
      readonly role: string;
      /** The roles that the client may request; absent if it may request any. */
      readonly allowed?: readonly string[];
    }
  | {
      readonly step: 'backend-only';
      readonly outcome: 'true' | 'false' | 'unreadable';
    }
  | {
      readonly step: 'webhook';
      readonly outcome: 'accepted' | 'refused' | 'cached response';
    }
  | {
      readonly step: 'unauthenticated';
      readonly outcome: 'accepted' | 'refused';
      /** The role of requests without credentials, if there is one. */
      readonly role?: string;
    }
  | {
      readonly step: 'on-session';
      readonly outcome: 'called';
      /** The session that the app's function was given. */
      readonly session: Session;
    };

/** Gets what each step reports. */
export interface FactObserver {
  (fact: DecisionFact): void;
  /** Whether every step must be taken, so that a token is verified again that was verified before. Default false. */
  readonly everyStep?: boolean;
}
