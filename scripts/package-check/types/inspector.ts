import type { AuthOptions, AuthRequest, JwtSecret } from '@hasura-auth/core';
import {
  forms,
  providers,
  readConfiguration,
  readRequest,
  tokenHeaderOf,
  type Provider,
} from '@hasura-auth/inspector/reading';
export const options: AuthOptions = readConfiguration('', { service: 'graphql-engine' });
export const request: AuthRequest = readRequest('a.b.c', tokenHeaderOf(options));
export const provider: Provider | undefined = providers[0];
export const secret: JwtSecret | undefined = provider?.secret({ audience: ['a', 'b'] });
export const text: string | undefined = forms[0]?.print({ jwk_url: 'https://a.example' });
// @ts-expect-error an answer is a text or a list of texts
provider?.secret({ audience: 1 });
// @ts-expect-error the input is text
readRequest({ headers: {} });
