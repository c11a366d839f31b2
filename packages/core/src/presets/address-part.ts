import { httpUrl, nonEmptyString } from '../config/check.js';
import { ConfigError } from '../errors.js';

/** RFC 1123, section 2.1; at least two labels, and a port where there is one. */
const bareHost = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9](?::\d{1,5})?$/;

/** A domain without scheme and path, in lower case as providers write it into `iss`; or a ConfigError. */
export function bareDomain(value: unknown, option: string, example: string): string {
  const domain = nonEmptyString(value, option).toLowerCase();
  if (bareHost.test(domain)) return domain;
  throw new ConfigError(
    option,
    `expected a bare domain, as ${example}, without https:// before it and without a path`,
  );
}

/** A name that becomes part of an address, or a ConfigError: it must not be able to name another address. */
export function namePart(
  value: unknown,
  option: string,
  { form, what }: { readonly form: RegExp; readonly what: string },
): string {
  const name = nonEmptyString(value, option);
  if (form.test(name)) return name;
  throw new ConfigError(option, `expected ${what}`);
}

/** An address that others are built upon: http or https, without query and without the slash at its end. */
export function baseUrl(value: unknown, option: string): string {
  const url = httpUrl(value, option);
  if (!/[?#\s]/.test(url)) return url.replace(/\/+$/, '');
  throw new ConfigError(option, 'expected an address without a query, a fragment and blanks');
}
