import { readReply } from '../../src/webhook/response.js';

const broken = (): ReadableStream =>
  new ReadableStream({
    pull(controller) {
      controller.error(new Error('broken'));
    },
  });

describe('what came back from a hook', () => {
  it('is status, text and cookies', async () => {
    const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' });
    headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
    headers.append('set-cookie', 'b=2');
    const reply = await readReply(new Response('{}', { headers }));
    expect(reply.shape()).toBe('200 (application/json)');
    expect(reply).toMatchObject({
      status: 200,
      text: '{}',
      cookies: [
        ['Set-Cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
        ['Set-Cookie', 'b=2'],
      ],
    });
    expect(Object.isFrozen(reply.cookies) && reply.cookies.every(Object.isFrozen)).toBe(true);
  });

  it.each([
    ['', '200 (without a type)'],
    ['"marked"', '200 (without a type)'],
    ['text/html; charset=marked', '200 (text/html)'],
    [`a/${'b'.repeat(100)}`, `200 (a/${'b'.repeat(78)})`],
  ])('is described by its media type %j', async (type, shape) => {
    const reply = await readReply(new Response(null, { headers: { 'content-type': type } }));
    expect({ shape: reply.shape(), text: reply.text }).toEqual({ shape, text: '' });
  });

  it('is described without a media type where none was sent', async () => {
    expect((await readReply(new Response(null))).shape()).toBe('200 (without a type)');
  });

  it('has no text where there is too much of it', async () => {
    expect((await readReply(new Response('x'.repeat(1_048_576)))).text).toHaveLength(1_048_576);
    expect((await readReply(new Response('x'.repeat(1_048_577)))).text).toBeUndefined();
  });

  it.each([
    ['as it is', {}, '{}'],
    ['that says how long it is', { 'content-length': '2' }, '{}'],
    ['that was compressed', { 'content-length': '2', 'content-encoding': 'gzip' }, '{}'],
  ])('has a text %s', async (_name, headers: Record<string, string>, text) => {
    expect((await readReply(new Response('{}', { headers }))).text).toBe(text);
  });

  it('is not believed where it says that it is short, but was compressed', async () => {
    const headers = { 'content-length': '9', 'content-encoding': 'gzip' };
    const bomb = new Response('x'.repeat(1_048_577), { headers }); // as fetch gives it: unpacked
    expect((await readReply(bomb)).text).toBeUndefined();
  });

  it('is not read where it says that it is too long', async () => {
    const headers = { 'content-length': '1048577' };
    expect((await readReply(new Response('{}', { headers }))).text).toBeUndefined();
  });

  it('is a failure where a 200 breaks off, and a refusal where another status does', async () => {
    await expect(readReply(new Response(broken()))).rejects.toThrow('broke off');
    await expect(readReply(new Response(broken(), { status: 401 }))).resolves.toMatchObject({
      status: 401,
      text: undefined,
    });
  });
});
