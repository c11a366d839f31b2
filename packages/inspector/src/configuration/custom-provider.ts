import type { JwtSecret, KeyType } from '@hasura-auth/core';
import { InputError } from '../input/input-error.js';
import { checkedSecret } from './checked-secret.js';
import { typeOfPem } from './pem.js';
import type { Provider } from './provider.js';
import {
  claimsFrom,
  claimsQuestions,
  pemQuestion,
  textOf,
  type Answers,
  type Question,
} from './questions.js';

const optional = (name: string, label: string, help: string): Question => ({
  name,
  label,
  help,
  required: false,
});

const questions: readonly Question[] = [
  optional('jwk-url', 'Address of the key set', 'such as https://issuer.example/jwks.json'),
  { ...pemQuestion, help: 'instead of the key set' },
  {
    name: 'secret',
    label: 'Shared secret',
    help: 'at least 32 bytes, instead of the key set',
    required: false,
    file: true,
  },
  {
    name: 'algorithm',
    label: 'Algorithm of the shared secret',
    help: 'HS256 if absent',
    required: false,
    choices: ['HS256', 'HS384', 'HS512'],
  },
  optional('issuer', 'Issuer', 'the iss of the tokens, character by character'),
  { ...optional('audience', 'Audience', 'the aud of the tokens'), many: true },
  ...claimsQuestions,
];

/** The members that verify signatures: exactly one of the three answers must be there. */
function keyFrom(answers: Answers): JwtSecret {
  const [url, pem, secret] = ['jwk-url', 'pem', 'secret'].map((name) => textOf(answers[name]));
  if ([url, pem, secret].filter((answer) => answer !== undefined).length !== 1)
    throw new InputError('jwk-url: expected one of jwk-url, pem and secret', {
      question: 'jwk-url',
    });
  if (url !== undefined) return { jwk_url: url };
  if (pem !== undefined) return { type: typeOfPem(pem), key: pem };
  const type = (textOf(answers['algorithm']) ?? 'HS256') as KeyType; // checked by core
  return { type, key: secret?.replace(/\r?\n$/, '') };
}

/** A provider without a preset: what a preset knows is asked for. */
export const customProvider: Provider = {
  name: 'custom',
  title: 'Another provider',
  questions,
  secret(answers) {
    const issuer = textOf(answers['issuer']);
    const given = answers['audience'];
    const audience = typeof given === 'object' && given.length === 1 ? given[0] : given;
    const hasAudience = audience !== undefined && audience !== '';
    const secret: JwtSecret = {
      ...keyFrom(answers),
      ...(issuer !== undefined && { issuer }),
      ...(hasAudience && { audience }),
      // By itself the engine accepts tokens that lack these claims.
      extra_required_claims: [
        ...(issuer === undefined ? [] : ['issuer']),
        ...(hasAudience ? ['audience'] : []),
        'exp',
      ],
      ...claimsFrom(answers),
    };
    return checkedSecret(
      secret,
      questions.map(({ name }) => name),
    );
  },
};
