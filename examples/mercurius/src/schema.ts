import { assertRole, type Session } from '@hasura-auth/core';
import type { IResolvers } from 'mercurius';

declare module 'mercurius' {
  interface MercuriusContext {
    /** The session, over HTTP and over WebSocket. */
    readonly session: Session;
  }
}

export const schema = `
  type Query {
    "The current session."
    me: Me!
    "For editors only."
    drafts: [String!]!
  }
  type Me { role: String! userId: String }
  type Subscription { countdown(from: Int!): Int! }
`;

async function* countdown(from: number): AsyncGenerator<{ countdown: number }> {
  for (let left = from; left >= 0; left--) yield { countdown: left };
}

export const resolvers: IResolvers = {
  Query: {
    me: (_root, _args, { session }) => ({
      role: session.role,
      userId: session.sessionVariables['x-hasura-user-id'],
    }),
    drafts: (_root, _args, { session }) => {
      assertRole(session, 'editor');
      return ['A draft'];
    },
  },
  Subscription: {
    countdown: { subscribe: (_root: unknown, { from }: { from: number }) => countdown(from) },
  },
};
