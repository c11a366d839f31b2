import { ConfigError } from '../errors.js';
import type { TokenLocation } from './jwt-config.js';
import { checkPastedMembers, nonEmptyString, objectOrJson, type Warn } from '../option-checks.js';

/** RFC 9110, section 5.6.2; cookie names are tokens too (RFC 6265, section 4.1.1). */
const httpToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers with another meaning, so that they cannot hold a token. */
const takenHeaders = ['x-hasura-admin-secret', 'x-hasura-access-key', 'x-hasura-role', 'cookie'];

function locationName(header: Readonly<Record<string, unknown>>, option: string): string {
  const name = nonEmptyString(header['name'], `${option}.name`);
  if (httpToken.test(name)) return name;
  throw new ConfigError(`${option}.name`, 'expected a name without blanks and separators');
}

/** Reads `header`: the location of the token, as an object or as its JSON text. */
export function parseTokenHeader(value: unknown, option: string, warn: Warn): TokenLocation {
  if (value === undefined) return { kind: 'authorization' };
  const header = objectOrJson(value, option);
  checkPastedMembers(header, ['type', 'name'], { option, warn });
  const type = typeof header['type'] === 'string' ? header['type'].toLowerCase() : undefined;
  switch (type) {
    case 'authorization':
      return { kind: 'authorization' };
    case 'cookie':
      return { kind: 'cookie', name: locationName(header, option) };
    case 'customheader': {
      const name = locationName(header, option).toLowerCase();
      if (takenHeaders.includes(name))
        throw new ConfigError(
          `${option}.name`,
          `${name} has a meaning of its own; choose another name`,
        );
      return { kind: 'header', name };
    }
    default:
      throw new ConfigError(
        `${option}.type`,
        'expected Authorization, Cookie (with a name) or CustomHeader (with a name)',
      );
  }
}
