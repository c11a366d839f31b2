// `pnpm bench [SCENARIO…] [--quick]`: runs all scenarios or those named, and prints a report in Markdown.
import { argv, stdout } from 'node:process';
import { writePreamble } from './preamble.js';
import { Report } from './report.js';
import type { Effort } from './scenario.js';
import { scenarioNames, scenarios } from './scenarios.js';

const thorough: Effort = { quick: false, rounds: 15, shortRounds: 151, shortRoundMs: 8 };
const quick: Effort = { quick: true, rounds: 2, shortRounds: 2, shortRoundMs: 1 };

async function main(words: readonly string[]): Promise<void> {
  const names = words.filter((word) => !word.startsWith('--'));
  const unknown = names.filter((name) => !scenarioNames.includes(name));
  if (unknown.length > 0)
    throw new Error(
      `no scenario is named ${unknown.join(', ')}; choose from ${scenarioNames.join(', ')}`,
    );
  const effort = words.includes('--quick') ? quick : thorough;
  const report = new Report((text) => stdout.write(text));
  writePreamble(report, effort);
  if (effort.quick) report.paragraph('A quick run, which only shows that the scenarios work.');
  for (const [name, load] of Object.entries(scenarios)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { scenario } = await load();
    const began = performance.now();
    report.heading(scenario.title);
    await scenario.run(report, effort);
    report.paragraph(
      `\`pnpm bench ${name}\` took ${((performance.now() - began) / 1000).toFixed(0)} s.`,
    );
  }
  report.summary();
}

await main(argv.slice(2));
