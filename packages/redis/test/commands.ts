import { createClient } from 'redis';

/** Sends one command as an operator does, and resolves to its reply. */
export type Send = (...command: string[]) => Promise<unknown>;

/** Looks into the database, and changes it as an operator could. */
export async function withCommands<T>(url: string, use: (send: Send) => Promise<T>): Promise<T> {
  const client = createClient({ url, RESP: 2 });
  await client.connect();
  try {
    return await use((...command) => client.sendCommand(command));
  } finally {
    client.destroy();
  }
}
