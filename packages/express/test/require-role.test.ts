import { describeAppFunctions, describeGuards, type StartGuarded } from '@hasura-auth/conformance';
import { hasuraAuth, requireRole, requireSession } from '@hasura-auth/express';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { majors } from './express-majors.js';
import { running } from './running-express.js';

for (const [name, express] of majors) {
  const start: StartGuarded<RequestHandler> = (options, guard) =>
    running(express, ...(options ? [hasuraAuth(options)] : []), guard);
  describeGuards<RequestHandler>(name, start, { requireRole, requireSession });
  describeAppFunctions(name, start, requireRole, (given) => 'originalUrl' in given);
}

describe.each(majors)('%s: requireRole behind two middlewares', (_, express) => {
  const user = { 'x-hasura-admin-secret': 'secret', 'x-hasura-role': 'user' };
  const graphql = { errors: [expect.objectContaining({ extensions: expect.anything() })] };
  const problem = { status: 403, title: 'Forbidden', detail: expect.anything() };

  it('answers in the style of the one that ran last', async () => {
    const two = express();
    two.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'engine' }));
    two.use('/rest', hasuraAuth({ adminSecret: 'secret', errorResponse: 'problem' }));
    two.use(requireRole('editor'));
    const { body } = await request(two).get('/').set(user).expect(400);
    expect(body).toEqual(graphql);
    const { text } = await request(two).get('/rest').set(user).expect(403);
    expect(JSON.parse(text)).toMatchObject(problem);
  });

  it('answers by default where that one does, whatever the one before it does', async () => {
    const two = express();
    const byDefault = hasuraAuth({ adminSecret: 'secret' });
    two.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'problem' }));
    two.use('/rest', byDefault);
    two.use(requireRole('editor'));
    const { body } = await request(two).get('/rest').set(user).expect(403);
    expect(body).toEqual(graphql);
  });

  it('answers by default too where that one is of another copy of the package', async () => {
    const copy: { hasuraAuth?: typeof hasuraAuth } = {};
    jest.isolateModules(() => Object.assign(copy, jest.requireActual('@hasura-auth/express')));
    const byDefault = copy.hasuraAuth?.({ adminSecret: 'secret' });
    if (byDefault === undefined) throw new Error('there is no other copy');
    expect(copy.hasuraAuth).not.toBe(hasuraAuth);
    const two = express();
    two.use(hasuraAuth({ adminSecret: 'secret', errorResponse: 'problem' }));
    two.use('/rest', byDefault);
    two.use(requireRole('editor'));
    const { body } = await request(two).get('/rest').set(user).expect(403);
    expect(body).toEqual(graphql);
  });
});
