/** The expected response to a curl command: printed in a few words, and compared with the real body by the tests. */
export type Answer =
  | { readonly kind: 'session'; readonly role: string; readonly user?: string }
  | { readonly kind: 'articles'; readonly author: string }
  | { readonly kind: 'created'; readonly author: string }
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string };

/** The response in a few words, as the demo prints it. */
export function gist(answer: Answer): string {
  switch (answer.kind) {
    case 'session':
      return `role ${answer.role}${answer.user === undefined ? '' : `, x-hasura-user-id ${answer.user}`}`;
    case 'articles':
      return `the articles of user ${answer.author} and no others`;
    case 'created':
      return `a new article of user ${answer.author}`;
    case 'refusal':
      return `${answer.code}: ${answer.message}`;
  }
}
