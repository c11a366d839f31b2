import { httpUrl } from './check.js';
import type { Logger } from './options.js';
import { sharedBy } from './shared-key-sets.js';

/** Names and addresses of this machine: RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads `jwk_url`. Warns where anybody on the way could exchange the keys, and where the keys are known to sign for others
 * too and no audience tells their tokens apart. Names the host only: an address may hold a password.
 */
export function parseJwkUrl(
  value: unknown,
  option: string,
  { audience, logger }: { readonly audience: unknown; readonly logger: Logger },
): string {
  const text = httpUrl(value, `${option}.jwk_url`);
  const { protocol, hostname } = new URL(text);
  if (protocol === 'http:' && !loopback.test(hostname))
    logger.warn(
      `${option}.jwk_url: keys that come over plain http can be exchanged on the way; use https`,
    );
  const tenants = sharedBy(hostname);
  if (tenants !== undefined && audience === undefined)
    logger.warn(
      `${option}.audience: the keys at ${hostname} sign for all ${tenants}, and without an audience the tokens of each of them are let in; set the audience that yours name`,
    );
  return text;
}
