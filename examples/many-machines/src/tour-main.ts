// The tour alone, for parts that run already: their addresses are in variables.
import { setTimeout } from 'node:timers/promises';
import { tour } from './tour.js';

function address(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must be set to an address`);
  return value;
}

/** Waits until something answers at an address; containers start in any order. */
async function answering(url: string): Promise<string> {
  for (;;)
    try {
      await (await fetch(url)).arrayBuffer();
      return url;
    } catch {
      await setTimeout(200);
    }
}

const [issuer = '', express = '', fastify = ''] = await Promise.all(
  ['ISSUER_URL', 'EXPRESS_URL', 'FASTIFY_URL'].map((name) => answering(address(name))),
);
const prometheus = process.env['PROMETHEUS_URL'];
await tour({ issuer, express, fastify, prometheus }, (line) => {
  process.stdout.write(`${line}\n`);
});
