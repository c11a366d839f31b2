import { unescape } from 'node:querystring';

/** Where a key set is published, taken apart at start. */
export interface KeySetAddress {
  /** What is fetched; without credentials, which `fetch` refuses in an address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  /** For logs and errors: without credentials and query, where secrets stand. */
  readonly shown: string;
}

/** Reads an http or https address. Credentials in it are sent as RFC 7617 says, as the engine does. */
export function keySetAddress(address: string): KeySetAddress {
  const url = new URL(address);
  const { username, password, origin, pathname } = url;
  url.username = '';
  url.password = '';
  const headers: Record<string, string> = {
    accept: 'application/json, application/jwk-set+json',
    // Fetches are minutes apart: by then the other end may be closing the connection, and the fetch would fail.
    connection: 'close',
  };
  if (username !== '' || password !== '') {
    const credentials = Buffer.from(`${unescape(username)}:${unescape(password)}`);
    headers['authorization'] = `Basic ${credentials.toString('base64')}`;
  }
  return { url: url.href, headers, origin, shown: origin + pathname };
}
