import { tracingChannel } from 'node:diagnostics_channel';
import { createAuthenticator, type AuthRequest } from '@hasura-auth/core';
import { HasuraAuthInstrumentation } from '@hasura-auth/opentelemetry';
import { metrics } from '@hasura-auth/prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { authOptions } from './auth-options.js';
import { interleavedRounds, roundsOf, type Contender } from './rounds.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import { spreadOf, type Spread } from './spread.js';
import { benchKey, mintTokens } from './tokens.js';

/** Subscribes to decisions; the returned function ends that. */
type Subscribe = () => () => void;

const channels = tracingChannel('hasura-auth.authenticate');
const ignore = (): void => undefined;

function toEnds(): () => void {
  channels.end.subscribe(ignore);
  channels.asyncEnd.subscribe(ignore);
  return () => {
    channels.end.unsubscribe(ignore);
    channels.asyncEnd.unsubscribe(ignore);
  };
}

function toStartAndEnds(): () => void {
  const stop = toEnds();
  channels.start.subscribe(ignore);
  return () => {
    stop();
    channels.start.unsubscribe(ignore);
  };
}

function openTelemetry(spans: 'none' | 'waiting'): () => void {
  const instrumentation = new HasuraAuthInstrumentation({ spans, enabled: false });
  instrumentation.setMeterProvider(new MeterProvider());
  instrumentation.enable();
  return () => instrumentation.disable();
}

const nobody = 'nobody';
const bounded = {
  ends: 'a subscriber of end and asyncEnd',
  start: 'a subscriber of start too',
  prometheus: '@hasura-auth/prometheus',
} as const;
const subscribers: Readonly<Record<string, Subscribe>> = {
  [nobody]: () => ignore,
  [bounded.ends]: toEnds,
  [bounded.start]: toStartAndEnds,
  [bounded.prometheus]: () => metrics({ register: new Registry() }).stop,
  '@hasura-auth/opentelemetry, spans: none': () => openTelemetry('none'),
  '@hasura-auth/opentelemetry, spans: waiting': () => openTelemetry('waiting'),
};

/** What may be added to a decision, in microseconds. */
const mostAdded = 0.3;
const mostUnsubscribed = 0.05;

/** Decisions about a known token. Channels belong to the process, so each contender subscribes when its turn begins. */
function contenders(request: AuthRequest, decide: (request: AuthRequest) => unknown): Contender[] {
  let current = nobody;
  let stop: () => void = ignore;
  return Object.entries(subscribers).map(([name, subscribe]) => ({
    name,
    prepare() {
      if (current === name) return;
      stop();
      stop = subscribe();
      current = name;
    },
    run(operations) {
      for (let done = 0; done < operations; done++) decide(request);
    },
  }));
}

/** How much longer one takes than another, round by round. */
const added = (values: readonly number[], others: readonly number[]): Spread =>
  spreadOf(values.map((value, round) => value - (others[round] ?? NaN)));

/** What a decision without a subscriber does for the channels: it asks whether there is one. */
async function question(report: Report, effort: Effort): Promise<void> {
  let subscribed = 0;
  const asks: Contender = {
    name: 'asks',
    run(operations) {
      for (let done = 0; done < operations; done++) if (channels.hasSubscribers) subscribed += 1;
    },
  };
  const rounds = roundsOf(await interleavedRounds([asks], effort), asks.name);
  if (subscribed > 0) throw new Error('a subscriber was left');
  report.accept(
    'to ask whether somebody subscribes, µs a decision',
    spreadOf(rounds),
    mostUnsubscribed,
  );
}

export const scenario: Scenario = {
  title: 'What it costs to observe decisions',
  async run(report, effort) {
    const key = benchKey('HS256');
    const [token = ''] = mintTokens(key, 1);
    const { decide } = createAuthenticator(authOptions(key));
    const request = { headers: { accept: '*/*', authorization: `Bearer ${token}` } };
    await question(report, effort);
    const rounds = await interleavedRounds(contenders(request, decide), effort);
    const alone = roundsOf(rounds, nobody);
    report.paragraph('A decision about a known token, in µs of CPU, and what each observer adds.');
    report.table(
      ['observer', 'a decision', 'added'],
      Object.keys(subscribers).map((name) => {
        const own = roundsOf(rounds, name);
        return [name, spreadOf(own), name === nobody ? '–' : added(own, alone)];
      }),
    );
    for (const name of Object.values(bounded))
      report.accept(
        `µs that are added to a decision by ${name}`,
        added(roundsOf(rounds, name), alone),
        mostAdded,
        'within noise counts',
      );
  },
};
