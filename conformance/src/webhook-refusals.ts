import type { WebhookCase } from './webhook-case.js';

type Expected = WebhookCase['expect'];

/** What a client sees where the hook says 401. */
export const unauthorized: Expected = {
  status: 401,
  code: 'access-denied',
  message: 'Authentication hook unauthorized this request',
};

/** What a client sees where the hook's answer has no meaning; the log says what it was. */
export const invalidResponse = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'Invalid response from authorization hook',
  log,
});

/** What a client sees where no answer came; the log says why. */
export const unreachable = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'webhook authentication request failed',
  log,
});

/** What a client sees where the hook names no role. */
export const withoutRole: Expected = {
  status: 500,
  code: 'invalid-params',
  message: 'x-hasura-role not found in session variables',
  log: ['200 (application/json): there is no x-hasura-role in it'],
};

/** A request that the hook lets pass as user 1. */
export const accepted: Expected = { status: 200 };
