import { backendOnly } from '../src/role.js';
import { view } from './request-view.js';
import { refusal } from './thrown.js';

const asked = (value: string) => view({ 'X-Hasura-Use-Backend-Only-Permissions': value });

it('is false where nothing is said of it', () => {
  expect(backendOnly(view())).toBe(false);
});

it.each(['true', 't', 'yes', 'y', 'TRUE', 'Yes'])('%s is true', (value) => {
  expect(backendOnly(asked(value))).toBe(true);
});

it.each(['false', 'f', 'no', 'n', 'FALSE', 'No'])('%s is false', (value) => {
  expect(backendOnly(asked(value))).toBe(false);
});

it.each(['', '1', '0', 'on', 'true ', 'true, true', 'perhaps'])('%j is refused', (value) => {
  const { kind, status, message } = refusal(() => backendOnly(asked(value)));
  expect({ kind, status, message }).toEqual({
    kind: 'bad-backend-only',
    status: 400,
    message:
      'x-hasura-use-backend-only-permissions:  Not a valid boolean text. True values are ["true","t","yes","y"] and  False values are ["false","f","no","n"]. All values are case insensitive',
  });
});
