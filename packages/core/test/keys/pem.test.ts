import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { privatePem, testKey } from '@hasura-auth/testkit';
import { isEncodedPublicKey, looksLikePem, PrivateKeyError, readPem } from '../../src/keys/pem.js';
import { thrown } from '../thrown.js';
import { spki } from '../tokens.js';

type Form = 'spki' | 'pkcs1' | 'x509' | 'csr';

const text = (name: string, member: Form): string => {
  const { [member]: pem } = testKey(name);
  if (pem === undefined) throw new Error(`${name} has no ${member}`);
  return pem;
};
/** The base64 between the lines of a PEM text. */
const bodyOf = (pem: string): string => pem.replaceAll(/-----[^-]+-----/g, '').trim();
const labelled = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
const fingerprint = (pem: string): string => {
  const der = readPem(pem).key.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('hex');
};
const problem = (pem: string): string => {
  const error = thrown(() => readPem(pem));
  if (!(error instanceof Error)) throw new Error('what is thrown is an Error');
  expect(error.cause).toBeUndefined();
  return error.message;
};

const labels = [
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
  'CERTIFICATE',
  'TRUSTED CERTIFICATE',
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
];
/** The labels that a message may quote. */
const quoted = labels.filter((label) => label !== 'TRUSTED CERTIFICATE');
const noPem = 'it is no PEM text (-----BEGIN … with its line breaks, base64, -----END …)';
const unusable = 'the PEM text holds no public key that can be used';
const damaged = (label: string): string =>
  `the PEM text says ${label}, but what it holds is damaged or of another kind`;
const isPrivate = 'it is a private key; only the public key belongs here';

describe('a public key', () => {
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
  ] as const)('%s is the same in its %s and in its SPKI', (name, form) => {
    expect(fingerprint(text(name, form))).toBe(fingerprint(spki(name)));
  });

  it.each(['spki', 'pkcs1', 'x509', 'csr'] as const)(
    'in the form %s is read under any label',
    (form) => {
      for (const label of [...labels, 'PRIVATE KEY', 'ANYTHING'])
        expect(fingerprint(labelled(label, bodyOf(text('rsa', form))))).toBe(
          fingerprint(spki('rsa')),
        );
    },
  );

  it('has an end only if it comes in a certificate', () => {
    const x509 = text('rsa', 'x509');
    expect(readPem(x509).notAfter).toBe(Date.parse(new X509Certificate(x509).validTo));
    for (const form of ['spki', 'pkcs1', 'csr'] as const)
      expect(readPem(text('rsa', form)).notAfter).toBeUndefined();
  });

  it.each<[string, (pem: string) => string]>([
    ['with Windows line breaks', (pem) => pem.replaceAll('\n', '\r\n')],
    ['with the two characters \\n for line breaks', (pem) => pem.replaceAll('\n', '\\n')],
    ['with \\r\\n for line breaks', (pem) => pem.replaceAll('\n', '\\r\\n')],
    ['with \\n and real line breaks', (pem) => pem.replaceAll('\n', '\\n\n')],
    ['on one line', (pem) => pem.replaceAll('\n', '')],
    ['with blanks for line breaks', (pem) => pem.replaceAll('\n', ' ')],
    ['indented', (pem) => pem.replaceAll('\n', '\n    ')],
    ['in quotes', (pem) => `"${pem}"`],
    ['with text around it', (pem) => `Bag Attributes\n  name: a\n${pem}\nand more`],
    ['before another', (pem) => `${pem}\n${spki('rsa-other')}`],
    [
      'after the parameters of its curve',
      (pem) => `${labelled('EC PARAMETERS', 'BggqhkjOPQMBBw==')}\n${pem}`,
    ],
    ['after a damaged block', (pem) => `${labelled('CERTIFICATE', 'AAAA')}\n${pem}`],
    ['after a block of another kind', (pem) => `${labelled('X509 CRL', 'MAMwAQA=')}\n${pem}`],
  ])('is read %s', (_, write) => {
    for (const form of ['spki', 'pkcs1', 'x509', 'csr'] as const)
      expect(fingerprint(write(text('rsa', form)))).toBe(fingerprint(spki('rsa')));
  });

  it('is looked for in the first blocks of a text with thousands', () => {
    const cut = labelled('PUBLIC KEY', bodyOf(spki('rsa')).slice(0, -100).replace('MII', 'MIH'));
    const wrongSpki = labelled('PUBLIC KEY', 'MAcwAQADAgAA'); // an SPKI by its structure, with no algorithm
    expect(problem(cut)).toBe(damaged('PUBLIC KEY'));
    expect(fingerprint(wrongSpki.repeat(3) + spki('rsa'))).toBe(fingerprint(spki('rsa')));
    expect(problem(wrongSpki.repeat(4) + spki('rsa'))).toBe(damaged('PUBLIC KEY'));
  });
});

describe('a private key', () => {
  const rsa = createPrivateKey(privatePem('rsa.pkcs8'));
  const p256 = createPrivateKey(privatePem('p256.sec1'));
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'marked' } as const;
  const forms: readonly (readonly [string, string])[] = [
    ['RSA in PKCS #1', privatePem('rsa.pkcs1')],
    ['RSA in PKCS #8', privatePem('rsa.pkcs8')],
    ['EC in SEC 1', privatePem('p256.sec1')],
    ['EC in PKCS #8', privatePem('p256.pkcs8')],
    ['Ed25519 in PKCS #8', privatePem('ed25519.pkcs8')],
    [
      'RSA in encrypted PKCS #8',
      rsa.export({ format: 'pem', type: 'pkcs8', ...encrypted }).toString(),
    ],
    [
      'EC in encrypted PKCS #8',
      p256.export({ format: 'pem', type: 'pkcs8', ...encrypted }).toString(),
    ],
    [
      'DSA',
      generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
        .privateKey.export({ format: 'pem', type: 'pkcs8' })
        .toString(),
    ],
    [
      'OpenSSH’s own form',
      labelled('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0AAAA').toString('base64')),
    ],
  ];

  it.each(forms)('of the form %s is refused under its own label and any other', (_, pem) => {
    expect(thrown(() => readPem(pem))).toBeInstanceOf(PrivateKeyError);
    for (const label of labels) expect(problem(labelled(label, bodyOf(pem)))).toBe(isPrivate);
  });

  it.each(forms)('of the form %s is refused beside a public key', (_, pem) => {
    for (const label of ['PRIVATE KEY', 'CERTIFICATE']) {
      const written = labelled(label, bodyOf(pem));
      for (const both of [spki('rsa') + written, written + spki('rsa')])
        expect(problem(both)).toBe(isPrivate);
    }
  });

  it('that is encrypted in the older way is refused, alone and beside a public key', () => {
    const older = rsa.export({ format: 'pem', type: 'pkcs1', ...encrypted }).toString();
    expect(older).toContain('Proc-Type: 4,ENCRYPTED');
    expect(problem(older)).toBe(isPrivate);
    expect(problem(`${spki('rsa')}\n${older}`)).toBe(isPrivate);
  });

  it.each(['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY'])(
    'that cannot be read is recognised by its label %s',
    (label) => {
      expect(problem(labelled(label, 'AAAA'))).toBe(isPrivate);
      expect(problem(`-----BEGIN ${label}-----\nAAAA`)).toBe(isPrivate);
    },
  );

  it('is not suspected in a public key whose DER goes on after its end', () => {
    const longer = (form: Form): string =>
      labelled(
        'PUBLIC KEY',
        Buffer.concat([Buffer.from(bodyOf(text('rsa', form)), 'base64'), Buffer.alloc(1)]).toString(
          'base64',
        ),
      );
    expect(problem(longer('spki'))).toBe(damaged('PUBLIC KEY'));
    expect(problem(longer('pkcs1'))).toBe(isPrivate); // more than two numbers: only private keys have that form
    expect(fingerprint(longer('x509'))).toBe(fingerprint(spki('rsa'))); // as trusted certificates of OpenSSL are
  });
});

describe('a text without a public key', () => {
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
  ])('such as %j is no PEM, and the message shows nothing of it', (pem) => {
    expect(problem(pem)).toBe(noPem);
  });

  it.each(['DH PARAMETERS', 'X509 CRL', 'PGP PUBLIC KEY BLOCK', 'EC PARAMETERS', ...labels])(
    'is refused if a block is damaged, cut or of another kind, under the label %s',
    (label) => {
      const cut = bodyOf(spki('rsa')).slice(0, 64);
      const message = quoted.includes(label) ? damaged(label) : unusable;
      for (const body of ['AAAA', ' ', 'MAA=', 'MAMCAQA=', 'MAMwAQA=', 'MAYwADAAMAA=', cut])
        expect(problem(labelled(label, body))).toBe(message);
    },
  );

  it('is refused if it holds the parameters of Diffie-Hellman, which have the form of an RSA key', () => {
    const parameters = bodyOf(text('rsa', 'pkcs1'));
    expect(problem(labelled('DH PARAMETERS', parameters))).toBe(unusable);
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
    ['labels without end', '-----BEGIN A'.repeat(80_000)],
    ['line breaks', '\n'.repeat(1_000_000)],
    ['backslashes', '\\'.repeat(1_000_000)],
    ['beginnings with something in between', `${begin}AAAA\n`.repeat(30_000)],
  ])('are read once if they are %s', (_, pem) => {
    expect(problem(pem)).toBe(noPem);
  });
});

it('a text with BEGIN between five dashes is meant to be PEM', () => {
  expect(looksLikePem(spki('rsa'))).toBe(true);
  expect(looksLikePem('x -----BEGIN')).toBe(true);
  expect(looksLikePem('----BEGIN')).toBe(false);
  expect(looksLikePem('-----begin')).toBe(false);
  expect(looksLikePem('secret')).toBe(false);
});

describe('an encoded public key', () => {
  const base64 = (value: string): string => Buffer.from(value).toString('base64');
  it.each<[string, string]>([
    ['the body of an SPKI', bodyOf(spki('rsa'))],
    ['the body on one line', bodyOf(spki('p256')).replaceAll('\n', '')],
    ['an Ed25519 key', bodyOf(spki('ed25519'))],
    ['an RSA key in PKCS #1', bodyOf(text('rsa', 'pkcs1'))],
    ['a certificate', bodyOf(text('p384', 'x509'))],
    ['a certificate request', bodyOf(text('p521', 'csr'))],
    ['base64url', Buffer.from(bodyOf(spki('rsa')), 'base64').toString('base64url')],
    ['hexadecimal digits', Buffer.from(bodyOf(spki('p256')), 'base64').toString('hex')],
    ['a PEM text', base64(spki('rsa'))],
    ['a PEM text in hexadecimal digits', Buffer.from(spki('rsa')).toString('hex').toUpperCase()],
    ['a JWK', base64(JSON.stringify(testKey('rsa').publicJwk))],
  ])('is recognised as %s', (_, value) => {
    expect(isEncodedPublicKey(value)).toBe(true);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a random secret', createHash('sha512').update('a').digest('base64')],
    [
      'a secret that begins as a sequence',
      Buffer.from([0x30, 4, 2, 0, 2, 0, 1, 2, 3]).toString('base64'),
    ],
    ['random hexadecimal digits', createHash('sha512').update('a').digest('hex')],
    ['an SPKI with a wrong algorithm', 'MAcwAQADAgAA'],
    ['a private key', bodyOf(privatePem('rsa.pkcs8'))],
    ['words', 'a secret of words, not base64'],
    ['base64 of words', base64('a secret of words, in base64')],
  ])('is not seen in %s', (_, value) => {
    expect(isEncodedPublicKey(value)).toBe(false);
  });
});
