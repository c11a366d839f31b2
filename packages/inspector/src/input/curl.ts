import { HeaderList } from './header-lines.js';
import { InputError } from './input-error.js';
import { shellCommands } from './shell-words.js';

/** What a curl command sends, as far as authentication reads it. */
export interface CurlRequest {
  readonly headers: HeaderList;
  readonly method: string;
  /** The path and query. */
  readonly url: string;
  /** The text of the body; undefined if there is none, or if it is in a file. */
  readonly body: string | undefined;
}

/** The short options of curl that take a value, and the long option that each is. */
const short: Readonly<Record<string, string>> = {
  A: 'user-agent',
  b: 'cookie',
  d: 'data',
  e: 'referer',
  H: 'header',
  u: 'user',
  X: 'request',
  ...Object.fromEntries([...'CcDEFKmoPQrtTUwxyYz'].map((letter) => [letter, 'unread'])),
};

/** The long options of curl that are read, and take a value. */
const read = new Set([
  'header',
  'request',
  'cookie',
  'user',
  'user-agent',
  'referer',
  'oauth2-bearer',
  'url',
  'data',
  'data-raw',
  'data-ascii',
  'data-binary',
  'data-urlencode',
  'json',
]);

/** Long options that take a value which could be taken for the address. */
const unread = new Set(['proxy', 'output', 'resolve', 'connect-to', 'cacert', 'cert', 'key']);

/** The options and the other words of a command. */
interface CurlWords {
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly flags: ReadonlySet<string>;
  readonly addresses: readonly string[];
}

function valueOf(words: Iterator<string, undefined>): string {
  const { value } = words.next();
  if (value !== undefined) return value;
  throw new InputError('the last option of the curl command has no value; copy the whole command');
}

/** Reads `-sSXPOST`: letters up to the first that takes a value, which is the rest of the word or the next word. */
function readShort(
  letters: string,
  words: Iterator<string, undefined>,
  found: { options: [string, string][]; flags: Set<string> },
): void {
  for (const [index, letter] of [...letters].entries()) {
    const name = Object.hasOwn(short, letter) ? short[letter] : undefined;
    if (name !== undefined) {
      const rest = letters.slice(index + 1);
      found.options.push([name, rest === '' ? valueOf(words) : rest]);
      return;
    }
    found.flags.add(letter);
  }
}

function readWords(command: readonly string[]): CurlWords {
  const options: [string, string][] = [];
  const flags = new Set<string>();
  const addresses: string[] = [];
  const words = command.values();
  for (const word of words) {
    const long = word.startsWith('--') ? word.slice(2) : undefined;
    if (long !== undefined) {
      if (read.has(long) || unread.has(long)) options.push([long, valueOf(words)]);
      else flags.add(long);
    } else if (word.startsWith('-') && word.length > 1)
      readShort(word.slice(1), words, { options, flags });
    else addresses.push(word);
  }
  return { options, flags, addresses };
}

function addHeader(headers: HeaderList, value: string): void {
  if (value.startsWith('@'))
    throw new InputError(
      'the curl command reads its headers from a file; paste the headers themselves',
    );
  const colon = value.indexOf(':');
  // `Name;` sends an empty header, and `Name:` sends none.
  if (colon === -1 && value.endsWith(';')) headers.add(value.slice(0, -1), '');
  else if (colon === -1)
    throw new InputError('a header of the curl command has no colon; expected -H "Name: value"');
  else if (value.slice(colon + 1).trim() !== '')
    headers.add(value.slice(0, colon), value.slice(colon + 1));
}

function addCookie(headers: HeaderList, value: string): void {
  if (!value.includes('='))
    throw new InputError(
      'the curl command reads its cookies from a file; paste the cookies themselves',
    );
  headers.add('cookie', value);
}

function readHeaders(options: CurlWords['options']): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of options)
    if (name === 'header') addHeader(headers, value);
    else if (name === 'cookie') addCookie(headers, value);
    else if (name === 'user-agent' || name === 'referer') headers.add(name, value);
    else if (name === 'oauth2-bearer') headers.add('authorization', `Bearer ${value}`);
    else if (name === 'user')
      headers.add('authorization', `Basic ${Buffer.from(value).toString('base64')}`);
  return headers;
}

/** The path and query of an address; curl adds the scheme if it is absent. */
function pathOf(address: string | undefined): string {
  const text =
    address === undefined || /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  if (text === undefined || !URL.canParse(text)) return '/';
  const { pathname, search } = new URL(text);
  return pathname + search;
}

/** Reads a curl command, such as one that a browser has copied. Throws an InputError if it is none. */
export function readCurl(text: string): CurlRequest {
  if (/\^"|\^\r?\n/.test(text))
    throw new InputError(
      'this command is written for the Windows command line; copy it as cURL (bash)',
    );
  const command = shellCommands(text.replace(/^\$\s+/, ''))[0]?.slice(1) ?? [];
  const { options, flags, addresses } = readWords(command);
  const last = (name: string): string | undefined =>
    options.findLast(([option]) => option === name)?.[1];
  const bodies = options.filter(([name]) => name === 'json' || name.startsWith('data'));
  const inQuery = flags.has('G') || flags.has('get');
  const sent = bodies.length > 0 && !inQuery;
  const body = bodies.map(([, value]) => value).join('&');
  const inFile = bodies.some(([name, value]) => name !== 'data-raw' && value.startsWith('@'));
  const usual = sent ? 'POST' : flags.has('I') || flags.has('head') ? 'HEAD' : 'GET';
  const address =
    last('url') ?? addresses.find((word) => /^https?:/i.test(word)) ?? addresses.at(-1);
  return {
    headers: readHeaders(options),
    method: last('request') ?? usual,
    url: pathOf(address),
    body: sent && !inFile ? body : undefined,
  };
}
