import type { WebhookCase } from './webhook-case.js';

type Expected = WebhookCase['expect'];

/** What a client gets if the hook responds with 401. */
export const unauthorized: Expected = {
  status: 401,
  code: 'access-denied',
  message: 'Authentication hook unauthorized this request',
};

/** What a client gets if the hook's response has no meaning; the log describes it. */
export const invalidResponse = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'Invalid response from authorization hook',
  log,
});

/** What a client gets if the hook does not respond; the log has the reason. */
export const unreachable = (...log: string[]): Expected => ({
  status: 500,
  code: 'unexpected',
  message: 'webhook authentication request failed',
  log,
});

/** What a client gets if the hook names no role. */
export const withoutRole: Expected = {
  status: 500,
  code: 'invalid-params',
  message: 'x-hasura-role not found in session variables',
  log: ['200 (application/json): it contains no x-hasura-role'],
};

/** A request that the hook accepts as user 1. */
export const accepted: Expected = { status: 200 };
