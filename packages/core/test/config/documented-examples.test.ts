import { readFileSync } from 'node:fs';
import { jwtVerify } from 'jose';
import { createAuthenticator } from '../../src/authenticator.js';
import { readClaims } from '../../src/jwt/claims.js';
import { parsedJwt } from '../parsed-jwt.js';
import { mistake } from '../thrown.js';

interface Example {
  /** Where it begins in our copy of the documentation (https://hasura.io/docs/2.0/auth/authentication/jwt/). */
  readonly line: number;
  readonly title: string;
  readonly text: string;
  readonly warning?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly claims?: {
    readonly allowedRoles: readonly string[];
    readonly defaultRole: string;
    readonly variables: Readonly<Record<string, string>>;
  };
}

interface Documented {
  readonly examples: readonly Example[];
  readonly damaged: readonly (Example & { readonly reason: string; readonly refused: string })[];
  readonly token: {
    readonly text: string;
    readonly secret: string;
    readonly payload: Readonly<Record<string, unknown>>;
  };
}

/** The examples as they are in our copy of the documentation, character by character. */
const { examples, damaged, token } = JSON.parse(
  readFileSync(new URL('documented-examples.json', import.meta.url), 'utf8'),
) as Documented;

const today = Date.UTC(2026, 10, 22); // one of the certificates ends in 2028

function start(jwtSecret: string): readonly string[] {
  const warnings: string[] = [];
  const log = (message: string): void => void warnings.push(message);
  createAuthenticator({
    adminSecret: 'myadminsecretkey',
    jwtSecret,
    runtime: { now: () => today },
    logger: { warn: log, error: log },
  });
  return warnings;
}

describe('the documentation’s examples of HASURA_GRAPHQL_JWT_SECRET', () => {
  it.each(examples)('$title (line $line) is accepted unchanged', ({ text, warning }) => {
    const warnings = start(text);
    expect(warnings).toHaveLength(warning === undefined ? 0 : 1);
    if (warning !== undefined) expect(warnings[0]).toContain(warning);
  });

  it.each(examples.filter(({ claims }) => claims !== undefined))(
    '$title (line $line) reads the claims as the documentation says',
    ({ text, payload = {}, claims }) => {
      const { config } = parsedJwt(JSON.parse(text) as object);
      const { variables, ...roles } = readClaims(payload, config.claims);
      expect({ ...roles, variables: { ...variables } }).toEqual(claims);
    },
  );

  it('all seventeen are tried, three of them with claims', () => {
    expect(examples).toHaveLength(17);
    expect(examples.filter(({ claims }) => claims !== undefined)).toHaveLength(3);
  });
});

describe('an example that is damaged in our copy is refused', () => {
  it.each(damaged)('$title (line $line): $reason', ({ text, refused }) => {
    expect(mistake(() => start(text)).message).toBe(refused);
  });

  it('and the second also with its line breaks escaped, since characters are missing', () => {
    const escaped = damaged[1]?.text.replace(/"-----[^"]*"/, (key) =>
      JSON.stringify(key.slice(1, -1)),
    );
    expect(mistake(() => start(escaped ?? '')).message).toBe(
      'jwtSecret.key: the PEM text says CERTIFICATE, but what it holds is damaged or of another kind',
    );
  });

  it('both are tried', () => {
    expect(damaged).toHaveLength(2);
  });
});

describe('the documentation’s example token', () => {
  // Its secret has 41 bytes, enough for HS256, and its signature is right.
  const { authenticate } = createAuthenticator({
    adminSecret: 'myadminsecretkey',
    jwtSecret: { type: 'HS256', key: token.secret },
  });

  it('verifies with the documented secret and gives the documented payload', async () => {
    const session = await authenticate({ headers: { authorization: `Bearer ${token.text}` } });
    expect(session).toEqual({
      role: 'user',
      method: 'jwt',
      allowedRoles: ['user', 'admin'],
      claims: token.payload,
      sessionVariables: Object.assign(Object.create(null), {
        'x-hasura-role': 'user',
        'x-hasura-user-id': '123',
        'x-hasura-org-id': '456',
        'x-hasura-custom': 'custom-value',
      }),
      backendOnly: false,
    });
  });

  it('verifies with jose, too', async () => {
    const { payload } = await jwtVerify(token.text, Buffer.from(token.secret));
    expect(payload).toEqual(token.payload);
  });

  it('gives its other role to a request that asks for it', async () => {
    const headers = { authorization: `Bearer ${token.text}`, 'x-hasura-role': 'admin' };
    expect(await authenticate({ headers })).toMatchObject({ role: 'admin', method: 'jwt' });
  });

  it('does not verify with another secret', async () => {
    const other = createAuthenticator({
      adminSecret: 'myadminsecretkey',
      jwtSecret: { type: 'HS256', key: `${token.secret}.` },
    });
    await expect(
      other.authenticate({ headers: { authorization: `Bearer ${token.text}` } }),
    ).rejects.toThrow('Could not verify JWT: JWSError JWSInvalidSignature');
  });
});
