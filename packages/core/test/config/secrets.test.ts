import { createAuthenticator } from '../../src/authenticator.js';
import type { AuthOptions } from '../../src/config/options.js';
import { mistake } from '../thrown.js';
import { secretText } from '../tokens.js';

const good = 'a-long-random-admin-secret';

/** The warnings that options start with. */
function warningsOf(options: AuthOptions): readonly string[] {
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line), error: () => undefined };
  createAuthenticator({ ...options, logger });
  return warnings;
}

const problem = (options: AuthOptions): string => mistake(() => warningsOf(options)).message;
const hmac = (key: string): AuthOptions => ({
  adminSecret: good,
  jwtSecret: { type: 'HS256', key },
});

describe('an admin secret that no request header can contain is refused', () => {
  it.each([` ${good}`, `${good} `, `${good}\n`, `\t${good}`, `${good}\u00A0`])(
    'with blanks around it: %j',
    (adminSecret) => {
      const message =
        'it begins or ends with a blank or a line break, which no request header can contain; remove it';
      expect(problem({ adminSecret })).toBe(`adminSecret: ${message}`);
      expect(problem({ adminSecrets: [good, adminSecret] })).toBe(`adminSecrets[1]: ${message}`);
    },
  );

  it.each(['\uFFFD', '\uD83D'])('with a character that was lost: %j', (character) => {
    expect(problem({ adminSecret: `first-half${character}second-half` })).toBe(
      'adminSecret: it has bytes that are no UTF-8, such as a letter in Latin-1; write the text in UTF-8',
    );
  });

  it.each(['\n', '\r\n', '\t', '\0', '\x7F', '\x85'])(
    'with a control character in it: %j',
    (character) => {
      expect(problem({ adminSecret: `first-half${character}second-half` })).toBe(
        'adminSecret: it contains a line break or another control character, which no request header can contain; remove it',
      );
    },
  );

  it('and such a role for requests without credentials too', () => {
    for (const unauthorizedRole of [' anonymous', 'anonymous\n', 'ano\nnymous', ' '])
      expect(problem({ adminSecret: good, unauthorizedRole })).toMatch(
        /^unauthorizedRole: it .+ no request header can contain/,
      );
  });
});

it.each(['undefined', 'null', 'false', 'True', 'NaN', '[object Object]'])(
  'the text of a value that is no secret is refused as an admin secret: %s',
  (adminSecret) => {
    const message =
      'it is the text of a value that is no secret, such as undefined or false; set the secret itself';
    expect(problem({ adminSecret })).toBe(`adminSecret: ${message}`);
    expect(problem({ adminSecrets: [good, adminSecret] })).toBe(`adminSecrets[1]: ${message}`);
  },
);

it('a byte order mark before an admin secret is named', () => {
  expect(problem({ adminSecret: `\uFEFF${good}` })).toBe(
    'adminSecret: it begins with a byte order mark (U+FEFF), which some editors put before a text; remove it',
  );
});

it('an unauthorized role that is a placeholder is refused', () => {
  expect(problem({ adminSecret: good, unauthorizedRole: '{{ role }}' })).toBe(
    'unauthorizedRole: it is a placeholder that was not filled in, such as $NAME or {{ name }}; set the role itself',
  );
});

describe('a placeholder that was not filled in is refused', () => {
  const message =
    'it is a placeholder that was not filled in, such as $NAME or {{ name }}; set the secret itself';

  it.each(['$HASURA_ADMIN_SECRET', '${ADMIN_SECRET:-}', '{{ .Values.admin.secret }}', '"$SECRET"'])(
    'as an admin secret: %s',
    (adminSecret) => {
      expect(problem({ adminSecret })).toBe(`adminSecret: ${message}`);
      expect(problem({ adminSecrets: [adminSecret] })).toBe(`adminSecrets[0]: ${message}`);
    },
  );

  it.each(['${JWT_KEY_THAT_IS_LONGER_THAN_32_BYTES}', '{{ a_secret_of_at_least_32_bytes }}\n'])(
    'as an HMAC key: %j',
    (key) => {
      expect(problem(hmac(key))).toBe(`jwtSecret.key: ${message}`);
    },
  );

  it('as a public key', () => {
    const jwtSecret = { type: 'RS256', key: '${PUBLIC_KEY}' } as const;
    expect(problem({ adminSecret: good, jwtSecret })).toBe(`jwtSecret.key: ${message}`);
  });
});

describe('a secret that may be a mistake is logged as a warning', () => {
  it('if an admin secret has fewer than 16 characters', () => {
    const message = 'it has fewer than 16 characters; use a long random secret';
    expect(warningsOf({ adminSecret: 'fifteen-letters' })).toEqual([`adminSecret: ${message}`]);
    expect(warningsOf({ adminSecret: 'sixteen-letters-' })).toEqual([]);
    expect(warningsOf({ adminSecrets: [good, 'short'] })).toEqual([`adminSecrets[1]: ${message}`]);
  });

  it.each([`"${good}"`, `'${good}'`])('if it has quotes around it: %s', (adminSecret) => {
    const message =
      'it begins and ends with quotes, which are part of the secret; if a file or shell was to remove them, remove them yourself';
    expect(warningsOf({ adminSecret })).toEqual([`adminSecret: ${message}`]);
    expect(warningsOf(hmac(`'${secretText('hs')}'`))).toEqual([`jwtSecret.key: ${message}`]);
  });

  it.each([`"${good}`, `"${good}'`, `a"${good}"`])(
    'but not for other quotes: %s',
    (adminSecret) => {
      expect(warningsOf({ adminSecret })).toEqual([]);
    },
  );

  it('if it has an invisible character in it', () => {
    const message =
      'it contains an invisible character, such as a zero-width space, which is part of the secret; if copying brought it, remove it';
    expect(warningsOf({ adminSecret: `${good}\u200B` })).toEqual([`adminSecret: ${message}`]);
    expect(warningsOf(hmac(`${secretText('hs')}\u2060`))).toEqual([`jwtSecret.key: ${message}`]);
  });

  it('if an HMAC key ends in a line break', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(warningsOf(hmac(secretText('hs') + end))).toEqual([
        'jwtSecret.key: it ends in a line break, which is part of the key; if the provider signs without it, remove it',
      ]);
    expect(warningsOf(hmac(`${secretText('hs')} `))).toEqual([]);
  });

  it('if requests without credentials become admin', () => {
    expect(warningsOf({ adminSecret: good, unauthorizedRole: 'admin' })).toEqual([
      'unauthorizedRole: the role admin gives requests without credentials every permission',
    ]);
    expect(warningsOf({ adminSecret: good, unauthorizedRole: 'administrator' })).toEqual([]);
  });

  it('if the app is unsecured', () => {
    expect(warningsOf({ unsecured: true })).toEqual([
      'unsecured: true gives every request the role admin, or the role that it requests',
    ]);
  });
});

it('no message shows a secret', () => {
  const marked = ['marked', 'marked\nmarked', ' marked', '"marked"', '$marked', '{{ marked }}'];
  for (const secret of marked)
    for (const options of [
      { adminSecret: secret },
      { adminSecrets: [secret] },
      hmac(secret),
      hmac(secret.padEnd(40)),
    ]) {
      let message: string;
      try {
        message = warningsOf(options).join();
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toContain('marked');
    }
});
