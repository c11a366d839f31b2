import type { AuthMethod, DecisionStep } from '../../src/request.js';
import { refuseAnonymous, unauthenticated, unsecured } from '../../src/methods/unauthenticated.js';
import { view } from '../request-view.js';
import { refusal } from '../thrown.js';

const decided = (method: AuthMethod, request: Parameters<AuthMethod>[0]) => {
  const answer = method(request);
  if (answer === undefined || answer instanceof Promise) throw new Error('it decides at once');
  return answer;
};

const own = { 'X-Hasura-Role': 'admin', 'X-Hasura-User-Id': '7', 'x-hasura-admin-secret': 's' };

describe('requests without credentials', () => {
  it.each(['missing-secret', 'missing-token'] as const)('are refused as %s', (kind) => {
    expect(refusal(() => refuseAnonymous(kind)(view())).kind).toBe(kind);
  });

  it('get the role that the app chose, whatever they request, and lose their own variables', () => {
    const { session } = decided(unauthenticated('anonymous', 'drop', 'missing-token'), view(own));
    expect(session).toEqual({
      role: 'anonymous',
      sessionVariables: Object.assign(Object.create(null), { 'x-hasura-role': 'anonymous' }),
      method: 'unauthenticated',
      backendOnly: false,
    });
  });

  it('share one session', () => {
    const method = unauthenticated('anonymous', 'drop', 'missing-token');
    expect(decided(method, view())).toBe(decided(method, view(own)));
  });

  it('keep their own variables if the app says so, but neither their role nor their secret', () => {
    const { session } = decided(unauthenticated('anonymous', 'keep', 'missing-token'), view(own));
    expect(session.role).toBe('anonymous');
    expect(session.method).toBe('unauthenticated');
    expect({ ...session.sessionVariables }).toEqual({
      'x-hasura-role': 'anonymous',
      'x-hasura-user-id': '7',
    });
  });

  it('are one step for an observer', () => {
    const steps: DecisionStep[] = [];
    decided(
      unauthenticated('anonymous', 'drop', 'missing-token'),
      view({}, (step) => void steps.push(step)),
    );
    expect(steps).toEqual([{ step: 'unauthenticated', outcome: 'accepted' }]);
  });
});

describe('an unsecured app', () => {
  it('makes every request admin', () => {
    expect(decided(unsecured, view()).session).toEqual({
      role: 'admin',
      sessionVariables: Object.assign(Object.create(null), { 'x-hasura-role': 'admin' }),
      method: 'unsecured',
      backendOnly: false,
    });
  });

  it('gives a request the role and the variables that it asks for', () => {
    const asked = { 'x-hasura-role': 'user', 'x-hasura-user-id': '7', accept: '*/*' };
    const { session } = decided(
      unsecured,
      view({ ...asked, 'x-hasura-use-backend-only-permissions': 'T' }),
    );
    expect(session.role).toBe('user');
    expect(session.backendOnly).toBe(true);
    expect(session.sessionVariables['x-hasura-user-id']).toBe('7');
    expect(session.sessionVariables).not.toHaveProperty('accept');
  });
});
