import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import type { SocketFigures } from './socket-figures.js';
import { spreadOf } from './spread.js';

const run = promisify(execFile);

/** Runs the sockets in a process of their own. */
export async function socketFigures(connections: number): Promise<SocketFigures> {
  const { stdout } = await run(execPath, [
    '--expose-gc',
    '--conditions=hasura-auth-source',
    '--import=tsx',
    fileURLToPath(new URL('./sockets-process.ts', import.meta.url)),
    String(connections),
  ]);
  return JSON.parse(stdout) as SocketFigures; // written by that program
}

/** What open connections cost, and how they end. */
export const scenario: Scenario = {
  name: 'sockets',
  title: 'Open connections, each with an expiry',
  async run(report: Report, { quick }: Effort) {
    const figures: SocketFigures[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++)
      figures.push(await socketFigures(quick ? 1000 : 10_000));
    const of = (name: keyof SocketFigures): number[] => figures.map((figure) => figure[name]);
    report.table(
      ['', 'median [quartiles]'],
      [
        ['connections', spreadOf(of('connections'))],
        ['bytes each, without the session', spreadOf(of('bytesEach'))],
        ['bytes of each session', spreadOf(of('sessionBytesEach'))],
        ['objects held after a disconnect', spreadOf(of('heldAfterDisconnect'))],
        ['all end at one moment: closed in one turn, at most', spreadOf(of('closedInOneTurn'))],
        ['first closed so late, ms', spreadOf(of('firstLateMs'))],
        ['last closed so late, ms', spreadOf(of('lastLateMs'))],
        ['longest pause of the event loop, ms', spreadOf(of('longestPauseMs'))],
      ],
    );
    report.accept('bytes of each connection', spreadOf(of('bytesEach')), 1024);
    report.accept('objects held after a disconnect', spreadOf(of('heldAfterDisconnect')), 0);
    report.accept('closed in one turn', spreadOf(of('closedInOneTurn')), 50);
    report.accept('the last one late, in ms', spreadOf(of('lastLateMs')), 250);
  },
};
