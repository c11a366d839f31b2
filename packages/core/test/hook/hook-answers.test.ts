import { hookAnswers, noHookAnswers, type HookVerdict } from '../../src/webhook/cache.js';
import { decision } from '../../src/session.js';
import { gatherVariables } from '../../src/session-variables.js';
import { rejected } from '../thrown.js';

let now = 0;
const verdict = (more: Partial<HookVerdict> = {}, cookies?: [string, string][]): HookVerdict => ({
  decision: decision({ role: 'user', variables: gatherVariables([]), method: 'webhook' }, cookies),
  keepUntil: 100,
  length: 10,
  ...more,
});
const call = (name: string) => ({ method: 'GET', headers: { name } }) as const;

describe('kept answers', () => {
  beforeEach(() => {
    now = 0;
  });

  it('are given at once, without a promise', async () => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => verdict());
    const first = await answers.get(call('a'), ask);
    expect(answers.get(call('a'), ask)).toBe(first);
    now = 100;
    expect(answers.get(call('a'), ask)).toBeInstanceOf(Promise);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('are told apart by the body of a POST', async () => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => verdict());
    for (const body of ['a', 'b', 'a'])
      await answers.get({ method: 'POST', headers: {}, body }, ask);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['without an end', verdict({ keepUntil: undefined })],
    ['that ended already', verdict({ keepUntil: 0 })],
    ['with a cookie', verdict({}, [['Set-Cookie', 'a=1']])],
    ['larger than all may be together', verdict({ length: 17_000_000 })],
  ])('are none %s', async (_name, answer) => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => answer);
    await answers.get(call('a'), ask);
    await answers.get(call('a'), ask);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('are bounded together: large ones push each other out', async () => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => verdict({ length: 10_000_000 }));
    for (const name of ['a', 'b', 'a']) await answers.get(call(name), ask);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('are gone after clear(), and one under way then is not kept', async () => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => verdict());
    await answers.get(call('a'), ask);
    answers.clear();
    const late = answers.get(call('a'), ask);
    answers.clear();
    const next = answers.get(call('a'), ask);
    await Promise.all([late, next]);
    expect(ask).toHaveBeenCalledTimes(3);
    void answers.get(call('a'), ask);
    expect(ask).toHaveBeenCalledTimes(3);
  });
});

describe('answers under way', () => {
  it('are shared, and asked for again where they failed', async () => {
    const answers = hookAnswers(10, () => now);
    const failed = new Error('failed');
    const ask = jest.fn(() => Promise.reject<HookVerdict>(failed));
    const both = [answers.get(call('a'), ask), answers.get(call('a'), ask)];
    for (const one of both) expect(await rejected(Promise.resolve(one))).toBe(failed);
    expect(ask).toHaveBeenCalledTimes(1);
    await rejected(Promise.resolve(answers.get(call('a'), ask)));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('are shared where they may not be kept, too', async () => {
    const answers = hookAnswers(10, () => now);
    const ask = jest.fn(async () => verdict({ keepUntil: undefined }));
    const all = await Promise.all([1, 2, 3].map(async () => answers.get(call('a'), ask)));
    expect(new Set(all).size).toBe(1);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('with a cookie are for one alone', async () => {
    const answers = hookAnswers(10, () => now);
    let cookie = 0;
    const ask = jest.fn(async () => verdict({}, [['Set-Cookie', String(++cookie)]]));
    const all = await Promise.all([1, 2, 3].map(async () => answers.get(call('a'), ask)));
    expect(all.map(({ headers }) => headers[0]?.[1])).toEqual(['1', '2', '3']);
  });
});

describe('without a cache', () => {
  it('every request asks', async () => {
    const ask = jest.fn(async () => verdict());
    for (let time = 0; time < 2; time++) await noHookAnswers.get(call('a'), ask);
    noHookAnswers.clear();
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
