import type { Session } from '@hasura-auth/core';

/** An article of the demo's API. */
export interface Article {
  readonly id: number;
  readonly title: string;
  /** The `x-hasura-user-id` of the author; null if an admin without a user id wrote the article. */
  readonly authorId: string | null;
  readonly published: boolean;
}

/** The articles of one demo, shared by its three apps. */
export interface Articles {
  /** The articles that a session may read, such as a row permission of Hasura would select. */
  readableBy(session: Session): readonly Article[];
  /** Adds a draft of the session's user; returns undefined if the body has no title. */
  write(session: Session, body: unknown): Article | undefined;
}

/** The response body if a request has no title. */
export const titleMissing = {
  errors: [{ message: 'Send JSON with a title, such as {"title": "Hello"}' }],
} as const;

const first: readonly Article[] = [
  { id: 1, title: 'One role per request', authorId: '1', published: true },
  { id: 2, title: 'Notes on claims', authorId: '1', published: false },
  { id: 3, title: 'Keys that rotate', authorId: '2', published: true },
  { id: 4, title: 'A draft about hooks', authorId: '2', published: false },
];

/** Creates new articles, so that two demos in one process share none. */
export function createArticles(): Articles {
  const articles = [...first];
  return {
    readableBy({ role, sessionVariables }) {
      if (role === 'admin' || role === 'editor') return articles;
      const userId = sessionVariables['x-hasura-user-id'];
      return articles.filter(({ authorId, published }) =>
        userId === undefined ? published : authorId === userId,
      );
    },
    write({ sessionVariables }, body) {
      const title = titleOf(body);
      if (title === undefined) return undefined;
      const authorId = sessionVariables['x-hasura-user-id'] ?? null;
      const article = { id: articles.length + 1, title, authorId, published: false };
      articles.push(article);
      return article;
    },
  };
}

function titleOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('title' in body)) return undefined;
  return typeof body.title === 'string' && body.title !== '' ? body.title : undefined;
}
