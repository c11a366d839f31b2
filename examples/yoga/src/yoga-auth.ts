import type { Authenticator, Session } from '@hasura-auth/core';
import { createAdapter, presentSession } from '@hasura-auth/core/adapter';
import type { Plugin } from 'graphql-yoga';

/** Authenticates Yoga's HTTP requests and responds to rejected ones before Yoga reads the GraphQL request. */
export interface YogaAuth {
  readonly plugin: Plugin;
  /** The session of a request that the plugin has authenticated. */
  sessionOf(request: Request): Session;
}

export function yogaAuth(authenticator: Authenticator): YogaAuth {
  const adapter = createAdapter({ authenticator });
  const sessions = new WeakMap<Request, Session>();
  return {
    sessionOf: (request) => presentSession(sessions.get(request)),
    plugin: {
      async onRequest({ request, endResponse, fetchAPI }) {
        await adapter.handle(request, {
          accept({ session }) {
            sessions.set(request, session);
          },
          refuse({ status, headers, body }) {
            const response = new fetchAPI.Response(body, { status });
            for (const [name, value] of Object.entries(headers))
              for (const one of [value].flat()) response.headers.append(name, one);
            endResponse(response);
          },
          forward(error) {
            throw error;
          },
        });
      },
    },
  };
}
