import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { RPCType, setRPCMetadata } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  HasuraAuthInstrumentation,
  type HasuraAuthMetricProducer,
  type HasuraAuthInstrumentationConfig,
} from '@hasura-auth/opentelemetry';

const ends: (() => unknown)[] = [];

/** Ends everything that a test has started, the global providers too. */
export async function endTelemetry(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
  trace.disable();
  context.disable();
  propagation.disable();
}

/** The address of a server on loopback, until the test ends. */
export async function listening(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** The SDK with its exporters, and what they have. */
export interface Telemetry {
  readonly instrumentation: HasuraAuthInstrumentation;
  /** The finished spans, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** The text that the exporter of the SDK sends to Prometheus, over HTTP. */
  scrape(): Promise<string>;
}

/** Starts the SDK, the instrumentation of fetch and that of this library. */
export async function telemetry(
  config: HasuraAuthInstrumentationConfig = {},
  metricProducers: HasuraAuthMetricProducer[] = [],
): Promise<Telemetry> {
  const finished = new InMemorySpanExporter();
  const tracerProvider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(finished)],
  });
  tracerProvider.register();
  const exporter = new PrometheusExporter({ preventServerStart: true, metricProducers });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const instrumentation = new HasuraAuthInstrumentation(config);
  const undici = new UndiciInstrumentation();
  for (const one of [instrumentation, undici]) {
    one.setTracerProvider(tracerProvider);
    one.setMeterProvider(meterProvider);
    ends.push(() => one.disable());
  }
  ends.push(() => meterProvider.shutdown());
  for (const producer of metricProducers) ends.push(() => producer.stop());
  const url = await listening((request, response) => {
    exporter.getMetricsRequestHandler(request, response);
  });
  return {
    instrumentation,
    spans: () => finished.getFinishedSpans(),
    scrape: async () => {
      const tracing = undici.isEnabled();
      undici.disable(); // its own request is no part of what is looked at
      const text = await (await fetch(url)).text();
      if (tracing) undici.enable();
      return text;
    },
  };
}

/** Runs a listener within a SERVER span, as the HTTP instrumentation does. */
export function withServerSpan(listener: RequestListener): RequestListener {
  return (request: IncomingMessage, response) => {
    const tracer = trace.getTracer('http');
    const span = tracer.startSpan(request.method ?? 'GET', { kind: SpanKind.SERVER });
    const server = setRPCMetadata(trace.setSpan(context.active(), span), {
      type: RPCType.HTTP,
      span,
    });
    response.on('finish', () => {
      span.end();
    });
    context.with(server, () => {
      // What a framework's instrumentation makes active around a middleware.
      const middleware = tracer.startSpan('middleware');
      response.on('finish', () => {
        middleware.end();
      });
      context.with(trace.setSpan(context.active(), middleware), () => listener(request, response));
    });
  };
}
