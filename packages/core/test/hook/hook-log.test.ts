import { HookLog } from '../../src/webhook/log.js';

describe('the log of a hook', () => {
  let now: number;
  let lines: string[];
  const make = (): HookLog =>
    new HookLog(
      'http://hook.example',
      { warn: (line) => lines.push(`warn ${line}`), error: (line) => lines.push(`error ${line}`) },
      () => now,
    );

  beforeEach(() => {
    now = 0;
    lines = [];
  });

  it('tells of errors and warnings, with the origin', () => {
    const log = make();
    log.error('it is down');
    log.warn('it is odd');
    log.warn('it is odd');
    expect(lines).toEqual([
      'error auth hook http://hook.example: it is down',
      'warn auth hook http://hook.example: it is odd',
    ]);
  });

  it('tells one problem once in ten seconds, with how often it happened', () => {
    const log = make();
    for (now = 0; now < 10_000; now += 1000) log.error('it is down');
    log.warn('it is down');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(
      'warn auth hook http://hook.example: it is down (and 9 times more since it was last told)',
    );
    now += 10_000;
    log.error('it is down');
    expect(lines[2]).toBe('error auth hook http://hook.example: it is down');
  });

  it('remembers a hundred problems, and not more', () => {
    const log = make();
    for (let problem = 0; problem < 100; problem++) log.error(String(problem));
    log.error('0');
    expect(lines).toHaveLength(100);
    log.error('one more');
    log.error('0');
    expect(lines).toHaveLength(102);
  });
});
