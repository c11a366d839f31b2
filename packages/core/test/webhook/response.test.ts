import { gatherVariables } from '../../src/session.js';
import {
  hookExpiry,
  parseHookBody,
  readHookBody,
  readHookResponse,
} from '../../src/webhook/response.js';

const now = Date.UTC(2026, 10, 22, 8);
const date = 'Sun, 22 Nov 2026 08:00:30 GMT';
const later = now + 30_000;

const broken = (): ReadableStream =>
  new ReadableStream({
    pull(controller) {
      controller.error(new Error('broken'));
    },
  });

describe('the response of a hook', () => {
  it('has a status, a text and cookies', async () => {
    const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' });
    headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
    headers.append('set-cookie', 'b=2');
    const response = await readHookResponse(new Response('{}', { headers }));
    expect(response.shape()).toBe('200 (application/json)');
    expect(response).toMatchObject({
      status: 200,
      text: '{}',
      cookies: ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'],
    });
  });

  it.each([
    ['', '200 (without a type)'],
    ['"marked"', '200 (without a type)'],
    ['text/html; charset=marked', '200 (text/html)'],
    [`a/${'b'.repeat(100)}`, `200 (a/${'b'.repeat(58)})`],
  ])('is described by its media type %j', async (type, shape) => {
    const response = new Response(null, { headers: { 'content-type': type } });
    const read = await readHookResponse(response);
    expect({ shape: read.shape(), text: read.text }).toEqual({ shape, text: '' });
  });

  it('is described without a media type if it has none', async () => {
    expect((await readHookResponse(new Response(null))).shape()).toBe('200 (without a type)');
  });

  it('has no text if it is larger than 1 MiB', async () => {
    const textOf = async (length: number) =>
      (await readHookResponse(new Response('x'.repeat(length)))).text;
    expect(await textOf(1_048_576)).toHaveLength(1_048_576);
    expect(await textOf(1_048_577)).toBeUndefined();
  });

  it('is a failure if a 200 breaks off, and a refusal if another status does', async () => {
    await expect(readHookResponse(new Response(broken()))).rejects.toThrow('broke off');
    await expect(readHookResponse(new Response(broken(), { status: 401 }))).resolves.toMatchObject({
      status: 401,
      text: undefined,
    });
  });
});

describe('the body of a hook’s response', () => {
  it('is read strictly: the role, the variables and the end', () => {
    const body = readHookBody(
      { 'X-Hasura-Role': 'user', 'x-hasura-User-Id': '1', other: 'x', EXPIRES: 'soon' },
      now,
    );
    expect(body).toEqual({
      kind: 'readable',
      role: 'user',
      variables: gatherVariables([
        ['x-hasura-role', 'user'],
        ['x-hasura-user-id', '1'],
      ]),
      expiry: { expiresAt: undefined, keepUntil: undefined, unreadable: ['Expires'] },
    });
  });

  it.each([{}, { 'x-hasura-role': '' }, { role: 'user' }])('names no role in %j', (value) => {
    expect(readHookBody(value, now)).toMatchObject({ kind: 'readable', role: undefined });
  });

  const long = 'a'.repeat(1_000_000);

  it.each([
    ['null', 'JSON of type Null, not Object'],
    ['[]', 'JSON of type Array, not Object'],
    ['"marked"', 'JSON of type String, not Object'],
    ['', 'an empty body'],
    ['marked', 'no JSON'],
    ['{"x-hasura-a":{"marked":1}}', 'its member "x-hasura-a" is of type Object, not String'],
    ['{"A":true}', 'its member "a" is of type Boolean, not String'],
    ['{"x-hasura-A":"1","X-Hasura-a":"1"}', 'its member "x-hasura-a" occurs in two spellings'],
    ['{"expires":"","Expires":""}', 'its member "expires" occurs in two spellings'],
    [`{"${long}":1}`, `its member "${'a'.repeat(60)}" is of type Number, not String`],
    [
      `{"${long}":"","${long.toUpperCase()}":""}`,
      `its member "${'a'.repeat(60)}" occurs in two spellings`,
    ],
  ])('cannot be read, and the problem quotes no value and no long name', (text, problem) => {
    expect(parseHookBody(text, now)).toEqual({ kind: 'unreadable', problem });
  });

  it('has no member that its prototype would have', () => {
    expect(parseHookBody('{"x-hasura-role":"user","__proto__":"a"}', now)).toMatchObject({
      role: 'user',
      variables: gatherVariables([['x-hasura-role', 'user']]),
    });
  });
});

describe('until when a hook’s response holds', () => {
  it.each([
    [undefined, undefined, undefined, undefined, []],
    ['max-age=60', undefined, now + 60_000, now + 60_000, []],
    ['s-maxage=60', undefined, now + 60_000, now + 60_000, []],
    ['max-age=60, s-maxage=30', undefined, now + 60_000, now + 60_000, []],
    ['s-maxage=30, max-age=60', undefined, later, later, []],
    ['S-MaxAge="30",private,max-age=60', undefined, later, later, []],
    ['s-maxage=soon, max-age=60', undefined, undefined, undefined, ['Cache-Control']],
    ['max-age=60', date, now + 60_000, now + 60_000, []],
    ['max-age=60', 'soon', now + 60_000, now + 60_000, ['Expires']],
    ['no-store, max-age=60', undefined, now + 60_000, undefined, []],
    ['no-cache, max-age=60', undefined, now + 60_000, undefined, []],
    ['no-store', undefined, undefined, undefined, []],
    ['no-store', date, later, undefined, []],
    ['public', undefined, undefined, undefined, ['Cache-Control']],
    ['public', date, later, later, ['Cache-Control']],
    ['', undefined, undefined, undefined, ['Cache-Control']],
    [undefined, date, later, later, []],
    [undefined, '', undefined, undefined, ['Expires']],
    [undefined, '0', undefined, undefined, ['Expires']],
    [undefined, ` ${date}`, undefined, undefined, ['Expires']],
    [undefined, `${date}+1`, undefined, undefined, ['Expires']],
    [undefined, 'Sun, 42 Nov 2026 08:00:30 GMT', undefined, undefined, ['Expires']],
    [undefined, 'Sunday, 22-Nov-26 08:00:30 GMT', undefined, undefined, ['Expires']],
    ['soon', 'soon', undefined, undefined, ['Cache-Control', 'Expires']],
  ])(
    'follows from Cache-Control %j and Expires %j',
    (cacheControl, expires, expiresAt, keepUntil, unreadable) => {
      expect(hookExpiry(cacheControl, expires, now)).toEqual({ expiresAt, keepUntil, unreadable });
    },
  );
});
