import type { TokensRevocation } from '@hasura-auth/core';
import { revocationKeys } from '../src/keys.js';

const until = 1;

it('two entries have one key if they revoke the same tokens, and only then', () => {
  const { entry } = revocationKeys('app');
  const entries: TokensRevocation[] = [
    { by: 'token', value: '1', until },
    { by: 'jti', value: '1', until },
    { by: 'sid', value: '1', until },
    { by: 'sid', value: '1', iss: 'a', until },
    { by: 'sub', value: '1', before: 1, until },
    { by: 'sub', value: '1', iss: 'a', before: 1, until },
    { by: 'sub', value: '1', before: 1, withoutSid: true, until },
    { by: 'sub', value: '1', iss: 'a', before: 1, withoutSid: true, until },
    { by: 'issuer', value: '1', before: 1, until },
  ];
  expect(new Set(entries.map(entry)).size).toBe(entries.length);
  const again: TokensRevocation = { by: 'sub', value: '1', before: 2, withoutSid: false, until: 2 };
  expect(entry(again)).toBe(entry({ by: 'sub', value: '1', before: 1, until }));
});
