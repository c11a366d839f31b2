import { createGate, presentSession, type Authenticator, type Session } from '@hasura-auth/core';
import type { Plugin } from 'graphql-yoga';

/** Authenticates Yoga's HTTP requests and responds to rejected ones before Yoga reads the GraphQL request. */
export interface YogaAuth {
  readonly plugin: Plugin;
  /** The session of a request that the plugin has authenticated. */
  sessionOf(request: Request): Session;
}

export function yogaAuth(authenticator: Authenticator): YogaAuth {
  const gate = createGate({ authenticator });
  const sessions = new WeakMap<Request, Session>();
  return {
    sessionOf: (request) => presentSession(sessions.get(request)),
    plugin: {
      async onRequest({ request, endResponse, fetchAPI }) {
        try {
          sessions.set(request, await authenticator.authenticate(request));
        } catch (error) {
          const answer = gate.refuse(error, request);
          if (answer === undefined) throw error;
          const { status, headers, body } = answer;
          endResponse(new fetchAPI.Response(body, { status, headers: { ...headers } }));
        }
      },
    },
  };
}
