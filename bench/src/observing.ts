import { tracingChannel } from 'node:diagnostics_channel';
import { createAuthenticator, type AuthRequest } from '@hasura-auth/core';
import { HasuraAuthInstrumentation, HasuraAuthMetricProducer } from '@hasura-auth/opentelemetry';
import { metrics as table } from '@hasura-auth/core/observability';
import { metrics } from '@hasura-auth/prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
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

/** Reads nothing by itself; without a reader the SDK would drop what is recorded. */
class IdleReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const meters = (): MeterProvider => new MeterProvider({ readers: [new IdleReader()] });

function openTelemetry(spans: 'none' | 'waiting'): () => void {
  const instrumentation = new HasuraAuthInstrumentation({ spans, enabled: false });
  instrumentation.setMeterProvider(meters());
  instrumentation.enable();
  return () => instrumentation.disable();
}

/** What OpenTelemetry itself takes to record one value, called where the instrumentation would call it. */
function histogramAlone(): () => void {
  const { name, unit, buckets = [] } = table.decisions;
  const histogram = meters()
    .getMeter('bench')
    .createHistogram(name, { unit, advice: { explicitBucketBoundaries: [...buckets] } });
  const labels = { method: 'jwt', result: 'success' };
  const record = (): void => histogram.record(0.000_01, labels);
  channels.end.subscribe(record);
  return () => channels.end.unsubscribe(record);
}

const nobody = 'nobody';
const bounded = {
  ends: 'a subscriber of end and asyncEnd',
  start: 'a subscriber of start too',
  prometheus: '@hasura-auth/prometheus',
  producer: '@hasura-auth/opentelemetry, HasuraAuthMetricProducer',
} as const;
const sdkAlone = 'a subscriber that records a histogram of OpenTelemetry';
const instrumented = {
  none: '@hasura-auth/opentelemetry, spans: none',
  waiting: '@hasura-auth/opentelemetry, spans: waiting',
} as const;
const subscribers: Readonly<Record<string, Subscribe>> = {
  [nobody]: () => ignore,
  [bounded.ends]: toEnds,
  [bounded.start]: toStartAndEnds,
  [bounded.prometheus]: () => metrics({ register: new Registry() }).stop,
  [bounded.producer]: () => {
    const producer = new HasuraAuthMetricProducer();
    return () => producer.stop();
  },
  [sdkAlone]: histogramAlone,
  [instrumented.none]: () => openTelemetry('none'),
  [instrumented.waiting]: () => openTelemetry('waiting'),
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
    for (const name of Object.values(instrumented))
      report.accept(
        `µs that are added by ${name}, beyond the histogram alone`,
        added(roundsOf(rounds, name), roundsOf(rounds, sdkAlone)),
        mostAdded,
        'within noise counts',
      );
  },
};
