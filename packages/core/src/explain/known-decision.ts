import type { Mode } from '../config/mode.js';
import type { DecisionFact } from '../facts.js';
import { isRecord, type Members } from '../json.js';
import type { JwtConfig } from '../jwt/match-issuer.js';
import type { Session } from '../session.js';
import type { ExplainedToken } from './explanation.js';

/** All that is known of a decision when it is put into words. */
export interface KnownDecision {
  readonly mode: Mode;
  /** How messages name an option by its path: by itself, or by its environment variable. */
  readonly nameOf: (path: string) => string;
  /** The time of the decision, in milliseconds since the epoch. */
  readonly now: number;
  /** The headers of the request, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** What the steps reported, in order. */
  readonly facts: readonly DecisionFact[];
  readonly token: ExplainedToken | undefined;
  /** The configuration that the token is verified by; if none was chosen, the first one. */
  readonly config: JwtConfig | undefined;
}

/** Why a request is accepted or rejected, and what to change. */
export interface Reason {
  readonly cause: string;
  readonly remedy: string | undefined;
}

/** Why a request is rejected, and what to change. */
export interface RefusalReason extends Reason {
  readonly remedy: string;
}

/** What one step reports. */
export type Fact<Step extends DecisionFact['step']> = Extract<DecisionFact, { step: Step }>;

/** The facts of one step, in order. */
export function factsOf<Step extends DecisionFact['step']>(
  { facts }: Pick<KnownDecision, 'facts'>,
  step: Step,
): readonly Fact<Step>[] {
  return facts.filter((fact): fact is Fact<Step> => fact.step === step);
}

/** The admin secrets of the app. */
export function adminSecretsOf(mode: Mode): readonly string[] {
  return mode.kind === 'unsecured' ? [] : mode.secrets;
}

/** The configurations of the app's tokens. */
export function configsOf({ mode }: Pick<KnownDecision, 'mode'>): readonly JwtConfig[] {
  return mode.kind === 'jwt' ? mode.jwts : [];
}

/** The same of a request with a token. */
export interface KnownTokenDecision extends KnownDecision {
  readonly config: JwtConfig;
  readonly header: Members;
  readonly payload: Members;
}

const membersOf = (value: unknown): Members => (isRecord(value) ? value : {});

/** What is known of the decision about a token. */
export function tokenDecision(known: KnownDecision): KnownTokenDecision {
  return {
    ...known,
    config: known.config as JwtConfig, // tokens are found in JWT mode alone, which has a configuration
    header: membersOf(known.token?.header),
    payload: membersOf(known.token?.payload),
  };
}

/** How messages name a member of the configuration that a token is verified by. */
export function memberName(
  { config, nameOf }: Pick<KnownTokenDecision, 'config' | 'nameOf'>,
  member: string,
): string {
  return nameOf(`${config.option}.${member}`);
}

/** How an accepted session came about, for the reason of an acceptance. */
export interface AcceptedAs extends KnownDecision {
  readonly session: Session;
}
