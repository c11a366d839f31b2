import type { Answers } from '@hasura-auth/inspector/reading';
import type { CommandContext } from '../context.js';
import { readTextFile } from '../read-text.js';
import type { Interviewer } from './ask.js';

/** Asks what the tokens of a provider without a preset are verified by, and what they say of themselves. */
export async function askKeys(by: Interviewer, context: CommandContext): Promise<Answers> {
  const kind = await by.choice('What are the tokens verified with?', [
    { value: 'jwk-url', label: 'a key set at an address (jwk_url)' },
    { value: 'pem', label: 'a public key or certificate in a PEM file' },
    { value: 'secret', label: 'a shared secret in a file' },
  ]);
  const help = kind === 'jwk-url' ? 'such as https://issuer.example/jwks.json' : 'its path';
  const answer = await by.text(kind === 'jwk-url' ? 'Address of the key set' : 'File', { help });
  const key = kind === 'jwk-url' ? answer : await readTextFile(answer, context);
  const issuer = await by.text('Issuer, the claim iss', { help: 'empty for any', optional: true });
  const audience = await by.text('Audience, the claim aud', {
    help: 'empty for any',
    optional: true,
  });
  return { [kind]: key, issuer, audience };
}
