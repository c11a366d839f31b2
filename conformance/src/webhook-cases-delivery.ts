import {
  accepted,
  invalidResponse,
  unauthorized,
  unreachable,
  type WebhookCase,
} from './webhook-case.js';

const user = { 'x-hasura-role': 'user' };
const mebibyte = 1_048_576;
const padded = (bytes: number): string => {
  const head = '{"x-hasura-role":"user","padding":"';
  return `${head}${'x'.repeat(bytes - head.length - 2)}"}`;
};

/** How the response arrives, and whether it does. */
export const deliveryCases: readonly WebhookCase[] = [
  {
    name: 'the connection is cut without a word',
    answer: { delivery: { kind: 'reset' } },
    expect: unreachable('no answer: UND_ERR_SOCKET'),
  },
  {
    name: 'the hook dies in the middle of its answer',
    answer: { body: user, delivery: { kind: 'cut', afterBytes: 10 } },
    expect: unreachable('no answer: the response broke off: UND_ERR_SOCKET'),
  },
  {
    name: 'the hook dies in the middle of a refusal, which its status was already',
    answer: { status: 401, body: user, delivery: { kind: 'cut', afterBytes: 10 } },
    expect: unauthorized,
  },
  {
    name: 'the hook never answers',
    answer: { delivery: { kind: 'hang' } },
    timeUp: true,
    expect: unreachable('no answer: not done within 10000 ms'),
  },
  {
    name: 'the hook never answers, and less time is configured',
    hook: { timeoutMs: 250 },
    answer: { delivery: { kind: 'hang' } },
    timeUp: true,
    expect: unreachable('no answer: not done within 250 ms'),
  },
  {
    name: 'the time covers the body, too',
    answer: { body: user, delivery: { kind: 'drip', everyMs: 3_600_000 } },
    timeUp: true,
    expect: unreachable('no answer: not done within 10000 ms'),
  },
  {
    name: 'a byte order mark before an answer without a length is ignored',
    answer: {
      body: '\ufeff{"x-hasura-role":"user"}',
      headers: { 'transfer-encoding': 'chunked' },
    },
    expect: { ...accepted, variables: user },
  },
  {
    name: 'an answer of 1 MiB is read',
    answer: { body: padded(mebibyte) },
    expect: accepted,
  },
  {
    name: 'a larger one is not',
    answer: { body: padded(mebibyte + 1) },
    expect: invalidResponse('200 (application/json): the body is larger than 1 MiB'),
  },
  {
    name: 'a larger one that does not say so is not read either',
    answer: { body: padded(mebibyte + 1), headers: { 'transfer-encoding': 'chunked' } },
    expect: invalidResponse('200 (application/json): the body is larger than 1 MiB'),
  },
];
