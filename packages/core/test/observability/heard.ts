import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The parts of a TracingChannel, in the order that one act publishes them in. */
const parts = ['start', 'error', 'end', 'asyncStart', 'asyncEnd'] as const;

/** A message as it was when it was published: contexts are filled later. */
export interface Heard {
  readonly on: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** The names of the channels of a TracingChannel. */
export const tracingChannels = (name: string): readonly string[] =>
  parts.map((part) => `tracing:${name}:${part}`);

/** What is published on channels while something runs; whether it fails does not matter. */
export async function heardOn(
  channels: readonly string[],
  run: () => unknown,
): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  const listen = (message: unknown, name: string | symbol): void => {
    // Channels publish objects; a copy shows which members there are at this moment.
    heard.push({ on: String(name), message: { ...(message as object) } });
  };
  for (const channel of channels) subscribe(channel, listen);
  try {
    await (async () => run())().catch(() => undefined);
  } finally {
    for (const channel of channels) unsubscribe(channel, listen);
  }
  return heard;
}

/** The complete contexts among them, each once. */
export function complete(heard: readonly Heard[]): readonly Heard['message'][] {
  return heard
    .filter(
      ({ on, message }) => /:(?:end|asyncEnd)$/.test(on) && message['durationMs'] !== undefined,
    )
    .map(({ message }) => message);
}
