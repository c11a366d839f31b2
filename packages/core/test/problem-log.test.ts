import { ProblemLog, quotedWord } from '../src/problem-log.js';

describe('the log of what goes wrong with a service', () => {
  let now: number;
  let lines: string[];
  const make = (): ProblemLog =>
    new ProblemLog(
      'auth hook http://hook.example',
      { warn: (line) => lines.push(`warn ${line}`), error: (line) => lines.push(`error ${line}`) },
      () => now,
    );

  beforeEach(() => {
    now = 0;
    lines = [];
  });

  it('names the service in each error and warning', () => {
    const log = make();
    log.error('it is down');
    log.warn('it is odd');
    log.warn('it is odd');
    expect(lines).toEqual([
      'error auth hook http://hook.example: it is down',
      'warn auth hook http://hook.example: it is odd',
    ]);
  });

  it('has a problem immediately, then at most once in ten seconds with a count', () => {
    const log = make();
    for (now = 0; now < 10_000; now += 1000) log.error('it is down');
    log.warn('it is down');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('warn auth hook http://hook.example: it is down (repeated 9 times)');
    now += 10_000;
    log.error('it is down');
    expect(lines[2]).toBe('error auth hook http://hook.example: it is down');
  });

  it('goes on if the clock is set back', () => {
    const log = make();
    now = 3_600_000;
    log.error('it is down');
    now = 0;
    log.error('it is down');
    now = 10_000;
    log.error('it is down');
    expect(lines).toHaveLength(2);
  });

  it('has at most 20 different problems in ten seconds, and counts the others', () => {
    const log = make();
    for (let problem = 0; problem < 100_000; problem++) log.error(`problem ${String(problem)}`);
    log.error('problem 0');
    expect(lines).toHaveLength(20);
    now = 10_000;
    log.warn('another');
    log.warn('problem 0');
    expect(lines.slice(20)).toEqual([
      'warn auth hook http://hook.example: another (99980 other problems were not logged)',
      'warn auth hook http://hook.example: problem 0',
    ]);
  });
});

it.each([
  ['x-hasura-role', '"x-hasura-role"'],
  ['größe 名', '"größe 名"'],
  ['a'.repeat(61), `"${'a'.repeat(60)}"`],
  ['a"b\\c\r\nd\u0000e', '"a?b?c??d?e"'],
  ['a\u2028b\u202ec\u200b', '"a?b?c?"'],
  [`${'a'.repeat(59)}😀`, `"${'a'.repeat(59)}?"`],
])('a word that a hook has chosen is cut and cannot disturb a line: %j', (word, quoted) => {
  expect(quotedWord(word)).toBe(quoted);
});
