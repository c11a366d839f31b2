import { requireRole } from '@hasura-auth/graphql-ws';
import type { Session } from '@hasura-auth/core';
import type { GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';

/** The context of every resolver, over HTTP and over WebSocket. */
export interface GraphqlContext {
  readonly session: Session;
}

const editorsOnly = requireRole('editor');

async function* countdown(from: number): AsyncGenerator<{ countdown: number }> {
  for (let left = from; left >= 0; left--) yield { countdown: left };
}

export const schema: GraphQLSchema = createSchema<GraphqlContext>({
  typeDefs: `
    type Query {
      "The current session."
      me: Me!
      "For editors only."
      drafts: [String!]!
    }
    type Me { role: String! userId: String }
    type Subscription { countdown(from: Int!): Int! }
  `,
  resolvers: {
    Query: {
      me: (_root, _args, { session }) => ({
        role: session.role,
        userId: session.sessionVariables['x-hasura-user-id'],
      }),
      drafts: (_root, _args, { session }) => {
        editorsOnly(session);
        return ['A draft'];
      },
    },
    Subscription: {
      countdown: { subscribe: (_root, { from }: { from: number }) => countdown(from) },
    },
  },
});
