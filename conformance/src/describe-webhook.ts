import type { AuthOptions, Session } from '@hasura-auth/core';
import { expectSoundSession } from './expectations.js';
import {
  heldTimers,
  type SentRequest,
  startWebhookServer,
  type WebhookServer,
  keptLog,
  type KeptLog,
} from '@hasura-auth/testkit';

import { ownHost, webhookNow, type WebhookCase } from './webhook-case.js';
import { answerCases } from './webhook-cases-answer.js';
import { deliveryCases } from './webhook-cases-delivery.js';
import { headerCases } from './webhook-cases-headers.js';
import { lifetimeCases } from './webhook-cases-lifetime.js';
import { requestCases } from './webhook-cases-request.js';

/** Every case of the protocol of auth webhooks. */
const webhookCases: readonly WebhookCase[] = [
  ...answerCases,
  ...lifetimeCases,
  ...deliveryCases,
  ...headerCases,
  ...requestCases,
];

/** What a client of the app under test sees, and what its handler does. */
export interface WebhookOutcome {
  readonly status: number;
  /** Of a refusal. */
  readonly code?: string;
  readonly message?: string;
  readonly cookies: readonly string[];
  /** Of a request that was accepted. */
  readonly session?: Session;
}

export interface WebhookTarget {
  send(request: SentRequest): Promise<WebhookOutcome>;
  close(): Promise<void>;
}

/** Starts an app that treats a JSON body that it cannot parse as no body. */
export type StartWebhookTarget = (options: AuthOptions) => Promise<WebhookTarget>;

function expectReceived({ expect: { received } }: WebhookCase, server: WebhookServer): void {
  const [request] = server.requests;
  if (received === undefined) return;
  if (received === 'nothing') {
    expect(server.requests).toEqual([]);
    return;
  }
  const { method, headers = {}, body, request: member, text } = received;
  expect(server.requests).toHaveLength(1);
  if (method !== undefined) expect(request?.method).toBe(method);
  for (const [name, value] of Object.entries(headers))
    expect({ [name]: request?.headers[name] ?? null }).toEqual({
      [name]: value === ownHost ? new URL(server.url).host : value,
    });
  if (text !== undefined) expect(request?.body).toBe(text);
  if (member !== undefined)
    expect(JSON.parse(request?.body ?? '')).toEqual({
      headers: expect.any(Object),
      request: member,
    });
  if (body !== undefined) expect(JSON.parse(request?.body ?? '')).toEqual(body);
}

function expectOutcome({ expect: expected }: WebhookCase, outcome: WebhookOutcome): void {
  const { status, code, message, session, cookies } = outcome;
  expect({ status, code, message }).toEqual({
    status: expected.status,
    code: expected.code,
    message: expected.message,
  });
  expect(cookies).toEqual(expected.cookies ?? []);
  expect(session === undefined).toBe(expected.status !== 200);
  if (session === undefined) return;
  expectSoundSession(session);
  expect(session.method).toBe(expected.by ?? 'webhook');
  if (expected.variables) expect({ ...session.sessionVariables }).toEqual(expected.variables);
  if (expected.expiresAt !== undefined) expect(session.expiresAt ?? null).toBe(expected.expiresAt);
}

function expectLog({ expect: { log = [], mayLog = [] } }: WebhookCase, kept: KeptLog): void {
  const lines = kept.lines.filter((line) => !mayLog.some((part) => line.includes(part)));
  expect(lines).toHaveLength(log.length);
  log.forEach((part, index) => {
    expect(lines[index]).toContain(part);
  });
}

async function checkCase(row: WebhookCase, start: StartWebhookTarget): Promise<void> {
  const server = await startWebhookServer();
  if (row.answer) server.answerWith(row.answer);
  const timers = heldTimers();
  const log = keptLog();
  const target = await start({
    adminSecret: 'the right admin secret',
    authHook: { url: server.url, ...row.hook },
    logger: log.logger,
    runtime: { now: () => webhookNow, setTimeout: timers.setTimeout },
  });
  try {
    const sending = target.send(row.request ?? { headers: { 'auth-user-id': '1' } });
    if (row.timeUp) {
      await server.arrived(1);
      timers.expire();
    }
    expectOutcome(row, await sending);
    expectReceived(row, server);
    expectLog(row, log);
    expect(log.lines.join()).not.toContain('marked');
  } finally {
    await Promise.all([target.close(), server.close()]);
  }
}

/** Runs the whole protocol of auth webhooks against one target, with a real hook on loopback for each case. */
export function describeWebhook(name: string, start: StartWebhookTarget): void {
  describe(`${name} asks an auth webhook`, () => {
    it.each(webhookCases)('$name', (row) => checkCase(row, start));
  });
}
