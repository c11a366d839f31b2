/** JSON of a message as it comes: nothing of it is known. */
export type Message = Readonly<Record<string, unknown>>;

/** Reads a message; undefined where it is none. */
export function readMessage(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && !Array.isArray(message)
      ? (message as Message)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What graphql-ws says, in the words of the legacy protocol; several messages, or none. */
export function toLegacy(message: Message): readonly Message[] {
  const { id, type, payload } = message;
  switch (type) {
    case 'connection_ack':
      // The stock client watches for keep-alives from the first one on.
      return [message, { type: 'ka' }];
    case 'next':
      return [{ id, type: 'data', payload }];
    case 'error':
      // As the stock server does it: a result without data, and nothing after it.
      return [
        { id, type: 'data', payload: { errors: payload } },
        { id, type: 'complete' },
      ];
    case 'complete':
      return [{ id, type: 'complete' }];
    default:
      return [];
  }
}
