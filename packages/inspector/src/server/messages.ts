import type { Explanation } from '@hasura-auth/core';

/** The page's request for an explanation: `api/explain`. */
export interface Question {
  /** A token, header lines or a curl command, as pasted. */
  readonly request: string;
  /** A configuration as pasted; without it, this server's own decides. */
  readonly configuration?: string | undefined;
  /** What to change in the request before it is explained. */
  readonly changes?: Changes | undefined;
}

/** Changes to a pasted request. */
export interface Changes {
  /** The requested role, the header `x-hasura-role`; an empty text removes the header. */
  readonly role?: string | undefined;
  /** The whole payload of the token, edited. */
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Who signed the edited token: the development issuer, the shared secret of the configuration, or a key made for this one
 * explanation, which proves nothing to any app.
 */
export type Signer = 'issuer' | 'secret' | 'nobody';

/** The response to a question. */
export interface Answer {
  readonly explanation: Explanation;
  /** What the configuration logged as a warning at its start. */
  readonly warnings: readonly string[];
  /** If the payload was edited: who signed it, and the token if the issuer or a pasted secret did. */
  readonly signed?: { readonly by: Signer; readonly token?: string | undefined } | undefined;
}

/** What the page has to know at its start: `api/start`. */
export interface Start {
  /** Whose configuration explains requests unless another one is pasted; undefined if one has to be pasted. */
  readonly configuration: 'app' | 'issuer' | undefined;
  readonly issuer:
    { readonly name: string; readonly controls: readonly IssuerAction[] } | undefined;
  readonly providers: readonly ProviderForm[];
  readonly forms: readonly { readonly name: string; readonly title: string }[];
}

/** A provider and what has to be known of the user's account there. */
export interface ProviderForm {
  readonly name: string;
  readonly title: string;
  readonly questions: readonly {
    readonly name: string;
    readonly label: string;
    readonly required: boolean;
    readonly help: string;
    /** Whether there may be several answers. */
    readonly many?: boolean;
    /** Whether the answer is the text of a file. */
    readonly file?: boolean;
    /** The only answers that there are. Default: any text. */
    readonly choices?: readonly string[];
  }[];
}

/** The page's request for a configuration: `api/configuration`. */
export interface ConfigurationQuestion {
  readonly provider: string;
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
  readonly form: string;
}

/** The response to it. */
export interface GeneratedConfiguration {
  /** The configuration in the form that was asked for. */
  readonly text: string;
  /** The same as JSON, which the page can explain requests by. */
  readonly json: string;
}

/** The contents of a development token: `api/token`. */
export interface TokenQuestion {
  readonly role: string;
  readonly roles: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly expiresIn: number;
}

/** An example to explain, whose key was made for it: `api/example`. */
export interface Example {
  readonly request: string;
  readonly configuration: string;
}

/** What a development issuer does on demand: `api/issuer`. */
export type IssuerAction = 'rotate' | 'outage' | 'slow' | 'recover';

/** Every other response: one sentence that names the mistake. */
export interface Failure {
  readonly error: string;
}
