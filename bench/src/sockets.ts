import { startChild } from './child.js';
import type { Report } from './report.js';
import type { Effort, Scenario } from './scenario.js';
import type { SocketFigures } from './sockets-process.js';
import { spreadOf } from './spread.js';

/** Opens connections in a separate process and measures them there. */
export async function socketFigures(connections: number): Promise<SocketFigures> {
  const { child, ready } = await startChild('./sockets-process.ts', String(connections));
  await child.stop();
  return ready as SocketFigures; // sockets-process.ts sends this
}

/** Measures the memory of open connections and how they are closed. */
export const scenario: Scenario = {
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
        [
          'most sockets closed in one turn, when all sessions end at the same time',
          spreadOf(of('closedInOneTurn')),
        ],
        ['delay of the first close, ms', spreadOf(of('firstLateMs'))],
        ['delay of the last close, ms', spreadOf(of('lastLateMs'))],
        ['longest pause of the event loop, ms', spreadOf(of('longestPauseMs'))],
      ],
    );
    report.accept('bytes of each connection', spreadOf(of('bytesEach')), 1024);
    report.accept('objects held after a disconnect', spreadOf(of('heldAfterDisconnect')), 0);
    report.accept('closed in one turn', spreadOf(of('closedInOneTurn')), 50);
    report.accept('delay of the last close, ms', spreadOf(of('lastLateMs')), 250);
  },
};
