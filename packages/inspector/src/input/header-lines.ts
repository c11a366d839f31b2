import { InputError } from './input-error.js';

/** A name of a header, as HTTP allows it (RFC 9110, section 5.6.2). */
const fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Characters that no value of a header can contain. */
const forbidden = /[\0-\x08\n-\x1f\x7f]/; // eslint-disable-line no-control-regex -- these are what it looks for
/** More headers than servers take. */
const mostHeaders = 1000;

/** The headers of a request, by names in lower case; a header that comes twice has a list of values. */
export class HeaderList {
  readonly #headers = new Map<string, string[]>();
  /** Names as they are spelt, and values in turn, as Node has them. */
  readonly raw: string[] = [];
  #count = 0;

  /** Adds a header, or throws an InputError if no HTTP request can contain it. */
  add(name: string, value: string): void {
    const key = name.trim().toLowerCase();
    if (!fieldName.test(key))
      throw new InputError(
        'a header has a name that HTTP does not allow; expected lines such as "Authorization: Bearer …"',
      );
    if (forbidden.test(value.trim()))
      throw new InputError(
        `the header ${shown(key)} contains a line break or another control character, which no request can contain; remove it`,
      );
    this.#count += 1;
    if (this.#count > mostHeaders) throw new InputError('there are more than 1000 headers');
    this.raw.push(name.trim(), value.trim());
    this.#headers.set(key, [...(this.#headers.get(key) ?? []), value.trim()]);
  }

  /** The headers as a record without a prototype, so that any name can be a member. */
  toRecord(): Record<string, string | string[]> {
    const record = Object.create(null) as Record<string, string | string[]>; // has no member yet
    for (const [name, [first = '', ...more]] of this.#headers)
      record[name] = more.length === 0 ? first : [first, ...more];
    return record;
  }
}

/** A header's name in a message: a token that was pasted as a name is not shown. */
function shown(name: string): string {
  return name.length > 40 ? 'with a long name' : name;
}

const requestLine = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+)(?: HTTP\/[\d.]+)?$/;

/** What lines of headers say: the headers, and the request line before them if there is one. */
export interface HeaderLines {
  readonly headers: HeaderList;
  readonly method?: string;
  readonly url?: string;
}

/** Reads lines such as `Authorization: Bearer …`, with or without a request line before them. */
export function readHeaderLines(text: string): HeaderLines {
  const headers = new HeaderList();
  const [first = '', ...rest] = text.split(/\r?\n/);
  const target = requestLine.exec(first.trim())?.[1];
  const lines = target === undefined ? [first, ...rest] : rest;
  for (const line of lines) {
    // What comes after an empty line is the body.
    if (line.trim() === '') break;
    // Browsers show the pseudo-headers of HTTP/2, which are no headers.
    if (/^:[a-z]+:/.test(line)) continue;
    const colon = line.indexOf(':');
    if (colon === -1)
      throw new InputError(
        'a line has no colon; expected a token, lines such as "Authorization: Bearer …", or a curl command',
      );
    headers.add(line.slice(0, colon), line.slice(colon + 1));
  }
  return {
    headers,
    ...(target !== undefined && { method: first.trim().split(' ')[0] ?? '', url: target }),
  };
}
