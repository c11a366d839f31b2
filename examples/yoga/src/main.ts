import { stdout } from 'node:process';
import { optionsFromEnv } from '@hasura-auth/core';
import { startApp } from './app.js';

const { url } = await startApp(optionsFromEnv(), 4000);
stdout.write(`GraphQL at ${url}, over HTTP and WebSocket\n`);
