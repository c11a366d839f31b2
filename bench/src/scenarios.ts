import type { Scenario } from './scenario.js';

type Load = () => Promise<{ readonly scenario: Scenario }>;

/** Every scenario by its name, in the order of the report; loaded when it is run. */
export const scenarios: Readonly<Record<string, Load>> = {
  proofs: () => import('./proofs.js'),
  verification: () => import('./verification.js'),
  busy: () => import('./busy.js'),
  flood: () => import('./flood.js'),
  growth: () => import('./growth.js'),
  memory: () => import('./memory.js'),
  bursts: () => import('./bursts.js'),
  http: () => import('./http.js'),
  sockets: () => import('./sockets.js'),
  'key-sets': () => import('./key-sets.js'),
  explaining: () => import('./explaining.js'),
  observing: () => import('./observing.js'),
  hostile: () => import('./hostile.js'),
  webhook: () => import('./webhook.js'),
  many: () => import('./many.js'),
};

/** The names for the command line: `pnpm bench NAME`. */
export const scenarioNames: readonly string[] = Object.keys(scenarios);
