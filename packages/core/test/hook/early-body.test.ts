import { parseHook } from '../../src/webhook/options.js';
import { warnOfEarlyBody } from '../../src/methods/webhook.js';
import { anyRequest, type AuthRequest } from '../../src/request.js';

const lines: string[] = [];
const logger = { warn: (line: string) => lines.push(line), error: () => undefined };
const watcher = (options: object = {}) => {
  const hook = parseHook({ url: 'http://hook.example/', mode: 'POST', ...options }, 'authHook');
  const watch = warnOfEarlyBody(hook, logger);
  return (request: AuthRequest): void => watch(anyRequest(request));
};
const type = { 'content-type': 'application/json' };
const early: AuthRequest = { method: 'POST', headers: { ...type, 'content-length': '9' } };

describe('a body that came before any parser', () => {
  beforeEach(() => lines.splice(0));

  it('is warned of once', () => {
    const watch = watcher();
    watch(early);
    watch(early);
    expect(lines).toEqual([expect.stringContaining('put the parser before hasuraAuth')]);
  });

  it.each([
    ['of no said length', { ...early, headers: { ...type, 'transfer-encoding': 'chunked' } }],
    [
      'of GraphQL',
      { ...early, headers: { 'content-type': 'Application/GraphQL+JSON', 'content-length': '9' } },
    ],
    ['by no known method', { headers: early.headers }],
  ])('counts: %s', (_name, request) => {
    watcher()(request);
    expect(lines).toHaveLength(1);
  });

  it.each([
    ['parsed', { ...early, body: {} }],
    ['parsed as null', { ...early, body: null }],
    ['none', { method: 'POST', headers: { ...type, 'content-length': '0' } }],
    ['none, and nothing said', { method: 'POST', headers: type }],
    [
      'of another kind',
      { ...early, headers: { 'content-type': 'text/plain', 'content-length': '9' } },
    ],
    ['of no kind', { ...early, headers: { 'content-length': '9' } }],
    ['of a GET', { ...early, method: 'GET' }],
    ['of a HEAD', { ...early, method: 'HEAD' }],
  ])('does not count: %s', (_name, request) => {
    watcher()(request);
    expect(lines).toEqual([]);
  });

  it.each([{ mode: 'GET' }, { sendRequestBody: false }])('is no matter with %j', (options) => {
    watcher(options)(early);
    expect(lines).toEqual([]);
  });
});
