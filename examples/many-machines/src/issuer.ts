// The development issuer as a process of its own, on port 4000 of loopback.
import { createDevelopmentIssuer } from '@hasura-auth/testing/development-issuer';

const { issuer } = await createDevelopmentIssuer({ port: 4000 });
process.stdout.write(`the issuer is ${issuer}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
