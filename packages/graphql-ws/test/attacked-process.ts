// A process with a GraphQL server over WebSocket whose own functions fail, for the test that nothing a client sends ends
// it. It sends its address to its parent, and the number of its open connections when it is asked for it.
import { startSocketApp } from './socket-app.js';

console.error = () => undefined; // graphql-ws prints each message that it does not expect

const fails = async (): Promise<never> => {
  throw new Error('a function of the app fails: ' + 'é'.repeat(120));
};
const throws = (): never => {
  throw new Error('the logger fails');
};
const cyclic: { self?: object } = {};
cyclic.self = cyclic;
const payloads: readonly (() => unknown)[] = [
  () => cyclic,
  () => 1n,
  () => undefined,
  fails,
  () => {
    throw new Error('no payload');
  },
];
let refusals = 0;

async function main(): Promise<void> {
  const app = await startSocketApp({
    auth: {
      unauthorizedRole: 'anonymous',
      logger: { warn: throws, error: throws },
      paramsOfPing: (payload) => payload?.['params'],
    },
    server: {
      onDisconnect: () => (Math.random() < 0.5 ? new Promise(() => undefined) : fails()),
      onClose: fails,
      onError: () => undefined,
    },
    legacy: {
      maxOperations: 3,
      keepAliveMs: 1,
      errorPayload: () => payloads[refusals++ % payloads.length]?.(),
    },
  });
  process.on('message', () => process.send?.(app.auth.connections.size));
  process.send?.(app.url);
}

void main();
