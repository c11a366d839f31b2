import { createHash, X509Certificate } from 'node:crypto';
import { looksLikePem, readPem } from '../../src/keys/pem.js';
import { thrown } from '../thrown.js';
import { privatePem, spki, testKey } from '../tokens.js';

const fingerprint = (text: string): string => {
  const der = readPem(text).key.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('hex');
};
const text = (name: string, member: 'spki' | 'pkcs1' | 'x509' | 'csr'): string => {
  const { [member]: pem } = testKey(name);
  if (pem === undefined) throw new Error(`${name} has no ${member}`);
  return pem;
};
const problem = (pem: string): string => {
  const error = thrown(() => readPem(pem));
  if (!(error instanceof Error)) throw new Error('what is thrown is an Error');
  expect(error.cause).toBeUndefined();
  return error.message;
};
const noPem = 'it is no PEM text (-----BEGIN … with its line breaks, base64, -----END …)';
const damaged = (label: string): string =>
  `the PEM text says ${label}, but what it holds is damaged or of another kind`;

describe('one key', () => {
  it.each([
    ['rsa', 'pkcs1'],
    ['rsa', 'x509'],
    ['rsa', 'csr'],
    ['p256', 'x509'],
    ['p256', 'csr'],
    ['p384', 'x509'],
    ['p384', 'csr'],
    ['p521', 'x509'],
    ['p521', 'csr'],
    ['ed25519', 'x509'],
    ['ed25519', 'csr'],
    ['rsa-1024', 'csr'],
  ] as const)('%s comes out of its %s as out of its SPKI', (name, member) => {
    expect(fingerprint(text(name, member))).toBe(fingerprint(spki(name)));
  });

  it('has an end where it comes in a certificate, and else none', () => {
    const x509 = text('rsa', 'x509');
    expect(readPem(x509).notAfter).toBe(Date.parse(new X509Certificate(x509).validTo));
    for (const member of ['spki', 'pkcs1', 'csr'] as const)
      expect(readPem(text('rsa', member)).notAfter).toBeUndefined();
  });

  it('may be in a request of the older name', () => {
    const older = text('p256', 'csr').replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST');
    expect(fingerprint(older)).toBe(fingerprint(spki('p256')));
  });

  it.each<[string, (pem: string) => string]>([
    ['with Windows line breaks', (pem) => pem.replaceAll('\n', '\r\n')],
    ['on one line', (pem) => pem.replaceAll('\n', '')],
    ['with blanks for line breaks', (pem) => pem.replaceAll('\n', ' ')],
    ['indented', (pem) => pem.replaceAll('\n', '\n    ')],
    ['with text around it', (pem) => `Bag Attributes\n  name: a\n${pem}\nand more`],
    ['before another', (pem) => `${pem}\n${spki('rsa-other')}`],
  ])('is read %s', (_, write) => {
    for (const member of ['spki', 'pkcs1', 'x509', 'csr'] as const)
      expect(fingerprint(write(text('rsa', member)))).toBe(fingerprint(spki('rsa')));
  });
});

describe('what is no public key', () => {
  it.each(['rsa.pkcs8', 'rsa.pkcs1', 'p256.sec1', 'ed25519.pkcs8'])('%s', (path) => {
    expect(problem(privatePem(path))).toBe('it is a private key; only the public key belongs here');
  });

  it.each(['ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY'])('%s', (label) => {
    expect(problem(`-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`)).toBe(
      'it is a private key; only the public key belongs here',
    );
  });

  it.each(['DH PARAMETERS', 'X509 CRL', 'PGP PUBLIC KEY BLOCK', 'EC PARAMETERS'])('%s', (label) => {
    expect(problem(`-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`)).toBe(
      `PEM of the kind ${label} holds no public key that can be used`,
    );
  });

  it.each([
    '',
    'secret',
    'ssh-rsa AAAAB3NzaC1yc2E',
    '-----BEGIN PUBLIC KEY-----',
    '-----BEGIN PUBLIC KEY-----\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nAA!A\n-----END PUBLIC KEY-----',
    '-----BEGIN PUBLIC KEY-----\nProc-Type: 4\n\nAAAA\n-----END PUBLIC KEY-----',
    '-----BEGIN public key-----\nAAAA\n-----END public key-----',
    '----BEGIN PUBLIC KEY----\nAAAA\n----END PUBLIC KEY----',
    '-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----',
  ])('%j, and the message shows nothing of it', (pem) => {
    expect(problem(pem)).toBe(noPem);
  });

  it.each([
    'PUBLIC KEY',
    'RSA PUBLIC KEY',
    'CERTIFICATE',
    'CERTIFICATE REQUEST',
    'NEW CERTIFICATE REQUEST',
  ])('a damaged %s', (label) => {
    const pem = (body: string): string =>
      `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
    expect(problem(pem('AAAA'))).toBe(damaged(label));
    expect(problem(pem(' '))).toBe(damaged(label));
    // whole, but of another kind
    const other = label === 'PUBLIC KEY' ? text('rsa', 'x509') : spki('p256');
    const body = other
      .split('\n')
      .filter((line) => !line.startsWith('-----'))
      .join('\n');
    expect(problem(pem(body))).toBe(damaged(label));
    // and cut
    const [, ...cut] = text(
      'rsa',
      label.includes('REQUEST')
        ? 'csr'
        : label === 'CERTIFICATE'
          ? 'x509'
          : label === 'PUBLIC KEY'
            ? 'spki'
            : 'pkcs1',
    ).split('\n');
    expect(
      problem(
        pem(
          cut
            .filter((line) => !line.startsWith('-----'))
            .slice(0, 2)
            .join('\n'),
        ),
      ),
    ).toBe(damaged(label));
  });
});

/** The pattern has one way to match a text; with a second one for its blanks, the last of these took hours. */
describe('a million characters', () => {
  const begin = '-----BEGIN PUBLIC KEY-----';
  it.each<[string, string]>([
    ['blanks', `${begin}${' '.repeat(1_000_000)}`],
    ['blanks and a wrong end', `${begin}A${' '.repeat(1_000_000)}!`],
    ['beginnings', begin.repeat(40_000)],
    ['base64 without end', `${begin}${'A'.repeat(1_000_000)}`],
    ['a label without end', `-----BEGIN ${'A'.repeat(1_000_000)}`],
    ['line breaks', '\n'.repeat(1_000_000)],
    ['beginnings with something in between', `${begin}AAAA\n`.repeat(30_000)],
  ])('are read once: %s', (_, pem) => {
    expect(problem(pem)).toBe(noPem);
  });
});

it('tells what is meant to be PEM', () => {
  expect(looksLikePem(spki('rsa'))).toBe(true);
  expect(looksLikePem('x -----BEGIN')).toBe(true);
  expect(looksLikePem('----BEGIN')).toBe(false);
  expect(looksLikePem('-----begin')).toBe(false);
  expect(looksLikePem('secret')).toBe(false);
});
