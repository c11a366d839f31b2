import assert from 'node:assert/strict';
import { createAuthenticator } from '@hasura-auth/core';
import { HasuraAuthInstrumentation } from '@hasura-auth/opentelemetry';

async function main() {
  const names = [];
  const recorded = [];
  const instrument = (name) => {
    names.push(name);
    return {
      record: (_value, attributes) => recorded.push({ name, ...attributes }),
      add() {},
      addCallback() {},
      removeCallback() {},
    };
  };
  const meter = {
    createHistogram: instrument,
    createObservableCounter: instrument,
    createObservableGauge: instrument,
    createObservableUpDownCounter: instrument,
  };
  const instrumentation = new HasuraAuthInstrumentation();
  instrumentation.setMeterProvider({ getMeter: () => meter });
  const { authenticate } = createAuthenticator({ adminSecret: 's' });
  await authenticate({ headers: { 'x-hasura-admin-secret': 's' } });
  instrumentation.disable();
  assert.equal(names.length, 10);
  assert.deepEqual(recorded, [
    { name: 'hasura_auth.authenticate.duration', method: 'admin-secret', result: 'success' },
  ]);
  console.log('done');
}
main();
