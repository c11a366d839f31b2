import { cpus } from 'node:os';
import { argv, stdout, version } from 'node:process';
import { peerVersions } from './peer-versions.js';
import { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';

/** Every scenario by its name, in the order of the report; loaded when it is asked for. */
const scenarios: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  proofs: () => import('./proofs.js'),
  verification: () => import('./verification.js'),
  flood: () => import('./flood.js'),
  growth: () => import('./growth.js'),
  memory: () => import('./memory.js'),
  bursts: () => import('./bursts.js'),
  http: () => import('./http.js'),
  sockets: () => import('./sockets.js'),
  'key-sets': () => import('./key-sets.js'),
  webhook: () => import('./webhook.js'),
};

const thorough: Effort = { quick: false, rounds: 15, shortRounds: 151, shortRoundMs: 8 };
const quick: Effort = { quick: true, rounds: 2, shortRounds: 2, shortRoundMs: 1 };

async function main(words: readonly string[]): Promise<void> {
  const names = words.filter((word) => !word.startsWith('--'));
  const unknown = names.filter((name) => !(name in scenarios));
  if (unknown.length > 0)
    throw new Error(
      `unknown: ${unknown.join(', ')}; there are ${Object.keys(scenarios).join(', ')}`,
    );
  const effort = words.includes('--quick') ? quick : thorough;
  const report = new Report((text) => stdout.write(text));
  report.say(
    `${String(cpus().length)} cores, Node ${version.slice(1)}, ${String(effort.rounds)} paired rounds (in one process ${String(effort.shortRounds)} short ones); ${peerVersions()}`,
  );
  for (const [name, load] of Object.entries(scenarios)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { scenario } = await load();
    report.heading(scenario.title);
    await scenario.run(report, effort);
  }
  report.summary();
}

await main(argv.slice(2));
