import { ConfigError } from '../errors.js';
import { isPlaceholder, nonEmptyString, stringList, type Warn } from '../option-checks.js';

/**
 * Checks of texts that files, shells and templates damage on their way into a configuration. What no request could ever
 * match is a ConfigError; what may be meant so is logged as a warning. No message quotes a secret.
 */

const byteOrderMark = '\uFEFF';
const controlCharacter = /\p{Cc}/u;
/** U+FFFD, which stands for bytes that are no UTF-8, and halves of surrogate pairs: any such byte would match them. */
const lostCharacter = /[\uFFFD\p{Cs}]/u;
/** Shorter admin secrets are logged as a warning: a request per guess finds them. */
const goodSecretLength = 16;

/** A text that a request header can carry: no control characters, no blanks around it; or a ConfigError. */
export function headerText(value: unknown, option: string): string {
  const text = nonEmptyString(value, option);
  if (text !== text.trim() && !text.startsWith(byteOrderMark))
    throw new ConfigError(
      option,
      'it begins or ends with a blank or a line break, which no request header can contain; remove it',
    );
  if (text.startsWith(byteOrderMark))
    throw new ConfigError(
      option,
      'it begins with a byte order mark (U+FEFF), which some editors put before a text; remove it',
    );
  if (controlCharacter.test(text))
    throw new ConfigError(
      option,
      'it contains a line break or another control character, which no request header can contain; remove it',
    );
  if (lostCharacter.test(text))
    throw new ConfigError(
      option,
      'it has bytes that are no UTF-8, such as a letter in Latin-1; write the text in UTF-8',
    );
  return text;
}

/** Throws a ConfigError if a text is a placeholder. `what` says what the text should be. */
export function checkFilledIn(text: string, option: string, what = 'secret'): void {
  if (isPlaceholder(text))
    throw new ConfigError(
      option,
      `it is a placeholder that was not filled in, such as $NAME or {{ name }}; set the ${what} itself`,
    );
}

/** What programs make of a value that is not there, or of a switch. */
const textOfNoSecret = /^(?:undefined|null|NaN|true|false|\[object Object\])$/i;

function checkNoLeftover(secret: string, option: string): void {
  if (textOfNoSecret.test(secret))
    throw new ConfigError(
      option,
      'it is the text of a value that is no secret, such as undefined or false; set the secret itself',
    );
}

/** Characters that no one sees and that copying brings along, such as a zero-width space. */
const invisible = /\p{Cf}/u;

function warnOfPasting(secret: string, option: string, warn: Warn): void {
  if (/^(["'])[^]*\1$/.test(secret.trim()) && secret.trim().length > 1)
    warn(
      option,
      'it begins and ends with quotes, which are part of the secret; if a file or shell was to remove them, remove them yourself',
    );
  if (invisible.test(secret))
    warn(
      option,
      'it contains an invisible character, such as a zero-width space, which is part of the secret; if copying brought it, remove it',
    );
}

function adminSecret(value: unknown, option: string, warn: Warn): string {
  const secret = headerText(value, option);
  checkFilledIn(secret, option);
  checkNoLeftover(secret, option);
  warnOfPasting(secret, option, warn);
  if (secret.length < goodSecretLength)
    warn(
      option,
      `it has fewer than ${String(goodSecretLength)} characters; use a long random secret`,
    );
  return secret;
}

/** The options that hold admin secrets. */
export interface AdminSecretOptions {
  readonly adminSecret?: string | false | undefined;
  readonly adminSecrets?: readonly string[] | undefined;
}

/** Reads the admin secrets: undefined if neither option is set, empty if there is no admin access. */
export function parseAdminSecrets(
  options: AdminSecretOptions,
  warn: Warn,
): readonly string[] | undefined {
  if (options.adminSecrets !== undefined)
    return stringList(options.adminSecrets, 'adminSecrets').map((secret, index) =>
      adminSecret(secret, `adminSecrets[${String(index)}]`, warn),
    );
  if (options.adminSecret === undefined) return undefined;
  return options.adminSecret === false
    ? []
    : [adminSecret(options.adminSecret, 'adminSecret', warn)];
}

/** Checks the text of an HMAC key; its length is checked where it becomes a key. */
export function checkHmacKey(key: string, option: string, warn: Warn): void {
  warnOfPasting(key, option, warn);
  if (/[\r\n]$/.test(key))
    warn(
      option,
      'it ends in a line break, which is part of the key; if the provider signs without it, remove it',
    );
}
