import { connect } from 'node:net';
import fc from 'fast-check';
import type { AuthOptions } from '@hasura-auth/core';
import { hmacKey, hmacToken, startWebhookServer, type WebhookAnswer } from '@hasura-auth/testkit';
import { frameworks, startApp, type AppUnderTest } from './apps.js';
import { adminSecret, anyJson, deepJson, headerName, headerValue } from './hostile-values.js';
import type { Part } from './part.js';

/** How long an app may take for one request, in milliseconds; a busy machine needs a part of it. */
const patientMs = 20_000;

const silent = { warn: (): undefined => undefined, error: (): undefined => undefined };
const jwtSecret = { type: 'HS256', key: hmacKey } as const;

function modes(hookUrl: string): Readonly<Record<string, AuthOptions>> {
  return {
    'admin secret': { adminSecret, unauthorizedRole: 'anonymous', clientVariables: 'keep' },
    jwt: { adminSecret, jwtSecret },
    'jwt at three places': {
      adminSecret,
      unauthorizedRole: 'anonymous',
      jwtSecrets: [
        jwtSecret,
        { ...jwtSecret, header: { type: 'Cookie', name: 'session' } },
        { ...jwtSecret, header: { type: 'CustomHeader', name: 'x-token' } },
      ],
    },
    'GET hook': { adminSecret, authHook: { url: hookUrl } },
    'POST hook': {
      adminSecret,
      authHook: { url: hookUrl, mode: 'POST' },
      errorResponse: 'problem',
    },
  };
}

interface Sent {
  readonly app: AppUnderTest;
  readonly text: string;
  /** After how much of the request the client goes away; all of it is sent if absent. */
  readonly cut: number | undefined;
  readonly hookAnswer: WebhookAnswer;
}

/** Sends bytes and returns all that comes back until the server closes. */
function exchange({ app, text, cut }: Sent): Promise<string> {
  const bytes = Buffer.from(text, 'latin1');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(app.port, '127.0.0.1', () => {
      if (cut === undefined) socket.write(bytes);
      else
        socket.write(bytes.subarray(0, Math.floor(bytes.length * cut)), () => {
          socket.destroy();
        });
    });
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`${app.name}: no answer within ${String(patientMs)} ms`));
    }, patientMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined); // a reset is how a server ends what it does not read
    socket.on('close', () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
}

/** A request that is cut off may reach the handler while the next one is checked, so it has no right to be admin. */
function withoutSecret(text: string): string {
  return text.replaceAll(adminSecret, 'a wrong admin secret');
}

/** What must hold of an answer; a request that was cut off has none. */
function checkAnswer({ app, text, cut }: Sent, answer: string): void {
  const bare = app.reached.findIndex((session) => !session);
  if (bare !== -1) throw new Error(`${app.name}: a handler ran without a session`);
  const admin = app.reached.some((session) => session?.method === 'admin-secret');
  if (admin && !text.includes(adminSecret))
    throw new Error(`${app.name}: an admin without the secret`);
  if (cut !== undefined) return;
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
  if (status === undefined) throw new Error(`${app.name}: not an answer: ${answer.slice(0, 80)}`);
  const isRefusal =
    answer.includes('"code":"unexpected"') || answer.includes('"code":"invalid-params"');
  if (status === '500' && !isRefusal) throw new Error(`${app.name}: ${answer}`);
}

/** Raw HTTP requests at three frameworks in each mode, some of them cut off. */
export const httpPart: Part = {
  name: 'http',
  async start() {
    const hook = await startWebhookServer();
    const apps: AppUnderTest[] = [];
    for (const framework of frameworks)
      for (const [mode, options] of Object.entries(modes(hook.url)))
        apps.push(await startApp(framework, mode, { logger: silent, ...options }));
    const tokens = [await hmacToken(['user', 'editor']), await hmacToken(['admin'], { exp: 1 })];

    const headers = fc.array(fc.tuple(headerName, headerValue(tokens)), { maxLength: 10 });
    const body = fc.oneof(
      fc.constant(undefined),
      anyJson.map((json) => JSON.stringify(json) ?? ''),
      deepJson,
      fc.constant('{"query":"{ a }","variables":{"__proto__":1}}'),
    );
    const request = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'OPTIONS', 'DELETE'),
        fc.constantFrom('/', '/a?query={a}', '//', '/%00?variables=%7B'),
        headers,
        body,
      )
      .map(([method, path, lines, content]) => {
        const own = lines.filter(
          ([name]) =>
            !/^(?:content-type|expect|upgrade|host)$/i.test(name) || content === undefined,
        );
        const length =
          content === undefined
            ? []
            : [
                ['Content-Type', 'application/json'],
                ['Content-Length', String(Buffer.byteLength(content))],
              ];
        // The value as bytes: a line break would end the header, which is Node's to read and not ours.
        const all = [['Host', 'a.example'], ...own, ...length, ['Connection', 'close']].map(
          ([name = '', value = '']) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}`,
        );
        return `${method} ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${Buffer.from(content ?? '').toString('latin1')}`;
      });
    const hookAnswer = fc.record({
      status: fc.constantFrom(200, 200, 401, 500),
      body: fc.oneof(fc.constant({ 'X-Hasura-Role': 'user' }), anyJson),
      headers: fc.constantFrom({}, { 'set-cookie': 'a=b' }),
    });
    const sent = fc.record({
      app: fc.constantFrom(...apps),
      text: request,
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 4 }),
      hookAnswer,
    });
    return {
      property: fc.asyncProperty(sent, async (input) => {
        const one = input.cut === undefined ? input : { ...input, text: withoutSecret(input.text) };
        hook.answerWith(one.hookAnswer);
        one.app.reached.length = 0;
        checkAnswer(one, await exchange(one));
      }),
      async finish() {
        await Promise.all(apps.map((app) => app.close()));
        await hook.close();
      },
    };
  },
};
