import { gist, type Answer } from '../src/answer.js';

/** The gist of a real response body, to compare it with the expected one. */
export function gistOfBody(kind: Answer['kind'], body: unknown): string {
  switch (kind) {
    case 'session': {
      const { role, sessionVariables } = body as SessionBody;
      const user = sessionVariables['x-hasura-user-id'];
      return gist({ kind, role, ...(user !== undefined && { user }) });
    }
    case 'articles': {
      const authors = new Set((body as readonly ArticleBody[]).map(({ authorId }) => authorId));
      return gist({ kind, author: [...authors].join(', ') });
    }
    case 'created':
      return gist({ kind, author: String((body as ArticleBody).authorId) });
    case 'refusal': {
      const [first] = (body as RefusalBody).errors;
      return gist({ kind, code: String(first?.extensions.code), message: String(first?.message) });
    }
  }
}

interface SessionBody {
  readonly role: string;
  readonly sessionVariables: Readonly<Record<string, string>>;
}

interface ArticleBody {
  readonly authorId: string | null;
}

interface RefusalBody {
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string };
  }[];
}
