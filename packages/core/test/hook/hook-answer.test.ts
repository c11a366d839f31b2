import { parseHookAnswer, readHookAnswer } from '../../src/webhook/response.js';
import { gatherVariables } from '../../src/session-variables.js';

const now = 1_000_000;

describe('the answer of a hook', () => {
  it('is read strictly: role, variables, end', () => {
    const answer = readHookAnswer(
      { 'X-Hasura-Role': 'user', 'x-hasura-User-Id': '1', other: 'x', EXPIRES: 'soon' },
      now,
    );
    expect(answer).toEqual({
      kind: 'answer',
      role: 'user',
      variables: gatherVariables([
        ['x-hasura-role', 'user'],
        ['x-hasura-user-id', '1'],
      ]),
      expiry: { expiresAt: undefined, keepUntil: undefined, unreadable: ['Expires'] },
    });
  });

  it.each([{}, { 'x-hasura-role': '' }, { role: 'user' }])('may hold no role: %j', (value) => {
    expect(readHookAnswer(value, now)).toMatchObject({ kind: 'answer', role: undefined });
  });

  it.each([
    ['null', 'JSON, but of type Null, not Object'],
    ['[]', 'JSON, but of type Array, not Object'],
    ['"marked"', 'JSON, but of type String, not Object'],
    ['', 'an empty body'],
    ['marked', 'no JSON'],
    ['{"x-hasura-a":{"marked":1}}', 'its member "x-hasura-a" is of type Object, not String'],
    ['{"A":true}', 'its member "a" is of type Boolean, not String'],
    ['{"x-hasura-A":"1","X-Hasura-a":"1"}', 'its member "x-hasura-a" is there in two spellings'],
    ['{"expires":"","Expires":""}', 'its member "expires" is there in two spellings'],
  ])('%j cannot be read, and no value of it is told', (text, problem) => {
    expect(parseHookAnswer(text, now)).toEqual({ kind: 'unreadable', problem });
  });

  it('can be read from text', () => {
    expect(parseHookAnswer('{"x-hasura-role":"user","__proto__":"a"}', now)).toMatchObject({
      role: 'user',
      variables: gatherVariables([['x-hasura-role', 'user']]),
    });
  });
});
