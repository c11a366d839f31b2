import type { Logger } from '@hasura-auth/core';

/** A logger that keeps what it is given, each message once. */
export interface KeptWarnings {
  readonly logger: Logger;
  readonly messages: readonly string[];
}

/** How many messages are kept: each is about the configuration or its keys. */
const mostMessages = 200;

export function keptWarnings(): KeptWarnings {
  const messages: string[] = [];
  const keep = (message: string): void => {
    if (messages.length < mostMessages && !messages.includes(message)) messages.push(message);
  };
  return { logger: { warn: keep, error: keep }, messages };
}
