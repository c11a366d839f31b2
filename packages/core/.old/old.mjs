var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name2 in all) __defProp(target, name2, { get: all[name2], enumerable: true });
};

// packages/core/src/option-checks.ts
import { distance } from 'fastest-levenshtein';

// packages/core/src/refusals.ts
var refusals = {
  'missing-secret': {
    code: 'access-denied',
    message: 'x-hasura-admin-secret/x-hasura-access-key required, but not found',
    engineStatus: 401,
    status: 401,
  },
  'wrong-secret': {
    code: 'access-denied',
    message: 'invalid x-hasura-admin-secret/x-hasura-access-key',
    engineStatus: 401,
    status: 401,
  },
  'missing-token': {
    code: 'invalid-headers',
    message: "Missing 'Authorization' or 'Cookie' header in JWT authentication mode",
    engineStatus: 400,
    status: 401,
    bearer: 'none',
  },
  'malformed-authorization': {
    code: 'invalid-headers',
    message: 'Malformed Authorization header',
    engineStatus: 400,
    status: 401,
    bearer: 'none',
  },
  'ambiguous-token': {
    code: 'invalid-headers',
    message: 'Could not verify JWT: Multiple JWTs found',
    engineStatus: 400,
    status: 400,
  },
  'invalid-token': {
    code: 'invalid-jwt',
    message: 'Could not verify JWT: ',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'missing-role-claim': {
    code: 'jwt-missing-role-claims',
    message: 'JWT claim does not contain ',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'invalid-claims': {
    code: 'jwt-invalid-claims',
    message: '',
    engineStatus: 400,
    status: 401,
    bearer: 'invalid_token',
  },
  'role-not-allowed': {
    code: 'access-denied',
    message: 'Your requested role is not in allowed roles',
    engineStatus: 400,
    status: 403,
    bearer: 'insufficient_scope',
  },
  'hook-unauthorized': {
    code: 'access-denied',
    message: 'Authentication hook unauthorized this request',
    engineStatus: 401,
    status: 401,
  },
  'hook-invalid-response': {
    code: 'unexpected',
    message: 'Invalid response from authorization hook',
    engineStatus: 500,
    status: 500,
  },
  'hook-unreachable': {
    code: 'unexpected',
    message: 'webhook authentication request failed',
    engineStatus: 500,
    status: 500,
  },
  'hook-without-role': {
    code: 'invalid-params',
    message: 'x-hasura-role not found in session variables',
    engineStatus: 400,
    status: 500,
  },
  'keys-unavailable': {
    code: 'unexpected',
    message: 'JWK set is not available',
    engineStatus: 500,
    status: 503,
    retryAfter: 1,
  },
  'bad-backend-only': {
    code: 'bad-request',
    message:
      "x-hasura-use-backend-only-permissions: Not a valid boolean text. True values are ['true','t','yes','y'] and False values are ['false','f','no','n']. All values are case insensitive",
    engineStatus: 400,
    status: 400,
  },
  'role-guard': {
    code: 'access-denied',
    message: 'Your current role is not allowed here',
    engineStatus: 400,
    status: 403,
  },
  // The next three are ours: the engine has no words for them.
  'bad-connection-params': {
    code: 'invalid-headers',
    message: 'Malformed connection parameters: ',
    engineStatus: 400,
    status: 400,
  },
  'session-ended': {
    code: 'access-denied',
    message: 'The session has ended',
    engineStatus: 401,
    status: 401,
  },
  'session-change': {
    code: 'access-denied',
    message: 'The role or the user of an open connection may not change',
    engineStatus: 400,
    status: 403,
  },
};

// packages/core/src/errors.ts
var authErrorBrand = /* @__PURE__ */ Symbol.for('@hasura-auth/AuthError');
var AuthError = class extends Error {
  name = 'AuthError';
  /** The engine's error code. */
  code;
  /** Where in the request the error is, as the engine says it: always the root. */
  path = '$';
  /** The HTTP status by HTTP's own rules: 401, 403, 503 … */
  status;
  /** The same as `status`, by the name that Fastify and others read. */
  statusCode;
  /** The status that the engine answers with on its REST endpoints. */
  engineStatus;
  /** Response headers that belong to `status`: `WWW-Authenticate`, `Retry-After`. */
  headers;
  /** Whether the message may be shown to a client: for every status under 500. */
  expose;
  /** Which row of the error table this is. */
  kind;
  constructor(kind, detail = {}) {
    const refusal2 = refusals[kind];
    super(
      refusal2.message + (detail.detail ?? ''),
      detail.cause === void 0 ? void 0 : { cause: detail.cause },
    );
    this.kind = kind;
    this.code = refusal2.code;
    this.status = refusal2.status;
    this.statusCode = refusal2.status;
    this.engineStatus = refusal2.engineStatus;
    this.expose = refusal2.status < 500;
    this.headers = Object.freeze(headersOf(refusal2, detail));
    Object.defineProperty(this, authErrorBrand, { value: true });
  }
  /** One member of a GraphQL `errors` list, as the engine writes it. */
  toJSON() {
    return { extensions: { path: this.path, code: this.code }, message: this.message };
  }
};
function headersOf(refusal2, detail) {
  const retryAfter = detail.retryAfter ?? refusal2.retryAfter;
  if (retryAfter !== void 0) return { 'Retry-After': String(retryAfter) };
  const bearer = detail.bearer ?? refusal2.bearer;
  if (bearer === 'none') return { 'WWW-Authenticate': 'Bearer' };
  if (bearer !== void 0) return { 'WWW-Authenticate': `Bearer error="${bearer}"` };
  return refusal2.status === 401 ? { 'WWW-Authenticate': 'HasuraAdminSecret' } : {};
}
function isAuthError(error) {
  return typeof error === 'object' && error !== null && authErrorBrand in error;
}
var ConfigError = class _ConfigError extends Error {
  name = 'ConfigError';
  /** The path of the option, as `jwtSecrets[1].claims_map`. */
  option;
  #problem;
  constructor(option, problem, variable) {
    super(`${option}${variable === void 0 ? '' : ` (from ${variable})`}: ${problem}`);
    this.option = option;
    this.#problem = problem;
  }
  /** The same mistake, with the environment variable that the option was read from. */
  readFrom(variable) {
    return new _ConfigError(this.option, this.#problem, variable);
  }
};

// packages/core/src/json.ts
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function jsonType(value) {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'number':
      return 'Number';
    case 'boolean':
      return 'Boolean';
    default:
      return 'Object';
  }
}
var deepest = 50;
function freezeMember(member, depth, deeper) {
  if (typeof member !== 'object' || member === null) return;
  if (depth === 0) deeper.push(member);
  else freezeTo(member, depth - 1, deeper);
}
function freezeTo(value, depth, deeper) {
  if (Array.isArray(value)) for (const member of value) freezeMember(member, depth, deeper);
  else for (const name2 in value) freezeMember(value[name2], depth, deeper);
  Object.freeze(value);
}
function deepFreeze(root) {
  const open = [root];
  for (let value = open.pop(); value !== void 0; value = open.pop()) freezeTo(value, deepest, open);
  return root;
}
var objectBytes = 72;
var namedBytes = 100;
var listedBytes = 32;
function bytesOfJson(root) {
  const open = [root];
  let bytes = 0;
  for (let value = open.pop(); value !== void 0; value = open.pop()) {
    bytes += objectBytes;
    const memberBytes = Array.isArray(value) ? listedBytes : namedBytes;
    for (const member of Object.values(value)) {
      bytes += memberBytes;
      if (typeof member === 'string') bytes += 2 * member.length;
      else if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return bytes;
}

// packages/core/src/option-checks.ts
function nonEmptyString(value, option) {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigError(option, `expected a non-empty string, and this is ${kindOf(value)}`);
}
function stringList(value, option) {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigError(
      option,
      `expected a list with at least one string, and this is ${kindOf(value)}`,
    );
  return value.map((item, index2) => nonEmptyString(item, `${option}[${String(index2)}]`));
}
function oneOf(value, names, option, byDefault) {
  if (value === void 0) return byDefault;
  const found = names.find((name2) => name2 === value);
  if (found !== void 0) return found;
  throw new ConfigError(option, `expected one of ${names.join(', ')}`);
}
function flag(value, option, byDefault) {
  if (value === void 0) return byDefault;
  if (typeof value === 'boolean') return value;
  throw new ConfigError(option, `expected true or false, and this is ${kindOf(value)}`);
}
function count(value, option, byDefault, { least = 0, endless = false } = {}) {
  if (value === void 0) return byDefault;
  if (typeof value === 'number' && value >= least) {
    if (Number.isSafeInteger(value) || (endless && value === Infinity)) return value;
  }
  throw new ConfigError(
    option,
    `expected a whole number of at least ${String(least)}${endless ? ' or Infinity' : ''}, and this is ${kindOf(value)}`,
  );
}
function functionOr(value, option, byDefault) {
  if (value === void 0) return byDefault;
  if (typeof value === 'function') return value;
  throw new ConfigError(option, `expected a function, and this is ${kindOf(value)}`);
}
function httpUrl(value, option) {
  const text2 = nonEmptyString(value, option);
  const url = URL.canParse(text2) ? new URL(text2) : void 0;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text2;
  throw new ConfigError(option, 'expected an address that begins with http:// or https://');
}
function nearestName(unknown, known) {
  const lower = unknown.toLowerCase();
  const bound = Math.max(1, Math.floor(unknown.length / 3));
  return known
    .map((name2) => ({ name: name2, far: distance(lower, name2.toLowerCase()) }))
    .filter(({ far }) => far <= bound)
    .sort((a, b) => a.far - b.far)[0]?.name;
}
function kindOf(value) {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === void 0) return 'missing';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}
function recordOf(value, known, option) {
  if (!isRecord(value))
    throw new ConfigError(option, `expected an object, and this is ${kindOf(value)}`);
  for (const member of Object.keys(value)) {
    if (known.includes(member)) continue;
    const nearest = nearestName(member, known);
    const hint = nearest === void 0 ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new ConfigError(option, `${JSON.stringify(member)} is unknown; ${hint}`);
  }
  return value;
}
function objectOrJson(value, option) {
  let object = value;
  if (typeof value === 'string')
    try {
      object = JSON.parse(value);
    } catch {
      throw new ConfigError(
        option,
        'expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
      );
    }
  if (isRecord(object)) return object;
  throw new ConfigError(
    option,
    `expected an object or its JSON text, and this is ${kindOf(object)}`,
  );
}

// packages/core/src/config/env.ts
var prefix = 'HASURA_GRAPHQL_';
var sources = /* @__PURE__ */ Symbol.for('@hasura-auth/options-from-env');
function variableOf(options, option) {
  const read = options[sources];
  const source = read?.get(option);
  const current = options[option];
  return source?.value === current ? source?.variable : void 0;
}
function optional(env, name2) {
  return env[prefix + name2] || void 0;
}
function secret(env, name2) {
  const value = env[prefix + name2];
  if (value === void 0 || value.trim() !== '') return value;
  throw new ConfigError(prefix + name2, 'it is empty; give it a value, or remove the variable');
}
function jsonList(env, name2) {
  const text2 = secret(env, name2);
  if (text2 === void 0) return void 0;
  try {
    const value = JSON.parse(text2);
    if (Array.isArray(value) && value.length > 0) return value;
  } catch {}
  throw new ConfigError(prefix + name2, 'expected a JSON array with at least one item');
}
var trueTexts = ['true', 't', 'yes', 'y', '1'];
var falseTexts = ['false', 'f', 'no', 'n', '0'];
function bool(env, name2) {
  const text2 = optional(env, name2)?.toLowerCase();
  if (text2 === void 0) return void 0;
  if (trueTexts.includes(text2)) return true;
  if (falseTexts.includes(text2)) return false;
  throw new ConfigError(prefix + name2, 'expected true or false');
}
function hookFrom(env) {
  const url = optional(env, 'AUTH_HOOK');
  const mode = optional(env, 'AUTH_HOOK_MODE')?.toUpperCase();
  const sendRequestBody = bool(env, 'AUTH_HOOK_SEND_REQUEST_BODY');
  if (mode !== void 0 && mode !== 'GET' && mode !== 'POST')
    throw new ConfigError(`${prefix}AUTH_HOOK_MODE`, 'expected GET or POST');
  if (url === void 0) return void 0;
  return { url, ...(mode && { mode }), ...(sendRequestBody !== void 0 && { sendRequestBody }) };
}
function optionsFromEnv(env = process.env) {
  const accessKey = secret(env, 'ACCESS_KEY');
  const adminSecret = secret(env, 'ADMIN_SECRET');
  const read = {
    adminSecret: [adminSecret === void 0 ? 'ACCESS_KEY' : 'ADMIN_SECRET', adminSecret ?? accessKey],
    adminSecrets: ['ADMIN_SECRETS', jsonList(env, 'ADMIN_SECRETS')],
    jwtSecret: ['JWT_SECRET', secret(env, 'JWT_SECRET')],
    jwtSecrets: ['JWT_SECRETS', jsonList(env, 'JWT_SECRETS')],
    authHook: ['AUTH_HOOK', hookFrom(env)],
    unauthorizedRole: ['UNAUTHORIZED_ROLE', optional(env, 'UNAUTHORIZED_ROLE')],
  };
  const present = Object.entries(read).filter(([, [, value]]) => value !== void 0);
  const origin = new Map(
    present.map(([option, [name2, value]]) => [option, { variable: prefix + name2, value }]),
  );
  const options = Object.fromEntries(present.map(([option, [, value]]) => [option, value]));
  return Object.assign(options, { [sources]: origin });
}

// packages/core/src/error-response.ts
var errorResponseStyles = ['http', 'engine', 'graphql', 'metadata', 'problem', 'forward'];
var json = { 'Content-Type': 'application/json; charset=utf-8' };
function graphqlBody(error) {
  return JSON.stringify({ errors: [error.toJSON()] });
}
function problemBody(error) {
  const { status, code, message: message2 } = error;
  return JSON.stringify({ status, title: titles[status], detail: message2, code });
}
var titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
function answerRefusal(error, style, request2) {
  if (typeof style === 'function') return customAnswer(style(error, request2));
  switch (style) {
    case 'http':
      return {
        status: error.status,
        headers: { ...error.headers, ...json },
        body: graphqlBody(error),
      };
    case 'engine':
      return { status: error.engineStatus, headers: json, body: graphqlBody(error) };
    case 'graphql':
      return { status: 200, headers: json, body: graphqlBody(error) };
    case 'metadata': {
      const { path, message: message2, code } = error;
      return {
        status: error.engineStatus,
        headers: json,
        body: JSON.stringify({ path, error: message2, code }),
      };
    }
    case 'problem':
      return {
        status: error.status,
        headers: { ...error.headers, 'Content-Type': 'application/problem+json' },
        body: problemBody(error),
      };
    case 'forward':
      return void 0;
  }
}
function customAnswer({ status, headers = {}, body = '' }) {
  return typeof body === 'string'
    ? { status, headers, body }
    : { status, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}

// packages/core/src/webhook/options.ts
var aboutTheExchange = [
  'content-length',
  'content-md5',
  'user-agent',
  'host',
  'origin',
  'referer',
  'accept',
  'accept-encoding',
  'accept-language',
  'accept-datetime',
  'cache-control',
  'connection',
  'dnt',
  'content-type',
];
var hopByHop = [
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
var keptBack = /* @__PURE__ */ new Set([...aboutTheExchange, ...hopByHop]);
function isForwarded(lowerCaseName) {
  return !keptBack.has(lowerCaseName);
}
var token = /^[!#$%&'*+\-.^_`|~\w]+$/;
var fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
function isCarried(name2, value) {
  return fieldValue.test(value) && token.test(name2);
}
var members = ['url', 'mode', 'sendRequestBody', 'timeoutMs', 'cache'];
var cacheMembers = ['headers', 'maxEntries'];
function parseCache(value, mode, option) {
  if (value === void 0) return void 0;
  const cache = recordOf(value, cacheMembers, option);
  const listed = stringList(cache['headers'], `${option}.headers`);
  const headers = listed.map((name2) => name2.toLowerCase());
  const unseen = mode === 'GET' ? headers.findIndex((name2) => !isForwarded(name2)) : -1;
  if (unseen !== -1)
    throw new ConfigError(
      `${option}.headers[${String(unseen)}]`,
      'a GET hook is never sent this header, so it cannot decide; leave it out, or use mode: "POST"',
    );
  return {
    headers,
    maxEntries: count(cache['maxEntries'], `${option}.maxEntries`, 1e3, { least: 1 }),
  };
}
function hookUrl(value, option) {
  const url = httpUrl(value, option);
  const { username, password } = new URL(url);
  if (username === '' && password === '') return url;
  throw new ConfigError(
    option,
    'expected an address without a user name and password; let the network, or a secret in its path, protect the hook',
  );
}
function parseHook(value, option) {
  const hook = recordOf(typeof value === 'string' ? { url: value } : value, members, option);
  const mode = oneOf(hook['mode'], ['GET', 'POST'], `${option}.mode`, 'GET');
  return {
    url: hookUrl(hook['url'], `${option}.url`),
    mode,
    sendRequestBody: flag(hook['sendRequestBody'], `${option}.sendRequestBody`, true),
    timeoutMs: count(hook['timeoutMs'], `${option}.timeoutMs`, 1e4, { least: 1 }),
    cache: parseCache(hook['cache'], mode, `${option}.cache`),
  };
}

// packages/core/src/jwt/decode.ts
import { isUtf8 } from 'node:buffer';

// packages/core/src/keys/algorithms.ts
var hmac = (digest2, secretBytes) => ({
  family: 'hmac',
  digest: digest2,
  pss: false,
  secretBytes,
});
var asymmetric = (family, digest2, pss = false) => ({
  family,
  digest: digest2,
  pss,
  secretBytes: 0,
});
var algorithms = {
  HS256: hmac('sha256', 32),
  HS384: hmac('sha384', 48),
  HS512: hmac('sha512', 64),
  RS256: asymmetric('rsa', 'sha256'),
  RS384: asymmetric('rsa', 'sha384'),
  RS512: asymmetric('rsa', 'sha512'),
  PS256: asymmetric('rsa', 'sha256', true),
  PS384: asymmetric('rsa', 'sha384', true),
  PS512: asymmetric('rsa', 'sha512', true),
  ES256: asymmetric('p256', 'sha256'),
  ES384: asymmetric('p384', 'sha384'),
  ES512: asymmetric('p521', 'sha512'),
  EdDSA: asymmetric('ed25519', null),
  Ed25519: asymmetric('ed25519', null),
};
function isAlgorithm(name2) {
  return Object.hasOwn(algorithms, name2);
}
function canonical(name2) {
  return name2 === 'EdDSA' ? 'Ed25519' : name2;
}

// packages/core/src/jwt/decode.ts
var wide = /[\u0100-\uffff]/;
var lastOfTwo = 'AQgw';
var lastOfThree = 'AEIMQUYcgkosw048';
function isStrictBase64url(text2, decodedBytes) {
  const { length } = text2;
  if (decodedBytes !== Math.floor((length * 3) / 4)) return false;
  if (text2.includes('+') || text2.includes('/') || wide.test(text2)) return false;
  switch (length % 4) {
    case 0:
      return true;
    case 1:
      return false;
    case 2:
      return lastOfTwo.includes(text2.charAt(length - 1));
    default:
      return lastOfThree.includes(text2.charAt(length - 1));
  }
}
function detached(part) {
  return Buffer.from(part, 'latin1').toString('latin1');
}
var longestToken = 16384;
function refuseToken(detail) {
  return new AuthError('invalid-token', { detail });
}
function notBase64url() {
  return refuseToken('JWSError (CompactDecodeError Invalid text: not base64url)');
}
function decodeBase64url(text2) {
  const bytes = Buffer.from(text2, 'base64url');
  if (!isStrictBase64url(text2, bytes.length)) throw notBase64url();
  return bytes;
}
var scratch = Buffer.alloc((longestToken / 4) * 3);
var replacement = '\uFFFD';
function decodeText(part) {
  const length = scratch.write(part, 'base64url');
  if (!isStrictBase64url(part, length)) throw notBase64url();
  const text2 = scratch.toString('utf8', 0, length);
  return text2.includes(replacement) && !isUtf8(scratch.subarray(0, length)) ? void 0 : text2;
}
function decodeObject(part) {
  const text2 = decodeText(part);
  if (text2 === void 0) return void 0;
  try {
    const value = JSON.parse(text2);
    return isRecord(value) ? value : void 0;
  } catch {
    return void 0;
  }
}
function decodeHeader(part) {
  const header = decodeObject(part);
  if (header === void 0)
    throw refuseToken('JWSError (JSONDecodeError "Error in $: expected a JSON object")');
  const { alg, kid } = header;
  if (typeof alg !== 'string')
    throw refuseToken('JWSError (JSONDecodeError "Error in $.alg: expected a string")');
  if (kid !== void 0 && typeof kid !== 'string')
    throw refuseToken('JWSError (JSONDecodeError "Error in $.kid: expected a string")');
  if ('crit' in header || ('b64' in header && header['b64'] !== true))
    throw refuseToken('JWSError JWSCritUnprotected');
  if (!isAlgorithm(alg)) throw refuseToken('JWSError AlgorithmNotImplemented');
  return { alg, kid };
}
function wrongNumberOfParts(parts) {
  return refuseToken(
    `JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got ${String(parts)})`,
  );
}
var TokenDecoder = class _TokenDecoder {
  #knownHeaders = /* @__PURE__ */ new Map();
  #lastKnown;
  static #mostHeaders = 100;
  /** Takes a compact JWS (RFC 7515, section 7.1) apart, or throws the AuthError that says what it is not. */
  decode(token3) {
    if (token3.length > longestToken)
      throw refuseToken('JWSError (CompactDecodeError Invalid text: too long)');
    const first = token3.indexOf('.');
    const last = token3.lastIndexOf('.');
    if (first === last || token3.indexOf('.', first + 1) !== last)
      throw wrongNumberOfParts(token3.split('.').length);
    const header = this.#readHeader(token3.slice(0, first));
    const unverifiedPayload = decodeObject(token3.slice(first + 1, last));
    if (unverifiedPayload === void 0)
      throw refuseToken('JWTClaimsSetDecodeError "Error in $: expected a JSON object"');
    return {
      token: token3,
      header,
      unverifiedPayload,
      signingInput: token3.slice(0, last),
      signature: decodeBase64url(token3.slice(last + 1)),
    };
  }
  /** Remembers the header of a verified token; strangers' headers are never kept. */
  remember({ token: token3, header }) {
    if (header === this.#lastKnown) return;
    const headerPart = token3.slice(0, token3.indexOf('.'));
    if (this.#knownHeaders.has(headerPart)) return;
    if (this.#knownHeaders.size >= _TokenDecoder.#mostHeaders) this.#knownHeaders.clear();
    this.#knownHeaders.set(detached(headerPart), header);
  }
  #readHeader(headerPart) {
    const known = this.#knownHeaders.get(headerPart);
    if (known === void 0) return decodeHeader(headerPart);
    this.#lastKnown = known;
    return known;
  }
};

// packages/core/src/jwt/registered-claims.ts
var registeredClaims = /* @__PURE__ */ new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);
function wrongType(claim, expected, value) {
  return refuseToken(
    `JWTClaimsSetDecodeError "Error in $.${claim}: expected ${expected}, but encountered ${jsonType(value)}"`,
  );
}
function numericDate(payload, claim) {
  const value = payload[claim];
  if (value === void 0) return void 0;
  if (typeof value === 'number' && Number.isFinite(value)) return value * 1e3;
  throw wrongType(claim, 'Number', value);
}
function isAudience(aud) {
  return (
    typeof aud === 'string' || (Array.isArray(aud) && aud.every((item) => typeof item === 'string'))
  );
}
function namesAudience(aud, audiences) {
  return typeof aud === 'string'
    ? audiences.has(aud)
    : aud.some((audience) => audiences.has(audience));
}
function checkRequired(payload, config) {
  for (const claim of config.requiredClaims) {
    if (Object.hasOwn(payload, claim)) continue;
    if (claim === 'iss') throw refuseToken('JWTNotInIssuer');
    if (claim === 'aud') throw refuseToken('JWTNotInAudience');
    throw refuseToken(`JWTMissingClaim "${claim}"`);
  }
}
function checkRegisteredClaims(payload, config, now) {
  const exp = numericDate(payload, 'exp');
  const iat = numericDate(payload, 'iat');
  const nbf = numericDate(payload, 'nbf');
  const { iss, aud } = payload;
  if (iss !== void 0 && typeof iss !== 'string') throw wrongType('iss', 'String', iss);
  if (aud !== void 0 && !isAudience(aud)) throw wrongType('aud', 'String or Array', aud);
  const { skewMs, issuer, audiences } = config;
  const expiresAt = exp === void 0 ? Infinity : exp + skewMs;
  if (now >= expiresAt) throw refuseToken('JWTExpired');
  if (iat !== void 0 && iat > now + skewMs) throw refuseToken('JWTIssuedAtFuture');
  if (nbf !== void 0 && now < nbf - skewMs) throw refuseToken('JWTNotYetValid');
  if (issuer !== void 0 && iss !== void 0 && iss !== issuer) throw refuseToken('JWTNotInIssuer');
  if (audiences !== void 0) {
    const inAudience = aud === void 0 ? !config.requireAudience : namesAudience(aud, audiences);
    if (!inAudience) throw refuseToken('JWTNotInAudience');
  }
  checkRequired(payload, config);
  return { validFrom: Math.max(iat ?? -Infinity, nbf ?? -Infinity) - skewMs, expiresAt };
}

// packages/core/src/session-variables.ts
var prefix2 = 'x-hasura-';
var roleVariable = 'x-hasura-role';
var secretVariables = /* @__PURE__ */ new Set(['x-hasura-admin-secret', 'x-hasura-access-key']);
function isSessionVariable(lowerCaseName) {
  return lowerCaseName.startsWith(prefix2);
}
function isSecretVariable(lowerCaseName) {
  return secretVariables.has(lowerCaseName);
}
function emptyRecord() {
  return Object.setPrototypeOf({}, null);
}
function gatherVariables(entries) {
  const gathered = emptyRecord();
  for (const [anyCase, value] of entries) {
    const name2 = anyCase.toLowerCase();
    if (isSessionVariable(name2) && !isSecretVariable(name2)) gathered[name2] = value;
  }
  return gathered;
}
function variablesFor(role, gathered) {
  gathered[roleVariable] = role;
  return Object.freeze(gathered);
}

// packages/core/src/jwt/json-path.ts
var name = /[\p{L}_][\p{L}0-9_-]*/uy;
var index = /\[([0-9]+)\]/y;
var doubleQuoted = /\["((?:[^"\\]|\\[^])*)"\]/y;
var singleQuoted = /\['((?:[^'\\]|\\[^])*)'\]/y;
function matchAt(pattern, text2, at) {
  pattern.lastIndex = at;
  return pattern.exec(text2);
}
function unquote(body, single) {
  const json4 = single
    ? body.replace(/\\([^])|"/g, (all, escaped) =>
        all === '"' ? '\\"' : escaped === "'" ? "'" : all,
      )
    : body;
  try {
    return JSON.parse(`"${json4}"`);
  } catch {
    return void 0;
  }
}
function bracketAt(text2, at) {
  const number = matchAt(index, text2, at);
  if (number?.[1] !== void 0) {
    const member2 = Number(number[1]);
    return Number.isSafeInteger(member2) ? { member: member2, end: at + number[0].length } : void 0;
  }
  const double = matchAt(doubleQuoted, text2, at);
  const quoted = double ?? matchAt(singleQuoted, text2, at);
  if (quoted?.[1] === void 0) return void 0;
  const member = unquote(quoted[1], double === null);
  return member === void 0 ? void 0 : { member, end: at + quoted[0].length };
}
function stepAt(text2, at) {
  const from = text2[at] === '.' ? at + 1 : at;
  if (text2[from] === '[') return bracketAt(text2, from);
  const found = matchAt(name, text2, from);
  return found === null ? void 0 : { member: found[0], end: from + found[0].length };
}
function parseJsonPath(text2) {
  if (text2 === '$') return [];
  const rooted = text2.startsWith('$');
  let at = rooted ? 1 : 0;
  const path = [];
  while (at < text2.length) {
    const step = stepAt(text2, at);
    if (step === void 0) return void 0;
    path.push(step.member);
    at = step.end;
  }
  return path.length === 0 ? void 0 : path;
}
function readJsonPath(root, path) {
  let value = root;
  for (const member of path) {
    if (typeof value !== 'object' || value === null) return void 0;
    if (Array.isArray(value) !== (typeof member === 'number')) return void 0;
    if (!Object.hasOwn(value, member)) return void 0;
    value = value[member];
  }
  return value;
}

// packages/core/src/jwt/claims-source.ts
var allowedRolesClaim = 'x-hasura-allowed-roles';
var defaultRoleClaim = 'x-hasura-default-role';
function parseClaimsSource(secret2, option) {
  const { claims_namespace, claims_namespace_path, claims_format, claims_map } = secret2;
  if (claims_namespace !== void 0 && claims_namespace_path !== void 0)
    throw new ConfigError(
      option,
      'claims_namespace and claims_namespace_path cannot both be set; keep the one that fits the tokens',
    );
  const format = oneOf(
    claims_format,
    ['json', 'stringified_json'],
    `${option}.claims_format`,
    'json',
  );
  const source =
    claims_namespace_path !== void 0
      ? {
          kind: 'path',
          format,
          ...pathOption(claims_namespace_path, `${option}.claims_namespace_path`),
        }
      : {
          kind: 'namespace',
          format,
          namespace: nonEmptyString(
            claims_namespace ?? 'https://hasura.io/jwt/claims',
            `${option}.claims_namespace`,
          ),
        };
  return claims_map === void 0 ? source : parseClaimsMap(claims_map, `${option}.claims_map`);
}
function pathOption(value, option) {
  const text2 = nonEmptyString(value, option);
  const path = parseJsonPath(text2);
  if (path === void 0)
    throw new ConfigError(
      option,
      'expected a JSON path of names, quoted names and indexes, as $.hasura.claims, $["https://a.example/claims"] or $.roles[0]',
    );
  return { path, text: text2 };
}
function parseClaimsMap(map, option) {
  if (!isRecord(map))
    throw new ConfigError(
      option,
      `expected an object of session variables, and this is ${kindOf(map)}`,
    );
  const claims = Object.entries(map).map(([anyCase, entry]) => {
    const name2 = anyCase.toLowerCase();
    const member = `${option}[${JSON.stringify(anyCase)}]`;
    if (!isSessionVariable(name2))
      throw new ConfigError(member, 'expected a name that begins with x-hasura-');
    return parseMappedClaim(name2, entry, member);
  });
  const names = new Set(claims.map(({ name: name2 }) => name2));
  if (names.size < claims.length)
    throw new ConfigError(option, 'two names are the same in lower case; keep one of them');
  for (const needed of [allowedRolesClaim, defaultRoleClaim])
    if (!names.has(needed))
      throw new ConfigError(
        option,
        `${needed} is missing; add it as a literal or as {"path": \u2026}`,
      );
  return { kind: 'map', claims };
}
function parseMappedClaim(name2, entry, option) {
  if (!isRecord(entry))
    return { kind: 'literal', name: name2, value: literal(name2, entry, option) };
  const stranger = Object.keys(entry).find((key) => key !== 'path' && key !== 'default');
  if (stranger !== void 0)
    throw new ConfigError(option, 'expected the members path and default, and no other');
  const { path } = pathOption(entry['path'], `${option}.path`);
  const byDefault =
    entry['default'] === void 0 ? void 0 : literal(name2, entry['default'], `${option}.default`);
  return { kind: 'path', name: name2, path, byDefault };
}
function literal(name2, value, option) {
  if (name2 === allowedRolesClaim) return stringList(value, option);
  if (name2 === defaultRoleClaim) return nonEmptyString(value, option);
  if (typeof value === 'string') return value;
  throw new ConfigError(option, `expected a string, and this is ${kindOf(value)}`);
}

// packages/core/src/maybe-promise.ts
function isPromise(value) {
  return value instanceof Promise;
}
function andThen(value, next) {
  return isPromise(value) ? value.then(next) : next(value);
}

// packages/core/src/keys/jwk-set.ts
import { createPublicKey as createPublicKey3 } from 'node:crypto';

// packages/core/src/keys/pem.ts
import { createPublicKey as createPublicKey2, X509Certificate } from 'node:crypto';

// packages/core/src/keys/certificate-request.ts
import { createPublicKey } from 'node:crypto';
var sequenceTag = 48;
function elementAt(der, start, limit) {
  const tag = der[start];
  const first = der[start + 1];
  if (tag === void 0 || first === void 0) throw new Error('the DER ends early');
  const lengthBytes = first < 128 ? 0 : first & 127;
  if (first === 128 || lengthBytes > 4) throw new Error('the DER has a length of a bad form');
  const contentStart = start + 2 + lengthBytes;
  if (contentStart > limit) throw new Error('the DER ends early');
  const length = lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes);
  const end = contentStart + length;
  if (end > limit) throw new Error('the DER ends early');
  return { tag, start, contentStart, end };
}
function sequenceAt(der, start, limit) {
  const element = elementAt(der, start, limit);
  if (element.tag !== sequenceTag) throw new Error('the DER has no sequence where one must be');
  return element;
}
function certificateRequestKey(der) {
  const request2 = sequenceAt(der, 0, der.length);
  const info = sequenceAt(der, request2.contentStart, request2.end);
  const version = elementAt(der, info.contentStart, info.end);
  const subject = sequenceAt(der, version.end, info.end);
  const publicKey = sequenceAt(der, subject.end, info.end);
  return createPublicKey({
    key: der.subarray(publicKey.start, publicKey.end),
    format: 'der',
    type: 'spki',
  });
}

// packages/core/src/keys/pem.ts
var curves = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};
function familyOf(key) {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'rsa';
    case 'ed25519':
      return 'ed25519';
    case 'ec':
      return curves[String(key.asymmetricKeyDetails?.namedCurve)];
    default:
      return void 0;
  }
}
var leastModulusBits = 1024;
var goodModulusBits = 2048;
function modulusBits(key) {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}
var block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;
function looksLikePem(text2) {
  return text2.includes('-----BEGIN');
}
function readPem(text2) {
  const [, label2, body] = block.exec(text2) ?? [];
  if (label2 === void 0 || body === void 0)
    throw new Error(
      'it is no PEM text (-----BEGIN \u2026 with its line breaks, base64, -----END \u2026)',
    );
  const der = Buffer.from(body, 'base64');
  switch (label2) {
    case 'PUBLIC KEY':
      return readOrSay(label2, () => ({
        key: createPublicKey2({ key: der, format: 'der', type: 'spki' }),
      }));
    case 'RSA PUBLIC KEY':
      return readOrSay(label2, () => ({
        key: createPublicKey2({ key: der, format: 'der', type: 'pkcs1' }),
      }));
    case 'CERTIFICATE':
      return readOrSay(label2, () => {
        const certificate = new X509Certificate(der);
        return { key: certificate.publicKey, notAfter: Date.parse(certificate.validTo) };
      });
    case 'CERTIFICATE REQUEST':
    case 'NEW CERTIFICATE REQUEST':
      return readOrSay(label2, () => ({ key: certificateRequestKey(der) }));
    default:
      throw new Error(
        label2.includes('PRIVATE')
          ? 'it is a private key; only the public key belongs here'
          : `PEM of the kind ${label2} holds no public key that can be used`,
      );
  }
}
function readOrSay(label2, read) {
  try {
    return read();
  } catch {
    throw new Error(`the PEM text says ${label2}, but what it holds is damaged or of another kind`);
  }
}

// packages/core/src/keys/jwk-set.ts
var mostKeys = 100;
var mostModulusBits = 16384;
var remarks = {
  malformed: 'malformed, left out',
  kind: 'of a kind that verifies nothing here, left out',
  use: 'not for signatures by its "use", left out',
  operations: 'not for verifying by its "key_ops", left out',
  symmetric: 'a secret, which in a published set is none, left out',
  private: 'published with its private half, so that anybody could sign with it, left out',
  algorithm: 'bound by its "alg" to what a key of its kind does not do, left out',
  short: `an RSA key under ${String(leastModulusBits)} bits, left out`,
  weak: `an RSA key under ${String(goodModulusBits)} bits, used although that is not safe`,
  surplus: `beyond the first ${String(mostKeys)} that are used, left out`,
};
var isAbsent = (value) => value === void 0 || value === null;
function readJwk(jwk) {
  if (!isRecord(jwk)) return 'malformed';
  const { kty, kid, alg, use, key_ops, d } = jwk;
  if (kty === 'oct') return 'symmetric';
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return 'kind';
  if (!isAbsent(use) && use !== 'sig') return 'use';
  if (!isAbsent(key_ops) && !(Array.isArray(key_ops) && key_ops.includes('verify')))
    return 'operations';
  if (!isAbsent(d)) return 'private';
  if (!isAbsent(kid) && typeof kid !== 'string') return 'malformed';
  if (!isAbsent(alg) && !(typeof alg === 'string' && isAlgorithm(alg))) return 'algorithm';
  const { crv, n, e, x, y } = jwk;
  const key = withoutAbsent({ kty, crv, n, e, x, y });
  return {
    kid: kid ?? void 0,
    alg: alg ?? void 0,
    content: JSON.stringify([kid ?? null, alg ?? null, key]),
    load: () => createPublicKey3({ key, format: 'jwk' }),
  };
}
function withoutAbsent(members2) {
  return Object.fromEntries(Object.entries(members2).filter(([, value]) => !isAbsent(value)));
}
function readCertificate(kid, text2) {
  if (typeof text2 !== 'string') return 'malformed';
  const content = JSON.stringify([kid, text2]);
  return { kid, alg: void 0, content, load: () => readPem(text2).key };
}
function entriesOf(json4) {
  if (isRecord(json4)) {
    const { keys } = json4;
    if (Array.isArray(keys))
      return keys.map((jwk) => [isRecord(jwk) ? jwk['kid'] : void 0, readJwk(jwk)]);
    const members2 = Object.entries(json4);
    if (members2.some(([, text2]) => typeof text2 === 'string' && looksLikePem(text2)))
      return members2.map(([kid, text2]) => [kid, readCertificate(kid, text2)]);
  }
  throw new Error('the answer is JSON, but neither a key set nor a map of certificates');
}
function importKey({ kid, alg, content, load }) {
  let key;
  try {
    key = load();
  } catch {
    return 'malformed';
  }
  const family = familyOf(key);
  if (family === void 0) return 'kind';
  if (alg !== void 0 && algorithms[alg].family !== family) return 'algorithm';
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  if (family === 'rsa') {
    if (exponent < 3n || modulusBits(key) > mostModulusBits) return 'malformed';
    if (modulusBits(key) < leastModulusBits) return 'short';
  }
  return { kid, content, key: { family, key, secretBytes: 0, ...(alg !== void 0 && { alg }) } };
}
var isWeak = ({ key }) => key.family === 'rsa' && modulusBits(key.key) < goodModulusBits;
function readKeySet(json4, known) {
  const earlier = new Map(known.map((key) => [key.content, key]));
  const keys = /* @__PURE__ */ new Map();
  const said = /* @__PURE__ */ new Map();
  const remark = (what, kid) => {
    const kids = said.get(remarks[what]) ?? [];
    kids.push(typeof kid === 'string' ? kid : void 0);
    said.set(remarks[what], kids);
  };
  for (const [kid, entry] of entriesOf(json4)) {
    if (typeof entry === 'string') remark(entry, kid);
    else if (keys.has(entry.content)) continue;
    else if (keys.size >= mostKeys) remark('surplus', kid);
    else {
      const key = earlier.get(entry.content) ?? importKey(entry);
      if (typeof key === 'string') remark(key, kid);
      else {
        keys.set(key.content, key);
        if (isWeak(key)) remark('weak', kid);
      }
    }
  }
  return { keys: [...keys.values()], remarks: said };
}

// packages/core/src/keys/jwks-download.ts
import { unescape } from 'node:querystring';

// packages/core/src/http-request.ts
var OversizedError = class extends Error {
  name = 'OversizedError';
  constructor(maxBytes4) {
    super(`the answer has more than ${String(maxBytes4)} bytes`);
  }
};
async function readBounded(response, maxBytes4) {
  if (response.body === null) return '';
  if (Number(response.headers.get('content-length')) > maxBytes4) {
    await discardBody(response);
    throw new OversizedError(maxBytes4);
  }
  const chunks = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes4) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Error('the answer broke off', { cause });
  }
  if (bytes > maxBytes4) throw new OversizedError(maxBytes4);
  return Buffer.concat(chunks).toString('utf8');
}
async function discardBody(response) {
  await response.body?.cancel().catch(() => void 0);
}
var DeadlineError = class extends Error {
  name = 'DeadlineError';
  constructor(ms) {
    super(`not done within ${String(ms)} ms`);
  }
};
var longestMs = 2147483647;
function withDeadline(ms, setTimeout2, run) {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout2(
      () => {
        const late = new DeadlineError(ms);
        reject(late);
        controller.abort(late);
      },
      Math.min(ms, longestMs),
    );
    const stop = () => {
      clearTimeout(timer);
    };
    run(controller.signal).then(
      (value) => {
        stop();
        resolve(value);
      },
      (error) => {
        stop();
        reject(error);
      },
    );
  });
}

// packages/core/src/freshness.ts
import { parse } from '@tusbar/cache-control';
var ageDirective = /(?:^|[\s,;])((?:max-age|s-maxage)(?![\w-])(?:="[^"]*"|=[^\s",;]*)?)/i;
var httpDate = /^[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
var unreadable = { kind: 'unreadable' };
function fromCacheControl(header) {
  const directives = parse(header);
  if (directives.noCache === true || directives.noStore === true) return { kind: 'for', ms: 0 };
  const [, directive] = ageDirective.exec(header) ?? [];
  if (directive === void 0)
    return directives.mustRevalidate === true ? { kind: 'for', ms: 0 } : void 0;
  const { maxAge, sharedMaxAge } = parse(directive);
  const seconds = maxAge ?? sharedMaxAge;
  return seconds === null ? unreadable : { kind: 'for', ms: seconds * 1e3 };
}
function fromExpires(header, now) {
  if (/^-?\d+$/.test(header)) return { kind: 'for', ms: 0 };
  const at = httpDate.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? unreadable : { kind: 'for', ms: Math.max(0, at - now) };
}
function freshness({ cacheControl, expires }, now) {
  const said = cacheControl ? fromCacheControl(cacheControl) : void 0;
  return said ?? (expires ? fromExpires(expires.trim(), now) : { kind: 'unsaid' });
}

// packages/core/src/keys/jwks-download.ts
function keySetAddress(address) {
  const url = new URL(address);
  const { username, password, origin, pathname } = url;
  url.username = '';
  url.password = '';
  const headers = {
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
function codeOf(error, depth = 0) {
  if (!isRecord(error) || depth > 3) return 'no connection, or one that broke off';
  const { code, cause } = error;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code)
    ? code
    : codeOf(cause, depth + 1);
}
async function request({ url, headers }, fetch, signal) {
  signal.throwIfAborted();
  const asking = async () =>
    fetch(url, { method: 'GET', headers: { ...headers }, redirect: 'manual', signal });
  const response = await asking().catch((error) => {
    signal.throwIfAborted();
    throw new Error(`the request failed: ${codeOf(error)}`);
  });
  const { ok, status, type } = response;
  if (ok) return response;
  await discardBody(response);
  if (type === 'opaqueredirect' || (status >= 300 && status < 400))
    throw new Error('the answer is a redirect, which is not followed');
  throw new Error(`the answer has the status ${String(status)}`);
}
function parseJson(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    throw new Error('the answer is not JSON');
  }
}
function downloadKeySet(
  address,
  { timeoutMs, maxBytes: maxBytes4 },
  { fetch, now, setTimeout: setTimeout2 },
  abort,
) {
  return withDeadline(timeoutMs, setTimeout2, async (late) => {
    late.addEventListener('abort', () => {
      abort.abort(late.reason);
    });
    const response = await request(address, fetch, abort.signal);
    const { headers } = response;
    const json4 = parseJson(await readBounded(response, maxBytes4));
    const [cacheControl, expires] = [headers.get('cache-control'), headers.get('expires')];
    return { json: json4, freshness: freshness({ cacheControl, expires }, now()) };
  });
}

// packages/core/src/events.ts
import { channel } from 'node:diagnostics_channel';
function observed(run) {
  const start = performance.now();
  const tell = (event) => {
    decisions.publish({ ...event, durationMs: performance.now() - start });
  };
  const refused = (error) => {
    tell({ code: isAuthError(error) ? error.code : 'internal-error' });
    throw error;
  };
  try {
    const decided = run();
    const accepted = (decision2) => {
      tell({ method: decision2.session.method, role: decision2.session.role });
      return decision2;
    };
    return isPromise(decided) ? decided.then(accepted, refused) : accepted(decided);
  } catch (error) {
    return refused(error);
  }
}
var decisions = channel('hasura-auth:decision');
var keyFetches = channel('hasura-auth:key-fetch');
var webhookCalls = channel('hasura-auth:webhook');

// packages/core/src/keys/jwks-fetcher.ts
var slices = 10;
var longestTimerMs = 2147483647;
function patience(ms, setTimeout2, over) {
  const slice = Math.min(Math.floor(ms / slices), longestTimerMs);
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  return new Promise((resolve) => {
    const wait = (left) => {
      setTimeout2(
        () => {
          if (left === 1) resolve('late');
          else if (!isOver) wait(left - 1);
        },
        left === 1 ? Math.min(ms - slice * (slices - 1), longestTimerMs) : slice,
      );
    };
    wait(slices);
  });
}
var firstMs = 1e3;
var longestMs2 = 6e4;
var BackOff = class {
  #failures = 0;
  #retryAt = -Infinity;
  /** How many attempts have failed since the last one that succeeded. */
  get failures() {
    return this.#failures;
  }
  /** How long it is until the next attempt is due, in ms; 0 where it is due now. */
  remaining(now) {
    return Math.max(0, this.#retryAt - now);
  }
  failed(now) {
    this.#retryAt = now + Math.min(longestMs2, firstMs * 2 ** this.#failures);
    this.#failures += 1;
  }
  succeeded() {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
};
var most = 3;
var msForOne = 1e4;
var LookupAllowance = class {
  /** In milliseconds, so that it adds up exactly. */
  #saved = most * msForOne;
  #countedAt;
  constructor(now) {
    this.#countedAt = now;
  }
  /** Whether one more may be made now; if so, it counts as made. */
  take(now) {
    this.#saved = Math.min(most * msForOne, this.#saved + now - this.#countedAt);
    this.#countedAt = now;
    if (this.#saved < msForOne) return false;
    this.#saved -= msForOne;
    return true;
  }
};
var closed = new Error('the authenticator was closed');
var KeySetFetches = class {
  backOff = new BackOff();
  lastFailure;
  #address;
  #bounds;
  #runtime;
  #clock;
  #ends;
  #current;
  #closed = false;
  constructor(address, bounds, { runtime, clock, ends }) {
    this.#address = address;
    this.#bounds = bounds;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#ends = ends;
  }
  /** The fetch under way, if there is one. */
  get current() {
    return this.#current;
  }
  /** The fetch under way, or a new one: whether one may be made now is the caller's to know. */
  join() {
    if (this.#current !== void 0) return this.#current;
    const abort = new AbortController();
    if (this.#closed) abort.abort(closed);
    const answer = downloadKeySet(this.#address, this.#bounds, this.#runtime, abort);
    this.#current = { startedAt: this.#clock(), failure: this.#settle(answer), abort };
    return this.#current;
  }
  /** How a fetch ended, or `late` where it did not within so many milliseconds. */
  outcome({ failure: failure2 }, withinMs) {
    const ended2 = failure2.then((reason) => (reason === void 0 ? 'taken' : 'failed'));
    return Promise.race([ended2, patience(withinMs, this.#runtime.setTimeout, ended2)]);
  }
  /** Aborts the fetch under way; later ones fail at once. */
  close() {
    this.#closed = true;
    this.#current?.abort.abort(closed);
  }
  async #settle(answer) {
    const began = performance.now();
    let keys;
    try {
      keys = this.#ends.take(await answer);
      this.lastFailure = void 0;
      this.backOff.succeeded();
    } catch (error) {
      this.lastFailure = error;
      this.backOff.failed(this.#clock());
      if (!this.#closed) this.#ends.failed(this.lastFailure);
    }
    this.#current = void 0;
    if (keyFetches.hasSubscribers) this.#publish(keys, performance.now() - began);
    return this.lastFailure;
  }
  #publish(keys, durationMs) {
    const { origin } = this.#address;
    const event =
      keys === void 0
        ? { origin, outcome: 'failed', durationMs }
        : { origin, outcome: 'ok', keys, durationMs };
    keyFetches.publish(event);
  }
};

// packages/core/src/keys/jwks-log.ts
var mostKids = 5;
var longestKid = 60;
function named(kids) {
  const known = kids.filter((kid) => kid !== void 0).slice(0, mostKids);
  if (known.length === 0) return '';
  const quoted = known.map((kid) => JSON.stringify(kid.slice(0, longestKid))).join(', ');
  return ` (kid ${quoted}${known.length < kids.length ? ' \u2026' : ''})`;
}
var KeySetLog = class {
  #logger;
  #about;
  #said = /* @__PURE__ */ new Set();
  #inOutage = false;
  /** `shown` is the address without credentials and query. */
  constructor(shown, logger) {
    this.#logger = logger;
    this.#about = `the key set of ${shown}`;
  }
  failed(reason, keptSet) {
    if (this.#inOutage) return;
    this.#inOutage = true;
    const failure2 = `${this.#about} could not be fetched: ${reason.message};`;
    if (keptSet) this.#logger.warn(`${failure2} the last good one stays in use`);
    else this.#logger.error(`${failure2} tokens are refused with 503 until it is there`);
  }
  fetched() {
    if (this.#inOutage) this.#logger.warn(`${this.#about} is fetched again`);
    this.#inOutage = false;
  }
  /** The set is older than `keySets.maxStaleMs` allows. */
  ended() {
    this.#logger.error(
      `${this.#about} is older than keySets.maxStaleMs allows; tokens are refused with 503 until it is fetched`,
    );
  }
  /** What `ready` rejects with. */
  notReady(reason) {
    return new Error(`${this.#about} is not there: ${reason}`);
  }
  /** What reading the set showed, with the keys of which it is true. */
  remarks(remarks2) {
    for (const [remark, kids] of remarks2)
      this.#once(remark, `${String(kids.length)} of its keys: ${remark}${named(kids)}`);
  }
  noKeys() {
    this.#once('no keys', 'none of its keys can be used, so that every token is refused');
  }
  tooManyCandidates(found, tried) {
    this.#once(
      'candidates',
      `${String(found)} keys could have signed one token, and ${String(tried)} are tried; the provider should name them by kid`,
    );
  }
  #once(what, message2) {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#logger.warn(`${this.#about}: ${message2}`);
  }
};

// packages/core/src/keys/key-source.ts
function keyFits(key, alg) {
  const { family, secretBytes } = algorithms[alg];
  return (
    key.family === family &&
    (key.alg === void 0 || canonical(key.alg) === canonical(alg)) &&
    key.secretBytes >= secretBytes
  );
}

// packages/core/src/keys/key-set.ts
var shortestMs = 1e3;
var unreadableMs = 6e4;
var aheadShare = 0.2;
var mostAheadMs = 6e4;
function lifetime(said, isFirst) {
  switch (said.kind) {
    case 'for':
      return Math.max(shortestMs, said.ms);
    case 'unsaid':
      return Infinity;
    case 'unreadable':
      return isFirst ? Infinity : unreadableMs;
  }
}
var ServedSet = class {
  /** Grows when the keys change. */
  version = 0;
  /** Moments by a clock that never runs backwards: a refresh begins, requests wait for it. Infinity without a set. */
  refreshAt = Infinity;
  staleAt = Infinity;
  #endsAt = Infinity;
  /** Kept after its end too, so that keys that come back are the same objects. */
  #last;
  #serves = false;
  /** The set, if there is one that counts still. */
  get current() {
    return this.#serves ? this.#last : void 0;
  }
  /** The keys of the last set, whether it counts still or not. */
  get lastKeys() {
    return this.#last?.keys ?? [];
  }
  get hasKeys() {
    return this.#serves && this.lastKeys.length > 0;
  }
  holds(key) {
    return this.#serves && this.#last?.holds(key) === true;
  }
  /** Ends the set where it is too old to count; says whether it did so now. */
  endIfDue(now) {
    if (now < this.#endsAt) return false;
    this.#serves = false;
    this.version += 1;
    this.refreshAt = this.staleAt = this.#endsAt = Infinity;
    return true;
  }
  /** Puts other keys in service, which count until `maxStaleMs` after they went stale. */
  replace(keys, said, { now, maxStaleMs }) {
    const set = new KeySet(keys);
    const most2 = keys.length === 0 ? unreadableMs : Infinity;
    const ms = Math.min(most2, lifetime(said, this.#last === void 0));
    if (this.current?.equals(set) !== true) this.version += 1;
    this.#last = set;
    this.#serves = true;
    this.staleAt = now + ms;
    this.refreshAt = this.staleAt - Math.min(ms * aheadShare, mostAheadMs);
    this.#endsAt = this.staleAt + maxStaleMs;
  }
};
var KeySet = class {
  keys;
  #all;
  #present;
  #withoutKid;
  /** By `kid`, each with the keys that have none after it: those may be anybody's. */
  #byKid;
  constructor(keys) {
    this.keys = keys;
    this.#all = keys.map(({ key }) => key);
    this.#present = new Set(this.#all);
    this.#withoutKid = keys.filter(({ kid }) => kid === void 0).map(({ key }) => key);
    const named2 = /* @__PURE__ */ new Map();
    for (const { kid, key } of keys)
      if (kid !== void 0) named2.set(kid, [...(named2.get(kid) ?? []), key]);
    this.#byKid = new Map([...named2].map(([kid, own]) => [kid, [...own, ...this.#withoutKid]]));
  }
  holds(key) {
    return this.#present.has(key);
  }
  /** Whether a key of that `kid` is here, whatever it can be used for. */
  names(kid) {
    return this.#byKid.has(kid);
  }
  /** The keys that may have signed a token, those of its own `kid` first. */
  candidates({ alg, kid }) {
    const keys = kid === void 0 ? this.#all : (this.#byKid.get(kid) ?? this.#withoutKid);
    return keys.filter((key) => keyFits(key, alg));
  }
  /** Whether another set has the same keys in the same order. */
  equals(other) {
    const others = other.#all;
    return (
      this.#all.length === others.length && this.#all.every((key, index2) => key === others[index2])
    );
  }
};

// packages/core/src/runtime.ts
function steadyClock(now) {
  let latest = -Infinity;
  let ahead = 0;
  return () => {
    const time = now() + ahead;
    if (time < latest) {
      ahead += latest - time;
      return latest;
    }
    latest = time;
    return time;
  };
}
var processWarnings = {
  warn: (message2) => process.emitWarning(message2, 'HasuraAuthWarning'),
  error: (message2) => process.emitWarning(message2, 'HasuraAuthWarning'),
};
function isLogger(logger) {
  if (typeof logger !== 'object' || logger === null) return false;
  const { warn, error } = logger;
  return typeof warn === 'function' && typeof error === 'function';
}
function finite(now) {
  return () => {
    const time = now();
    if (typeof time === 'number' && Number.isFinite(time)) return time;
    throw new Error('runtime.now: expected a finite number of milliseconds since the epoch');
  };
}
function parseRuntime(options) {
  const logger = options.logger ?? processWarnings;
  if (!isLogger(logger))
    throw new ConfigError('logger', 'expected an object with the functions warn and error');
  const { now, setTimeout: setTimeout2 } = recordOf(
    options.runtime ?? {},
    ['now', 'setTimeout'],
    'runtime',
  );
  return {
    logger,
    fetch: functionOr(options.fetch, 'fetch', (url, init) => globalThis.fetch(url, init)),
    now: now === void 0 ? () => Date.now() : finite(functionOr(now, 'runtime.now', now)),
    setTimeout: functionOr(setTimeout2, 'runtime.setTimeout', (run, ms) =>
      globalThis.setTimeout(run, ms).unref(),
    ),
  };
}

// packages/core/src/keys/remote-jwks.ts
var mostCandidates = 10;
var RemoteJwks = class {
  #served = new ServedSet();
  #bounds;
  #log;
  #clock;
  #fetches;
  #lookups;
  constructor(url, bounds, runtime) {
    const address = keySetAddress(url);
    this.#bounds = bounds;
    this.#log = new KeySetLog(address.shown, runtime.logger);
    this.#clock = steadyClock(runtime.now);
    this.#lookups = new LookupAllowance(this.#clock());
    this.#fetches = new KeySetFetches(address, bounds, {
      runtime,
      clock: this.#clock,
      ends: {
        take: (answer) => this.#take(answer),
        failed: (reason) => {
          this.#log.failed(reason, this.#served.current !== void 0);
        },
      },
    });
  }
  get version() {
    return this.#served.version;
  }
  holds(key) {
    return this.#served.holds(key);
  }
  refresh() {
    const now = this.#clock();
    return now < this.#served.refreshAt ? void 0 : this.#refreshDue(now);
  }
  find(hint) {
    const before = this.#served.current;
    return andThen(this.refresh(), () => {
      const set = this.#served.current;
      if (set === void 0) return this.#findFirst(hint);
      const keys = this.#candidates(set, hint);
      const isUnknown = keys.length === 0 && hint.kid !== void 0 && !set.names(hint.kid);
      const isWorthAFetch = isUnknown && set === before && algorithms[hint.alg].family !== 'hmac';
      return isWorthAFetch ? this.#lookUp(hint) : keys;
    });
  }
  /** Fetches at once where there are no keys, whatever the back-off: how often it is called is up to the app. */
  async ready() {
    this.#endIfDue(this.#clock());
    if (this.#served.hasKeys) return;
    const failure2 = await this.#fetches.join().failure;
    if (failure2 !== void 0) throw this.#log.notReady(failure2.message);
    if (!this.#served.hasKeys) throw this.#log.notReady('none of its keys can be used');
  }
  close() {
    this.#fetches.close();
  }
  #endIfDue(now) {
    const ended2 = this.#served.endIfDue(now);
    if (ended2) this.#log.ended();
    return ended2;
  }
  /** Begins a refresh where one is due; what to wait for only where the set is stale and no refresh has failed yet. */
  #refreshDue(now) {
    if (this.#endIfDue(now)) return void 0;
    const { backOff } = this.#fetches;
    if (backOff.remaining(now) === 0) this.#fetches.join();
    const fetch = this.#fetches.current;
    if (fetch === void 0 || now < this.#served.staleAt || backOff.failures > 0) return void 0;
    const left = fetch.startedAt + this.#bounds.waitMs - now;
    return left > 0 ? this.#fetches.outcome(fetch, left).then(() => void 0) : void 0;
  }
  #candidates(set, hint) {
    const keys = set.candidates(hint);
    if (keys.length <= mostCandidates) return keys;
    this.#log.tooManyCandidates(keys.length, mostCandidates);
    return keys.slice(0, mostCandidates);
  }
  async #findFirst(hint) {
    const { backOff, current } = this.#fetches;
    if (current === void 0 && backOff.remaining(this.#clock()) > 0) throw this.#unavailable();
    await this.#fetches.outcome(this.#fetches.join(), this.#bounds.waitMs);
    const set = this.#served.current;
    if (set === void 0) throw this.#unavailable();
    return this.#candidates(set, hint);
  }
  /** Looks for a key that the set does not have. While the provider is down, nobody can say that there is none. */
  async #lookUp(hint) {
    const { backOff, current } = this.#fetches;
    if (current === void 0 && !this.#lookups.take(this.#clock())) {
      if (backOff.failures > 0) throw this.#unavailable();
      return [];
    }
    const outcome = await this.#fetches.outcome(this.#fetches.join(), this.#bounds.waitMs);
    const set = this.#served.current;
    if (outcome !== 'taken' || set === void 0) throw this.#unavailable();
    return this.#candidates(set, hint);
  }
  #unavailable() {
    const { backOff, lastFailure } = this.#fetches;
    const seconds = Math.ceil(backOff.remaining(this.#clock()) / 1e3);
    return new AuthError('keys-unavailable', {
      retryAfter: Math.max(1, seconds),
      cause: lastFailure,
    });
  }
  #take({ json: json4, freshness: freshness2 }) {
    const { keys, remarks: remarks2 } = readKeySet(json4, this.#served.lastKeys);
    this.#log.remarks(remarks2);
    if (keys.length === 0) {
      if (this.#served.hasKeys) throw new Error('none of its keys can be used');
      this.#log.noKeys();
    }
    const { maxStaleMs } = this.#bounds;
    this.#served.replace(keys, freshness2, { now: this.#clock(), maxStaleMs });
    this.#log.fetched();
    return keys.length;
  }
};
function remoteJwks(url, bounds, runtime) {
  return new RemoteJwks(url, bounds, runtime);
}

// packages/core/src/keys/static-key.ts
import { createSecretKey } from 'node:crypto';
var keyTypes = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'Ed25519',
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
];
function readStaticKey(type, text2, now) {
  return algorithms[type].family === 'hmac'
    ? readSecret(type, text2)
    : readPublicKey(type, text2, now);
}
function readSecret(type, text2) {
  if (looksLikePem(text2) || looksLikeJwk(text2))
    throw new Error(
      `a ${type} key is a shared secret, and this is a public key in PEM or JWK form; name its own type (RS256, ES256, Ed25519 \u2026)`,
    );
  const bytes = Buffer.from(text2, 'utf8');
  const least = algorithms[type].secretBytes;
  if (bytes.length < least)
    throw new Error(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(bytes.length)}`,
    );
  return {
    key: { family: 'hmac', key: createSecretKey(bytes), secretBytes: bytes.length },
    warnings: [],
  };
}
function looksLikeJwk(text2) {
  return /^\s*\{[^]*"kty"/.test(text2);
}
function fits(type, family) {
  const named2 = algorithms[type].family;
  return named2.startsWith('p') ? family.startsWith('p') : family === named2;
}
function readPublicKey(type, text2, now) {
  const { key, notAfter } = readPem(text2);
  const family = familyOf(key);
  if (family === void 0 || !fits(type, family))
    throw new Error(`type ${type} needs a key of its own family, and this is another kind of key`);
  const warnings = [];
  if (family === 'rsa') {
    const bits = modulusBits(key);
    if (bits < leastModulusBits)
      throw new Error(
        `an RSA key must have at least ${String(leastModulusBits)} bits, and this one has ${String(bits)}`,
      );
    if (bits < goodModulusBits)
      warnings.push(
        `the RSA key has ${String(bits)} bits; ${String(goodModulusBits)} or more are needed to be safe`,
      );
  }
  if (notAfter !== void 0 && notAfter < now)
    warnings.push('the certificate has expired; its key is used all the same, as in the engine');
  return { key: { family, key, secretBytes: 0 }, warnings };
}
function staticKeySource(key) {
  const keys = Object.freeze([key]);
  return {
    version: 0,
    holds: () => true,
    refresh: () => void 0,
    find: () => keys,
    ready: () => Promise.resolve(),
    close: () => void 0,
  };
}
function algorithmsOf(family) {
  return Object.keys(algorithms).filter((name2) => algorithms[name2].family === family);
}

// packages/core/src/config/jwk-url.ts
var sharedKeySets = [
  { host: 'www.googleapis.com', signsFor: 'projects and apps of Google' },
  { host: 'www.gstatic.com', signsFor: 'projects of Google Cloud' },
  { host: 'login.microsoftonline.com', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.microsoftonline.us', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.partner.microsoftonline.cn', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'login.windows.net', signsFor: 'tenants of Microsoft Entra ID' },
  { host: 'appleid.apple.com', signsFor: 'apps with Sign in with Apple' },
  { host: 'www.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'limited.facebook.com', signsFor: 'apps with Facebook Login' },
  { host: 'token.actions.githubusercontent.com', signsFor: 'repositories on GitHub' },
  { host: 'gitlab.com', signsFor: 'projects on GitLab' },
  { host: 'cognito-identity.amazonaws.com', signsFor: 'identity pools of Amazon Cognito' },
];
function sharedBy(host) {
  return sharedKeySets.find((known) => known.host === host)?.signsFor;
}
var loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
function parseJwkUrl(value, option, { audience, logger }) {
  const text2 = httpUrl(value, `${option}.jwk_url`);
  const { protocol, hostname } = new URL(text2);
  if (protocol === 'http:' && !loopback.test(hostname))
    logger.warn(
      `${option}.jwk_url: keys that come over plain http can be exchanged on the way; use https`,
    );
  const tenants = sharedBy(hostname);
  if (tenants !== void 0 && audience === void 0)
    logger.warn(
      `${option}.audience: the keys at ${hostname} sign for all ${tenants}, and without an audience the tokens of each of them are let in; set the audience that yours name`,
    );
  return text2;
}

// packages/core/src/config/jwt-keys.ts
function parseKeys(secret2, option, { keySets, runtime }) {
  const { type, key, jwk_url } = secret2;
  if (key !== void 0 && jwk_url !== void 0)
    throw new ConfigError(option, 'key and jwk_url cannot both be set; keep one of them');
  if (jwk_url !== void 0) {
    const { audience } = secret2;
    const url = parseJwkUrl(jwk_url, option, { audience, logger: runtime.logger });
    const possible = Object.keys(algorithms).filter(isAlgorithm);
    return {
      source: remoteJwks(url, keySets, runtime),
      possible: possible.filter((name2) => algorithms[name2].family !== 'hmac'),
    };
  }
  if (key === void 0)
    throw new ConfigError(option, 'one of key and jwk_url is needed, and neither is there');
  if (type === void 0)
    throw new ConfigError(option, `type is needed beside key; it is one of ${keyTypes.join(', ')}`);
  const keyType = keyTypes.find((name2) => name2 === type);
  if (keyType === void 0) {
    const short = typeof type === 'string' && type !== '' && type.length <= 10;
    const given = short ? JSON.stringify(type) : kindOf(type);
    throw new ConfigError(`${option}.type`, `expected one of ${keyTypes.join(', ')}, not ${given}`);
  }
  const text2 = nonEmptyString(key, `${option}.key`);
  const { key: imported, warnings } = importKey2(keyType, text2, `${option}.key`, runtime.now());
  for (const warning of warnings) runtime.logger.warn(`${option}.key: ${warning}`);
  return { source: staticKeySource(imported), possible: algorithmsOf(imported.family) };
}
function importKey2(type, text2, option, now) {
  try {
    return readStaticKey(type, text2, now);
  } catch (error) {
    const { message: message2 } = error;
    throw new ConfigError(option, message2);
  }
}
function parseAllowed(value, possible, option) {
  if (value === void 0) return () => true;
  const allowed = new Set(
    stringList(value, option).map((name2, index2) => {
      const found = possible.find((algorithm) => algorithm === name2);
      if (found !== void 0) return canonical(found);
      const fitting = possible.join(', ');
      throw new ConfigError(
        `${option}[${String(index2)}]`,
        `expected an algorithm that fits the key: ${fitting}`,
      );
    }),
  );
  return (algorithm) => allowed.has(canonical(algorithm));
}

// packages/core/src/jwt/token-location-option.ts
var httpToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
var takenHeaders = ['x-hasura-admin-secret', 'x-hasura-access-key', 'x-hasura-role', 'cookie'];
function locationName(header, option) {
  const name2 = nonEmptyString(header['name'], `${option}.name`);
  if (httpToken.test(name2)) return name2;
  throw new ConfigError(`${option}.name`, 'expected a name without blanks and separators');
}
function parseTokenHeader(value, option) {
  if (value === void 0) return { kind: 'authorization' };
  const header = objectOrJson(value, option);
  const type = typeof header['type'] === 'string' ? header['type'].toLowerCase() : void 0;
  switch (type) {
    case 'authorization':
      return { kind: 'authorization' };
    case 'cookie':
      return { kind: 'cookie', name: locationName(header, option) };
    case 'customheader': {
      const name2 = locationName(header, option).toLowerCase();
      if (takenHeaders.includes(name2))
        throw new ConfigError(
          `${option}.name`,
          `${name2} has a meaning of its own; choose another name`,
        );
      return { kind: 'header', name: name2 };
    }
    default:
      throw new ConfigError(
        `${option}.type`,
        'expected Authorization, Cookie (with a name) or CustomHeader (with a name)',
      );
  }
}

// packages/core/src/config/jwt-secret.ts
var knownMembers = [
  'type',
  'key',
  'jwk_url',
  'claims_namespace',
  'claims_namespace_path',
  'claims_format',
  'audience',
  'issuer',
  'claims_map',
  'allowed_skew',
  'header',
  'extra_required_claims',
  'algorithms',
];
function checkMembers(secret2, option, { logger }) {
  for (const member of Object.keys(secret2)) {
    if (knownMembers.some((known) => known === member)) continue;
    const nearest = nearestName(member, knownMembers);
    if (nearest !== void 0)
      throw new ConfigError(
        option,
        `${JSON.stringify(member)} is unknown; did you mean ${nearest}?`,
      );
    logger.warn(`${option}: the member ${JSON.stringify(member)} is unknown and has no effect`);
  }
}
var claimNames = /* @__PURE__ */ new Map([
  ['issuer', 'iss'],
  ['audience', 'aud'],
]);
function parseRequiredClaims(value, option) {
  if (value === void 0) return [];
  const isRegistered = (name2) => registeredClaims.has(name2);
  return stringList(value, option).map((given, index2) => {
    const name2 = claimNames.get(given) ?? given;
    if (isRegistered(name2)) return name2;
    throw new ConfigError(
      `${option}[${String(index2)}]`,
      `expected audience, issuer or one of ${[...registeredClaims].join(', ')}`,
    );
  });
}
function parseAudiences(value, option) {
  if (value === void 0) return void 0;
  return new Set(
    typeof value === 'string' ? [nonEmptyString(value, option)] : stringList(value, option),
  );
}
function parseJwtSecret(value, option, context) {
  const secret2 = objectOrJson(value, option);
  checkMembers(secret2, option, context.runtime);
  const { source, possible } = parseKeys(secret2, option, context);
  const { issuer } = secret2;
  return {
    keys: source,
    allows: parseAllowed(secret2['algorithms'], possible, `${option}.algorithms`),
    location: parseTokenHeader(secret2['header'], `${option}.header`),
    issuer: issuer === void 0 ? void 0 : nonEmptyString(issuer, `${option}.issuer`),
    audiences: parseAudiences(secret2['audience'], `${option}.audience`),
    requireAudience: context.requireAudience,
    skewMs: 1e3 * count(secret2['allowed_skew'], `${option}.allowed_skew`, 0),
    requiredClaims: parseRequiredClaims(
      secret2['extra_required_claims'],
      `${option}.extra_required_claims`,
    ),
    claims: parseClaimsSource(secret2, option),
  };
}

// packages/core/src/config/mode.ts
function parseErrorResponse(value, byDefault) {
  if (value === void 0) return byDefault;
  if (typeof value === 'function') return value;
  return oneOf(value, errorResponseStyles, 'errorResponse', 'http');
}
function parseEngineDefaults(options) {
  const known = ['documented', 'engine'];
  const engine = oneOf(options.compatibility, known, 'compatibility', 'documented') === 'engine';
  const { precedence, requireAudience, clientVariables, errorResponse } = options;
  return {
    precedence: oneOf(
      precedence,
      ['jwt', 'admin-secret'],
      'precedence',
      engine ? 'admin-secret' : 'jwt',
    ),
    requireAudience: flag(requireAudience, 'requireAudience', !engine),
    clientVariables: oneOf(
      clientVariables,
      ['drop', 'keep'],
      'clientVariables',
      engine ? 'keep' : 'drop',
    ),
    errorResponse: parseErrorResponse(errorResponse, engine ? 'engine' : 'http'),
  };
}
function parseSecrets({ adminSecret, adminSecrets }) {
  if (adminSecrets !== void 0) return stringList(adminSecrets, 'adminSecrets');
  if (adminSecret === void 0) return void 0;
  return adminSecret === false ? [] : [nonEmptyString(adminSecret, 'adminSecret')];
}
function parseJwts({ jwtSecret, jwtSecrets }, context) {
  if (jwtSecrets === void 0)
    return jwtSecret === void 0 ? [] : [parseJwtSecret(jwtSecret, 'jwtSecret', context)];
  if (!Array.isArray(jwtSecrets) || jwtSecrets.length === 0)
    throw new ConfigError(
      'jwtSecrets',
      `expected a list with at least one JWT configuration, and this is ${kindOf(jwtSecrets)}`,
    );
  const jwts = jwtSecrets.map((secret2, index2) =>
    parseJwtSecret(secret2, `jwtSecrets[${String(index2)}]`, context),
  );
  checkDistinct(jwts);
  return jwts;
}
function checkDistinct(jwts) {
  const seen = /* @__PURE__ */ new Map();
  jwts.forEach(({ location, issuer }, index2) => {
    const place = JSON.stringify([location, issuer ?? null]);
    const earlier = seen.get(place);
    if (earlier !== void 0)
      throw new ConfigError(
        `jwtSecrets[${String(index2)}]`,
        `it reads the same header as jwtSecrets[${String(earlier)}] and has ${issuer === void 0 ? 'no issuer either' : 'the same issuer'}, so that their tokens could not be told apart; give each its own issuer or header`,
      );
    seen.set(place, index2);
  });
}
var isSet = (options, names) => names.find((name2) => options[name2] !== void 0);
function unsecuredMode(options) {
  const beside = isSet(options, [
    'adminSecret',
    'adminSecrets',
    'jwtSecret',
    'jwtSecrets',
    'authHook',
    'unauthorizedRole',
  ]);
  if (beside !== void 0)
    throw new ConfigError('unsecured', `true cannot stand beside ${beside}; remove one of them`);
  return { kind: 'unsecured' };
}
function hookMode(options, secrets) {
  if (isSet(options, ['jwtSecret', 'jwtSecrets']) !== void 0)
    throw new ConfigError(
      'authHook',
      'authHook and jwtSecret cannot both be set; keep one of them',
    );
  if (options.unauthorizedRole !== void 0)
    throw new ConfigError(
      'unauthorizedRole',
      'it cannot stand beside authHook: the hook itself answers for requests without credentials',
    );
  return { kind: 'webhook', secrets, hook: parseHook(options.authHook, 'authHook') };
}
function noSecret(jwtOrHook) {
  return new ConfigError(
    'adminSecret',
    jwtOrHook === void 0
      ? 'no adminSecret, jwtSecret or authHook is set; set one, or unsecured: true to let everybody in as admin'
      : `${jwtOrHook} needs an adminSecret beside it; set one, or false for no admin access at all`,
  );
}
function parseMode(
  options,
  { precedence, requireAudience, clientVariables },
  { keySets, runtime },
) {
  if (flag(options.unsecured, 'unsecured', false)) return unsecuredMode(options);
  const secrets = parseSecrets(options);
  if (secrets === void 0) throw noSecret(isSet(options, ['jwtSecret', 'jwtSecrets', 'authHook']));
  const { unauthorizedRole } = options;
  const anonymous2 =
    unauthorizedRole === void 0
      ? void 0
      : { role: nonEmptyString(unauthorizedRole, 'unauthorizedRole'), clientVariables };
  if (options.authHook !== void 0) return hookMode(options, secrets);
  const jwts = parseJwts(options, { requireAudience, keySets, runtime });
  if (jwts.length > 0) return { kind: 'jwt', secrets, jwts, precedence, anonymous: anonymous2 };
  if (secrets.length > 0) return { kind: 'admin-secret', secrets, anonymous: anonymous2 };
  throw new ConfigError(
    'adminSecret',
    'false without jwtSecret or authHook leaves no way in; set one of them',
  );
}

// packages/core/src/config/parse-options.ts
function parseKeySets(value) {
  const known = ['timeoutMs', 'maxBytes', 'maxStaleMs', 'waitMs'];
  const keySets = recordOf(value ?? {}, known, 'keySets');
  return {
    timeoutMs: count(keySets['timeoutMs'], 'keySets.timeoutMs', 5e3, { least: 1 }),
    maxBytes: count(keySets['maxBytes'], 'keySets.maxBytes', 1048576, { least: 1 }),
    maxStaleMs: count(keySets['maxStaleMs'], 'keySets.maxStaleMs', Infinity, { endless: true }),
    waitMs: count(keySets['waitMs'], 'keySets.waitMs', 500),
  };
}
function parseTokenCache(value) {
  if (value === false) return void 0;
  const cache = recordOf(value ?? {}, ['maxEntries', 'maxBytes'], 'tokenCache');
  return {
    maxEntries: count(cache['maxEntries'], 'tokenCache.maxEntries', 1e4, { least: 1 }),
    maxBytes: count(cache['maxBytes'], 'tokenCache.maxBytes', 67108864, { least: 1 }),
  };
}
var knownOptions = [
  'adminSecret',
  'adminSecrets',
  'jwtSecret',
  'jwtSecrets',
  'authHook',
  'unauthorizedRole',
  'precedence',
  'compatibility',
  'errorResponse',
  'unsecured',
  'requireAudience',
  'clientVariables',
  'tokenCache',
  'keySets',
  'fetch',
  'logger',
  'runtime',
];
function parse2(options) {
  const runtime = parseRuntime(options);
  const defaults = parseEngineDefaults(options);
  const keySets = parseKeySets(options.keySets);
  const tokenCache = parseTokenCache(options.tokenCache);
  const mode = parseMode(options, defaults, { keySets, runtime });
  return { mode, runtime, errorResponse: defaults.errorResponse, tokenCache };
}
function parseOptions(options) {
  recordOf(options, knownOptions, 'options');
  try {
    return parse2(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const variable = variableOf(options, error.option.replace(/[.[][^]*/, ''));
    throw variable === void 0 ? error : error.readFrom(variable);
  }
}

// packages/core/src/connection/client-headers.ts
var maxHeaders = 100;
var maxLength = 32768;
var fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
var control = /[\x00-\x08\x0a-\x1f\x7f]/;
var ofHandshake = /^(?:host|origin|forwarded|via|x-real-ip|(?:sec|x-forwarded)-.*)$/;
var alwaysMeant = /^(?:authorization|cookie|x-hasura-.*)$/;
function refuse(detail) {
  return new AuthError('bad-connection-params', { detail });
}
function* candidates(params) {
  const { headers, ...others } = params;
  if (headers !== void 0 && headers !== null) {
    if (!isRecord(headers)) throw refuse('headers must be an object of strings');
    for (const [name2, value] of Object.entries(headers)) {
      if (typeof value !== 'string') throw refuse('headers must be an object of strings');
      if (!fieldName.test(name2)) throw refuse('headers has a name that is no header name');
      yield [name2, value];
    }
  }
  for (const [name2, value] of Object.entries(others)) {
    if (typeof value === 'string') {
      if (fieldName.test(name2)) yield [name2, value];
    } else if (value !== null && alwaysMeant.test(name2.toLowerCase()))
      throw refuse('a header must be a string');
  }
}
function clientHeaders(connectionParams) {
  const found = /* @__PURE__ */ new Map();
  if (connectionParams === void 0 || connectionParams === null) return found;
  if (!isRecord(connectionParams)) throw refuse('an object is expected');
  let length = 0;
  for (const [anyCase, value] of candidates(connectionParams)) {
    const name2 = anyCase.toLowerCase();
    length += name2.length + value.length;
    if (length > maxLength || found.size === maxHeaders) throw refuse('too many or too long');
    if (control.test(value)) throw refuse('a header has a control character');
    if (found.has(name2)) throw refuse('two headers have the same name');
    found.set(name2, value);
  }
  for (const name2 of found.keys()) if (ofHandshake.test(name2)) found.delete(name2);
  return found;
}

// packages/core/src/request.ts
function separator(name2) {
  return name2 === 'cookie' ? '; ' : ', ';
}
function text(name2, value) {
  if (typeof value === 'string' || value === void 0) return value;
  if (value === null) return void 0;
  if (!Array.isArray(value)) return '';
  return value.filter((part) => typeof part === 'string').join(separator(name2));
}
var NodeRequest = class {
  constructor(headers, source, observe) {
    this.source = source;
    this.observe = observe;
    this.#headers = headers;
  }
  source;
  observe;
  #headers;
  header(name2) {
    const value = this.#headers[name2];
    if (typeof value === 'string' || value === void 0) return value;
    return Object.hasOwn(this.#headers, name2) ? text(name2, value) : void 0;
  }
  *headers() {
    for (const [name2, value] of Object.entries(this.#headers)) {
      const joined = text(name2, value);
      if (joined !== void 0) yield [name2, joined];
    }
  }
};
function isWebHeaders(headers) {
  return typeof headers.get === 'function' && typeof headers.forEach === 'function';
}
var lowerCaseNames = /* @__PURE__ */ new Set();
var mostNames = 200;
function isLowerCase(name2) {
  if (lowerCaseNames.has(name2)) return true;
  if (name2 !== name2.toLowerCase()) return false;
  if (lowerCaseNames.size < mostNames) lowerCaseNames.add(name2);
  return true;
}
function hasUpperCase(headers) {
  for (const name2 in headers) if (!isLowerCase(name2)) return true;
  return false;
}
function lowerCased(entries) {
  const record = /* @__PURE__ */ Object.create(null);
  for (const [anyCase, value] of entries) {
    const name2 = anyCase.toLowerCase();
    const joined = text(name2, value);
    if (joined === void 0) continue;
    const before = record[name2];
    record[name2] = before === void 0 ? joined : before + separator(name2) + joined;
  }
  return record;
}
function webEntries(headers) {
  const entries = [];
  headers.forEach((value, name2) => entries.push([name2, value]));
  return entries;
}
function nodeRequest(request2, observe) {
  return new NodeRequest(request2.headers, request2, observe);
}
function anyRequest(request2, observe) {
  const headers = request2.headers;
  if (typeof headers !== 'object' || headers === null)
    return new NodeRequest({}, request2, observe);
  if (isWebHeaders(request2.headers))
    return new NodeRequest(lowerCased(webEntries(request2.headers)), request2, observe);
  return hasUpperCase(headers)
    ? new NodeRequest(lowerCased(Object.entries(headers)), request2, observe)
    : nodeRequest(request2, observe);
}

// packages/core/src/connection/handshake.ts
function mayReadCookies(handshake, allowsOrigin) {
  const origin = handshake.header('origin');
  return origin !== void 0 && allowsOrigin(origin);
}
function connectionView({ connectionParams, headers }, allowsOrigin) {
  const handshake = anyRequest({ headers });
  const merged = /* @__PURE__ */ Object.create(null);
  for (const [name2, value] of handshake.headers()) merged[name2] = value;
  if ('cookie' in merged && !mayReadCookies(handshake, allowsOrigin)) delete merged['cookie'];
  for (const [name2, value] of clientHeaders(connectionParams)) merged[name2] = value;
  return nodeRequest({ headers: merged });
}

// packages/core/src/connection/allowed-origins.ts
function userOf({ method, sessionVariables, claims }) {
  const id = sessionVariables['x-hasura-user-id'];
  const who =
    id === void 0 && claims?.sub === void 0
      ? Object.entries(sessionVariables)
          .filter(([name2]) => name2 !== 'x-hasura-role')
          .sort()
      : [id, claims?.sub];
  return JSON.stringify([method, claims?.iss, who]);
}
var sameUser = (next, current) => userOf(next) === userOf(current);
var sameRoleAndUser = (next, current) => next.role === current.role && sameUser(next, current);
function sessionChange(value) {
  if (typeof value === 'function') return value;
  switch (value) {
    case void 0:
    case 'same-role-and-user':
      return sameRoleAndUser;
    case 'same-user':
      return sameUser;
    default:
      throw new ConfigError(
        'reauthentication',
        `expected same-role-and-user, same-user or a function, and this is ${kindOf(value)}`,
      );
  }
}
function isOrigin(value) {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}
function allowedOrigins(value, option = 'allowedOrigins') {
  if (value === void 0) return () => false;
  if (typeof value === 'function') return value;
  if (!Array.isArray(value))
    throw new ConfigError(
      option,
      `expected a list of origins or a function, and this is ${kindOf(value)}`,
    );
  const stranger = value.findIndex((origin) => !isOrigin(origin));
  if (stranger >= 0)
    throw new ConfigError(
      `${option}[${String(stranger)}]`,
      'expected an origin as browsers spell it, as https://app.example.com, without a path or a slash at the end',
    );
  const origins = new Set(value);
  return (origin) => origins.has(origin);
}

// packages/core/src/connection/connection.ts
import { createHash } from 'node:crypto';

// packages/core/src/connection/lifetime.ts
var longestWait = 3e4;
var unreferenced = (run, ms) => setTimeout(run, ms).unref();
var Lifetime = class {
  #expiresAt;
  #runtime;
  #onEnd;
  #timer;
  constructor(expiresAt, onEnd, runtime) {
    this.#expiresAt = expiresAt;
    this.#onEnd = onEnd;
    this.#runtime = runtime;
    this.#wait(expiresAt - runtime.now());
  }
  /** Stops the watch. Nothing of `onEnd` is held afterwards. */
  stop() {
    this.#onEnd = void 0;
    clearTimeout(this.#timer);
    this.#timer = void 0;
  }
  #wait(left) {
    const ms = Math.max(0, Math.min(Math.ceil(left), longestWait));
    this.#timer = this.#runtime.setTimeout(() => {
      this.#look();
    }, ms);
  }
  #look() {
    const onEnd = this.#onEnd;
    if (onEnd === void 0) return;
    const left = this.#expiresAt - this.#runtime.now();
    if (left > 0) {
      this.#wait(left);
      return;
    }
    this.stop();
    onEnd();
  }
};
function lifetime2(
  { expiresAt },
  onEnd,
  { now = Date.now, setTimeout: setTimeout2 = unreferenced } = {},
) {
  if (expiresAt === void 0) return () => void 0;
  const watch = new Lifetime(expiresAt, onEnd, { now, setTimeout: setTimeout2 });
  return () => {
    watch.stop();
  };
}

// packages/core/src/connection/open-connection.ts
var maxBytes = 123;
function closeReason(text2) {
  const bytes = Buffer.from(text2);
  if (bytes.length <= maxBytes) return text2;
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
var forbiddenCloseCode = 4403;

// packages/core/src/connection/connection.ts
var Pause = class {
  /** Resolves when the time is over, or when it was cut short. */
  over;
  #stop = () => void 0;
  constructor(ms, setTimeout2) {
    this.over = new Promise((resolve) => {
      const timer = setTimeout2(resolve, ms);
      this.#stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  /** Cuts it short. */
  stop() {
    this.#stop();
  }
};
function sessionEnd(error) {
  return { message: error().message, error };
}
var ended = sessionEnd(() => new AuthError('session-ended'));
var tokenExpired = sessionEnd(() => new AuthError('invalid-token', { detail: 'JWTExpired' }));
function expired({ method }) {
  return method === 'jwt' ? tokenExpired : ended;
}
function tokenDigest(token3) {
  return createHash('sha256').update(token3).digest('base64url');
}
var nothing = () => void 0;
var noDigests = [];
var LiveConnection = class {
  #parts;
  #close;
  #session;
  #end;
  /** Of the tokens that the session stands on, and of those that the latest attempt brings. */
  #digests = noDigests;
  #pending = noDigests;
  #attempt = 0;
  #lifetime;
  #pause;
  constructor(parts, close) {
    this.#parts = parts;
    this.#close = close;
  }
  get session() {
    const session = this.#session;
    if (session === void 0) throw (this.#end ?? ended).error();
    if (session.expiresAt !== void 0 && session.expiresAt <= this.#parts.runtime.now())
      throw expired(session).error();
    return session;
  }
  async authenticate(request2) {
    try {
      return await this.#goOn(request2);
    } catch (error) {
      if (this.#session === void 0) this.#release();
      throw error;
    }
  }
  async reauthenticate(request2) {
    void this.session;
    return this.#goOn(request2);
  }
  closed() {
    this.#release();
  }
  /** Whether the connection stands on a token, or is about to. */
  holds(digest2) {
    return this.#digests.includes(digest2) || this.#pending.includes(digest2);
  }
  /** Whether the session there is now fits; a connection that has none yet fits nothing. */
  is(fits3) {
    return this.#session !== void 0 && fits3(this.#session);
  }
  /** Ends the session now and closes the socket in a while. */
  end(code, reason = ended.message) {
    const close = this.#close;
    this.#release();
    this.#parts.soon(() => {
      close(code, closeReason(reason));
    });
  }
  async #goOn(request2) {
    const { resolve, mayBecome, allowsOrigin, unverifiedTokens: unverifiedTokens2 } = this.#parts;
    const attempt = ++this.#attempt;
    const view = connectionView(request2, allowsOrigin);
    const digests = unverifiedTokens2(view).map(tokenDigest);
    this.#pending = digests;
    try {
      const { session } = await resolve(view);
      if (this.#end !== void 0) throw this.#end.error();
      if (attempt !== this.#attempt) return this.session;
      if (this.#session !== void 0 && !mayBecome(session, this.#session))
        throw new AuthError('session-change');
      this.#watch(session);
      this.#digests = digests;
      return session;
    } catch (error) {
      if (isAuthError(error)) await this.#hold(digests);
      throw error;
    } finally {
      if (attempt === this.#attempt) this.#pending = noDigests;
    }
  }
  #watch(session) {
    this.#lifetime?.stop();
    this.#session = session;
    const { expiresAt } = session;
    const { runtime, soon } = this.#parts;
    this.#lifetime =
      expiresAt === void 0
        ? void 0
        : new Lifetime(
            expiresAt,
            () => {
              soon(() => {
                if (this.#session === session) this.#expire(expired(session));
              });
            },
            runtime,
          );
  }
  #expire(why) {
    const close = this.#close;
    this.#release(why);
    close(forbiddenCloseCode, why.message);
  }
  /** Waits before a refusal is told that was told before; not longer than the socket lives. */
  async #hold(digests) {
    const { pace, runtime } = this.#parts;
    const ms = Math.max(0, ...digests.map((digest2) => pace.next(digest2)));
    if (ms === 0 || this.#end !== void 0) return;
    this.#pause = new Pause(ms, runtime.setTimeout);
    await this.#pause.over;
    this.#pause = void 0;
  }
  #release(why = ended) {
    if (this.#end !== void 0) return;
    this.#end = why;
    this.#close = nothing;
    this.#session = void 0;
    this.#digests = noDigests;
    this.#pending = noDigests;
    this.#lifetime?.stop();
    this.#lifetime = void 0;
    this.#pause?.stop();
    this.#parts.forget(this);
  }
};

// packages/core/src/connection/refusal-throttle.ts
var holds = [0, 1e3, 2e3, 4e3, 8e3];
var longestHold = 8e3;
var forgetAfter = 6e4;
var maxTokens = 1e3;
var RefusalPace = class {
  #now;
  #refused = /* @__PURE__ */ new Map();
  constructor(now) {
    this.#now = now;
  }
  /** Counts a refusal of a token, known by its digest, and says how long to hold it back, in milliseconds. */
  next(tokenDigest2) {
    const now = this.#now();
    const before = this.#refused.get(tokenDigest2);
    const count2 = before === void 0 || now - before.at > forgetAfter ? 0 : before.count;
    this.#refused.delete(tokenDigest2);
    this.#refused.set(tokenDigest2, { count: count2 + 1, at: now });
    if (this.#refused.size > maxTokens)
      for (const longestUnseen of this.#refused.keys()) {
        this.#refused.delete(longestUnseen);
        break;
      }
    return holds[count2] ?? longestHold;
  }
};

// packages/core/src/connection/connections.ts
var batchSize = 50;
function inBatches(failed) {
  const waiting = [];
  const turn = () => {
    const now = waiting.splice(0, batchSize);
    if (waiting.length > 0) setImmediate(turn);
    for (const run of now)
      try {
        run();
      } catch (error) {
        failed(error);
      }
  };
  return (run) => {
    if (waiting.push(run) === 1) setImmediate(turn);
  };
}
function fits2(which) {
  recordOf(which, ['role', 'sessionVariable', 'token'], 'disconnect');
  const { role, sessionVariable, token: token3 } = which;
  const checks = [];
  if (role !== void 0) checks.push((one) => one.is((session) => session.role === role));
  if (sessionVariable !== void 0) {
    const name2 = nonEmptyString(sessionVariable.name, 'disconnect.sessionVariable.name');
    const variable = name2.toLowerCase();
    const has = ({ sessionVariables }) => sessionVariables[variable] === sessionVariable.value;
    nonEmptyString(sessionVariable.value, 'disconnect.sessionVariable.value');
    checks.push((one) => one.is(has));
  }
  if (token3 !== void 0) {
    const digest2 = tokenDigest(nonEmptyString(token3, 'disconnect.token'));
    checks.push((one) => one.holds(digest2));
  }
  if (checks.length === 0)
    throw new ConfigError('disconnect', 'expected a role, a sessionVariable or a token');
  return (one) => checks.every((check) => check(one));
}
function closeCode(code = forbiddenCloseCode) {
  if (code === 1e3 || (Number.isInteger(code) && code >= 3e3 && code <= 4999)) return code;
  throw new ConfigError(
    'disconnect.code',
    `expected 1000 or a whole number from 3000 to 4999, and this is ${kindOf(code)}`,
  );
}
function createConnections(parts, rules) {
  const { runtime } = parts;
  const open = /* @__PURE__ */ new Set();
  const shared = {
    ...parts,
    allowsOrigin: allowedOrigins(rules.allowedOrigins),
    mayBecome: sessionChange(rules.reauthentication),
    pace: new RefusalPace(runtime.now),
    soon: inBatches((error) => {
      runtime.logger.error(`closing a connection failed: ${String(error)}`);
    }),
    forget: (connection) => {
      open.delete(connection);
    },
  };
  return {
    open(close) {
      const connection = new LiveConnection(shared, close);
      open.add(connection);
      return connection;
    },
    disconnect(which, end = {}) {
      const doFit = fits2(which);
      const code = closeCode(end.code);
      const found = [...open].filter(doFit);
      for (const connection of found) connection.end(code, end.reason);
      return found.length;
    },
    get size() {
      return open.size;
    },
  };
}

// packages/core/src/webhook/cache.ts
import { LRUCache } from 'lru-cache';
var decisionOf = ({ decision: decision2 }) => decision2;
var noHookAnswers = {
  get: (call, ask) => ask(call).then(decisionOf),
  clear: () => void 0,
};
var maxBytes2 = 33554432;
var overheadBytes = 1200;
var isPersonal = ({ decision: decision2 }) => decision2.headers.length > 0;
function hookAnswers(maxEntries, now) {
  const kept = new LRUCache({
    max: maxEntries,
    maxSize: maxBytes2,
    sizeCalculation: ({ length }, key) => overheadBytes + 2 * (key.length + length),
  });
  let underWay = /* @__PURE__ */ new Map();
  function begin(key, call) {
    const calls = underWay;
    calls.set(key, call);
    const ended2 = () => {
      calls.delete(key);
    };
    call.then(ended2, ended2);
    return call.then((verdict) => {
      const { keepUntil = 0 } = verdict;
      if (calls === underWay && !isPersonal(verdict) && now() < keepUntil)
        kept.set(key, { ...verdict, keepUntil });
      return verdict.decision;
    });
  }
  return {
    get(call, ask) {
      const key = call.body ?? JSON.stringify(call.headers);
      const answer = kept.get(key);
      if (answer !== void 0 && now() < answer.keepUntil) return answer.decision;
      const asked = underWay.get(key);
      if (asked === void 0) return begin(key, ask(call));
      return asked.then((shared) =>
        isPersonal(shared) ? ask(call).then(decisionOf) : shared.decision,
      );
    },
    clear() {
      kept.clear();
      underWay = /* @__PURE__ */ new Map();
    },
  };
}

// packages/core/src/jwt/jwt-config.ts
function byLocation(jwts) {
  const groups = /* @__PURE__ */ new Map();
  for (const config of jwts) {
    const place = JSON.stringify(config.location);
    const group = groups.get(place) ?? { location: config.location, configs: [] };
    group.configs.push(config);
    groups.set(place, group);
  }
  return [...groups.values()];
}

// packages/core/src/jwt/token-location.ts
import { parseCookie } from 'cookie';
var bearerScheme = /^bearer(?:[ \t]|$)/i;
var bearerAndToken = /^bearer[ \t]+([^ \t]+)$/i;
var plainBearer = 'Bearer ';
function bearerText(request2) {
  const header = request2.header('authorization');
  if (header === void 0 || header.startsWith(plainBearer)) return header;
  const value = header.trim();
  const token3 = bearerAndToken.exec(value)?.[1];
  if (token3 !== void 0) return plainBearer + token3;
  return bearerScheme.test(value) ? value : void 0;
}
function bearerToken(text2) {
  if (!text2.includes(' ', plainBearer.length) && !text2.includes('	', plainBearer.length))
    return text2.slice(plainBearer.length) || void 0;
  return bearerAndToken.exec(text2.trim())?.[1];
}
function cookieToken(request2, name2) {
  const values = (request2.header('cookie') ?? '')
    .split(';')
    .filter((pair) => pair.includes(name2))
    .map((pair) => parseCookie(pair, { decode: (value) => value })[name2])
    .filter((value) => value !== void 0 && value !== '');
  if (values.length > 1) throw new AuthError('ambiguous-token');
  return values[0];
}
function textAt(location, request2) {
  switch (location.kind) {
    case 'authorization':
      return bearerText(request2);
    case 'cookie':
      return cookieToken(request2, location.name);
    case 'header':
      return request2.header(location.name) || void 0;
  }
}
function foundAt(places, find) {
  const [first] = places;
  if (places.length !== 1 || first === void 0)
    return places.map(find).filter((found2) => found2 !== void 0);
  const found = find(first);
  return found === void 0 ? [] : [found];
}
function placedTokens(locations, request2) {
  return foundAt(locations, (at) => {
    const text2 = textAt(at.location, request2);
    return text2 === void 0 ? void 0 : { text: text2, at };
  });
}
function readToken({ text: text2, at }) {
  const token3 = at.location.kind === 'authorization' ? bearerToken(text2) : text2;
  return token3 === void 0 ? void 0 : { token: token3, at };
}
function readTokens(placed) {
  const found = foundAt(placed, readToken);
  if (found.length === 0 && placed.length > 0) throw new AuthError('malformed-authorization');
  return found;
}
function findTokens(locations, request2) {
  return readTokens(placedTokens(locations, request2));
}
function refuseOtherSchemes(locations) {
  const reads = locations.some(({ location }) => location.kind === 'authorization');
  return (request2) => {
    if (reads && request2.header('authorization') !== void 0)
      throw new AuthError('malformed-authorization');
    return void 0;
  };
}
function unverifiedTokens(locations) {
  return (request2) => {
    try {
      return findTokens(locations, request2).map(({ token: token3 }) => token3);
    } catch {
      return [];
    }
  };
}

// packages/core/src/jwt/doorkeeper.ts
var Doorkeeper = class {
  #seen;
  /**
   * A place or two for each of so many guests: a third to a half of them are remembered until as many others have come. With more
   * places, a flood that repeats itself after ten times as many would be let in in part, and pay for it.
   */
  constructor(guests) {
    this.#seen = new Uint32Array(2 ** Math.ceil(Math.log2(guests)));
  }
  /** Whether a guest was here before, by a fingerprint; from now on it was. */
  knows(print) {
    const place = print & (this.#seen.length - 1);
    if (this.#seen[place] === print) return true;
    this.#seen[place] = print;
    return false;
  }
};

// packages/core/src/jwt/fingerprint.ts
var keyLength = 12;
function fingerprint(text2) {
  let hash2 = 2166136261;
  for (let at = Math.max(0, text2.length - keyLength); at < text2.length; at++)
    hash2 = Math.imul(hash2 ^ text2.charCodeAt(at), 16777619);
  return hash2 >>> 0;
}

// packages/core/src/jwt/presence.ts
var mostPlaces = 2 ** 20;
var fullPlace = 255;
var Presence = class {
  #counts;
  #mask;
  /** Eight places for each of so many texts: one stranger in nine is not told apart when all are there. */
  constructor(texts) {
    const places = Math.min(mostPlaces, 2 ** Math.ceil(Math.log2(texts * 8)));
    this.#counts = new Uint8Array(places);
    this.#mask = places - 1;
  }
  /** False only where nothing of this fingerprint is there. */
  mayHold(print) {
    return this.#counts[print & this.#mask] !== 0;
  }
  add(print) {
    this.#count(print, 1);
  }
  /** Takes away what was added. */
  remove(print) {
    this.#count(print, -1);
  }
  /** A place that is full has lost count, and stays full. */
  #count(print, by) {
    const place = print & this.#mask;
    const count2 = this.#counts[place];
    if (count2 !== void 0 && count2 !== fullPlace) this.#counts[place] = count2 + by;
  }
};

// packages/core/src/jwt/token-ring.ts
var longestWalk = 32;
var entryBytes = 400;
var TokenRing = class {
  #maxEntries;
  #maxBytes;
  #shelves = /* @__PURE__ */ new Map();
  #ring = [];
  #gaps = [];
  #presence;
  #hand = 0;
  #bytes = 0;
  #doorkeeper;
  constructor({ maxEntries, maxBytes: maxBytes4 }) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes4;
    this.#presence = new Presence(maxEntries);
  }
  /** How many bytes the entries take, as estimated. */
  get bytes() {
    return this.#bytes;
  }
  find({ at, text: text2 }) {
    if (!this.#presence.mayHold(fingerprint(text2))) return void 0;
    const entry = this.#shelves.get(at)?.get(text2.slice(-keyLength));
    if (entry?.text !== text2) return void 0;
    entry.used = true;
    return entry.verified;
  }
  /** Keeps a token, if it may stay. */
  keep({ at, text: text2 }, verified) {
    const print = fingerprint(text2);
    const least = entryBytes + text2.length;
    const atFirstSight = this.#hasRoom(4 * least);
    if (!atFirstSight && !this.#knows(print)) return;
    const shelf = this.#shelfAt(at);
    const key = text2.slice(-keyLength);
    const earlier = shelf.get(key);
    if (earlier !== void 0) this.#remove(earlier);
    const bytes = least + verified.bytes;
    if (!this.#hasRoom(bytes) && (atFirstSight || !this.#makeRoom(bytes))) return;
    const place = this.#gaps.pop() ?? this.#ring.length;
    const entry = { shelf, key, print, text: detached(text2), verified, bytes, place, used: false };
    this.#ring[place] = entry;
    this.#bytes += bytes;
    shelf.set(key, entry);
    this.#presence.add(print);
  }
  remove({ at, text: text2 }) {
    const entry = this.#shelves.get(at)?.get(text2.slice(-keyLength));
    if (entry !== void 0) this.#remove(entry);
  }
  #shelfAt(at) {
    const known = this.#shelves.get(at);
    if (known !== void 0) return known;
    const shelf = /* @__PURE__ */ new Map();
    this.#shelves.set(at, shelf);
    return shelf;
  }
  #hasRoom(bytes) {
    const entries = this.#ring.length - this.#gaps.length;
    return entries < this.#maxEntries && this.#bytes + bytes <= this.#maxBytes;
  }
  /** The doorkeeper comes when the ring is full for the first time, and is as large as the ring then is. */
  #knows(print) {
    this.#doorkeeper ??= new Doorkeeper(this.#ring.length + 1);
    return this.#doorkeeper.knows(print);
  }
  #makeRoom(bytes) {
    for (let step = 0; step < longestWalk; step++) {
      const entry = this.#ring[this.#hand];
      if (entry?.used === false) this.#remove(entry);
      else if (entry !== void 0) entry.used = false;
      this.#hand = (this.#hand + 1) % Math.max(1, this.#ring.length);
      if (this.#hasRoom(bytes)) return true;
    }
    return false;
  }
  #remove(entry) {
    entry.shelf.delete(entry.key);
    this.#presence.remove(entry.print);
    this.#ring[entry.place] = void 0;
    this.#gaps.push(entry.place);
    this.#bytes -= entry.bytes;
  }
};

// packages/core/src/jwt/under-way.ts
var UnderWay = class {
  #verifications = /* @__PURE__ */ new Map();
  find({ at, text: text2 }) {
    if (this.#verifications.size === 0) return void 0;
    const verification = this.#verifications.get(text2);
    return verification?.at === at ? verification.verified : void 0;
  }
  /** Lets others join a verification until it has come to its end, whatever that is. */
  add({ at, text: text2 }, verified) {
    const verification = { at, verified };
    const ended2 = () => {
      if (this.#verifications.get(text2) === verification) this.#verifications.delete(text2);
    };
    this.#verifications.set(text2, verification);
    verified.then(ended2, ended2);
    return verified;
  }
};

// packages/core/src/jwt/verified-tokens.ts
var noVerifiedTokens = {
  get: (_placed, _now, verify2) => verify2(),
  clear: () => void 0,
};
function verifiedTokens(bounds) {
  let ring = new TokenRing(bounds);
  let underWay = new UnderWay();
  async function keptLater(placed, verified) {
    const started = ring;
    const token3 = await verified;
    started.keep(placed, token3);
    return token3;
  }
  function verifyOnce(placed, verify2) {
    const joined = underWay.find(placed);
    if (joined !== void 0) return joined;
    const verified = verify2();
    if (isPromise(verified)) return underWay.add(placed, keptLater(placed, verified));
    ring.keep(placed, verified);
    return verified;
  }
  function goodOrVerified(known, placed, now, verify2) {
    if (known.isGood(now())) return known;
    ring.remove(placed);
    return verifyOnce(placed, verify2);
  }
  return {
    get(placed, now, verify2) {
      const only = placed[0];
      if (only === void 0 || placed.length > 1) return verify2();
      const known = ring.find(only);
      if (known === void 0) return verifyOnce(only, verify2);
      const refreshed = known.config.keys.refresh();
      return refreshed === void 0
        ? goodOrVerified(known, only, now, verify2)
        : refreshed.then(() => goodOrVerified(known, only, now, verify2));
    },
    clear() {
      ring = new TokenRing(bounds);
      underWay = new UnderWay();
    },
  };
}

// packages/core/src/methods/admin-secret.ts
import { createHash as createHash2, timingSafeEqual } from 'node:crypto';

// packages/core/src/role.ts
var trueTexts2 = /* @__PURE__ */ new Set(['true', 't', 'yes', 'y']);
var falseTexts2 = /* @__PURE__ */ new Set(['false', 'f', 'no', 'n']);
function backendOnly(request2) {
  const text2 = request2.header('x-hasura-use-backend-only-permissions')?.toLowerCase();
  if (text2 === void 0 || falseTexts2.has(text2)) return false;
  if (trueTexts2.has(text2)) return true;
  throw new AuthError('bad-backend-only');
}
function requestedRole(request2) {
  return request2.header('x-hasura-role') || void 0;
}
function tellRole(request2, requested) {
  request2.observe?.({ step: 'role', outcome: requested === void 0 ? 'default' : 'requested' });
}
function chooseRole(requested, defaultRole, allowedRoles) {
  const role = requested ?? defaultRole;
  if (!allowedRoles.includes(role)) throw new AuthError('role-not-allowed');
  return role;
}

// packages/core/src/session.ts
var noHeaders = Object.freeze([]);
var lastMoment = 864e13;
var FrozenDecision = class {
  constructor(session, headers) {
    this.session = session;
    this.headers = headers;
    Object.freeze(this);
  }
  session;
  headers;
};
function decision(parts, headers = noHeaders) {
  const { expiresAt, claims, allowedRoles } = parts;
  const session = {};
  session.role = parts.role;
  session.sessionVariables = variablesFor(parts.role, parts.variables);
  session.method = parts.method;
  session.backendOnly = parts.backendOnly ?? false;
  if (expiresAt !== void 0 && expiresAt <= lastMoment) session.expiresAt = expiresAt;
  if (claims !== void 0) session.claims = claims;
  if (allowedRoles !== void 0) session.allowedRoles = allowedRoles;
  return new FrozenDecision(Object.freeze(session), headers);
}

// packages/core/src/methods/admin-secret.ts
var AdminSecrets = class {
  #digests;
  constructor(secrets) {
    this.#digests = secrets.map(digest);
  }
  /** Whether a secret is one of these; every one of them is compared, whichever fits. */
  include(sent) {
    const sentDigest = digest(sent);
    return this.#digests.reduce(
      (found, known) => timingSafeEqual(known, sentDigest) || found,
      false,
    );
  }
};
function digest(secret2) {
  return createHash2('sha256').update(secret2).digest();
}
function sentSecret(request2) {
  return request2.header('x-hasura-admin-secret') ?? request2.header('x-hasura-access-key');
}
function checkSecret(secrets, bearer) {
  return (request2) => {
    const sent = sentSecret(request2);
    if (sent === void 0) return void 0;
    const right = secrets.include(sent);
    request2.observe?.({ step: 'admin-secret', outcome: right ? 'right' : 'wrong' });
    if (!right) throw new AuthError('wrong-secret', { bearer });
    return void 0;
  };
}
var adminSession = (request2) => {
  if (sentSecret(request2) === void 0) return void 0;
  const requested = requestedRole(request2);
  tellRole(request2, requested);
  return decision({
    role: requested ?? 'admin',
    variables: gatherVariables(request2.headers()),
    method: 'admin-secret',
    backendOnly: backendOnly(request2),
  });
};

// packages/core/src/methods/method.ts
function inOrder(methods, request2, first = 0) {
  for (let at = first; at < methods.length; at++) {
    const answer = methods[at]?.(request2);
    if (answer === void 0) continue;
    if (!isPromise(answer)) return answer;
    return answer.then((later) => later ?? inOrder(methods, request2, at + 1));
  }
  throw new Error('the last method must decide');
}

// packages/core/src/jwt/claims.ts
function invalid(detail) {
  return new AuthError('invalid-claims', { detail });
}
function encountered(parser, expected, value) {
  return `parsing ${parser} failed, expected ${expected}, but encountered ${jsonType(value)}`;
}
function unregistered(payload) {
  return Object.fromEntries(
    Object.entries(payload).filter(([claim]) => !registeredClaims.has(claim)),
  );
}
function parseStringified(text2, place) {
  try {
    const value = JSON.parse(text2);
    if (isRecord(value)) return value;
  } catch {}
  throw invalid(`expecting stringified json at: '${place}', but found: ${text2.slice(0, 200)}`);
}
function claimsObject(value, format, place) {
  switch (format) {
    case 'json':
      if (isRecord(value)) return value;
      throw invalid('expecting a json object when claims_format is json');
    case 'stringified_json':
      if (typeof value === 'string') return parseStringified(value, place);
      throw invalid('expecting a string when claims_format is stringified_json');
  }
}
var knownNames = /* @__PURE__ */ new Map();
var mostNames2 = 200;
function claimName(anyCase) {
  const known = knownNames.get(anyCase);
  if (known !== void 0) return known;
  const lowerCase = anyCase.toLowerCase();
  const name2 = { lowerCase, isForUs: isSessionVariable(lowerCase) };
  if (knownNames.size < mostNames2) knownNames.set(anyCase, name2);
  return name2;
}
var FoundClaims = class {
  allowedRoles;
  defaultRole;
  variables = emptyRecord();
  /** What is wrong with the first variable that is no text. */
  problem;
  /** Names that are no variables, but must not be there twice either. */
  #others;
  has(name2) {
    if (name2 === allowedRolesClaim) return this.allowedRoles !== void 0;
    if (name2 === defaultRoleClaim) return this.defaultRole !== void 0;
    return name2 in this.variables || this.#others?.has(name2) === true;
  }
  set(name2, value) {
    if (name2 === allowedRolesClaim) this.allowedRoles = value;
    else if (name2 === defaultRoleClaim) this.defaultRole = value;
    else this.#setVariable(name2, value);
  }
  #setVariable(name2, value) {
    if (typeof value === 'string' && !isSecretVariable(name2)) {
      this.variables[name2] = value;
      return;
    }
    (this.#others ??= /* @__PURE__ */ new Set()).add(name2);
    if (typeof value !== 'string')
      this.problem ??= invalid(`x-hasura-* claims: ${encountered('Text', 'String', value)}`);
  }
};
function sessionClaims(object) {
  const claims = new FoundClaims();
  for (const anyCase of Object.keys(object)) {
    const { lowerCase, isForUs } = claimName(anyCase);
    if (!isForUs) continue;
    if (claims.has(lowerCase))
      throw invalid('x-hasura-* claims: two names are equal in lower case');
    claims.set(lowerCase, object[anyCase]);
  }
  return claims;
}
function mappedClaims(mapped, payload) {
  const claims = new FoundClaims();
  for (const claim of mapped) claims.set(claim.name, mappedValue(claim, payload));
  return claims;
}
function mappedValue(claim, payload) {
  if (claim.kind === 'literal') return claim.value;
  const value = readJsonPath(payload, claim.path);
  if (value !== void 0) return value;
  if (claim.byDefault !== void 0) return claim.byDefault;
  if (claim.name === allowedRolesClaim || claim.name === defaultRoleClaim) return void 0;
  throw invalid(`JWT claim from claims_map, ${claim.name} not found`);
}
function findClaims(payload, source) {
  switch (source.kind) {
    case 'namespace': {
      const { namespace, format } = source;
      if (!Object.hasOwn(payload, namespace) || registeredClaims.has(namespace))
        throw invalid(`claims key: '${namespace}' not found`);
      return sessionClaims(
        claimsObject(payload[namespace], format, `claims_namespace ${namespace}`),
      );
    }
    case 'path': {
      const value = readJsonPath(unregistered(payload), source.path);
      if (value === void 0)
        throw invalid(`claims not found at claims_namespace_path: '${source.text}'`);
      return sessionClaims(
        claimsObject(value, source.format, `claims_namespace_path ${source.text}`),
      );
    }
    case 'map':
      return mappedClaims(source.claims, payload);
  }
}
function readAllowedRoles(value) {
  if (value === void 0) throw new AuthError('missing-role-claim', { detail: allowedRolesClaim });
  const problem = `invalid ${allowedRolesClaim}; should be a list of roles: `;
  if (!Array.isArray(value)) throw invalid(problem + encountered('[]', 'Array', value));
  for (const role of value) checkRole(role, problem);
  return value;
}
function readDefaultRole(value) {
  if (value === void 0) throw new AuthError('missing-role-claim', { detail: defaultRoleClaim });
  checkRole(value, `invalid ${defaultRoleClaim}; should be a role: `);
  return value;
}
function checkRole(role, problem) {
  if (typeof role !== 'string') throw invalid(problem + encountered('Text', 'String', role));
  if (role === '') throw invalid(`${problem}empty string not allowed`);
}
function readClaims(payload, source) {
  const claims = findClaims(payload, source);
  const allowedRoles = readAllowedRoles(claims.allowedRoles);
  const defaultRole = readDefaultRole(claims.defaultRole);
  if (claims.problem !== void 0) throw claims.problem;
  return { allowedRoles, defaultRole, variables: claims.variables };
}

// packages/core/src/jwt/match-issuer.ts
function unverifiedIssuer({ unverifiedPayload }) {
  return Object.hasOwn(unverifiedPayload, 'iss') ? unverifiedPayload['iss'] : void 0;
}
function matchIssuer(candidates2) {
  let match;
  for (const { token: token3, configs } of candidates2) {
    const issuer = unverifiedIssuer(token3);
    for (const config of configs) {
      if (config.issuer !== void 0 && issuer !== void 0 && config.issuer !== issuer) continue;
      if (match !== void 0) throw new AuthError('ambiguous-token');
      match = { token: token3, config };
    }
  }
  if (match === void 0) throw refuseToken('JWTNotInIssuer');
  return match;
}

// packages/core/src/jwt/verified-token.ts
var mostSessions = 4;
var sessionBytes = 250;
var variableBytes = 50;
var none = [];
var VerifiedToken = class {
  config;
  #key;
  #payload;
  #validFrom;
  #expiresAt;
  #defaultRole;
  /** Belong to the first session as soon as there is one. */
  #variables;
  #allowedRoles;
  /** The first session's decision alone: most tokens have one session, and a list for it would take 56 bytes. */
  #first;
  #others = none;
  #keyVersion;
  constructor({ payload, config, key, keyVersion, lifetime: lifetime3, claims }) {
    this.config = config;
    this.#key = key;
    this.#payload = deepFreeze(payload);
    this.#validFrom = lifetime3.validFrom;
    this.#expiresAt = lifetime3.expiresAt;
    this.#defaultRole = claims.defaultRole;
    this.#variables = claims.variables;
    this.#allowedRoles = Object.isFrozen(claims.allowedRoles)
      ? claims.allowedRoles
      : Object.freeze([...claims.allowedRoles]);
    this.#keyVersion = keyVersion;
  }
  /** When the token ends, in ms since the epoch; Infinity where it has no end. */
  get expiresAt() {
    return this.#expiresAt;
  }
  /** About how much memory this will take with its sessions, in bytes, never too little; asked before the first session. */
  get bytes() {
    const sessions = Math.min(mostSessions, this.#allowedRoles.length);
    const each = sessionBytes + variableBytes * Object.keys(this.#variables).length;
    return bytesOfJson(this.#payload) + sessions * each;
  }
  /** Whether the token may still be used without verifying it again: within its time, and its key not withdrawn. */
  isGood(now) {
    if (now < this.#validFrom || now >= this.#expiresAt) return false;
    const { keys } = this.config;
    if (keys.version === this.#keyVersion) return true;
    if (!keys.holds(this.#key)) return false;
    this.#keyVersion = keys.version;
    return true;
  }
  /** The session for a requested role, or the AuthError `role-not-allowed`. */
  decide(requested) {
    const wanted = requested ?? this.#defaultRole;
    const first = this.#first;
    if (first?.session.role === wanted) return first;
    for (const other of this.#others) if (other.session.role === wanted) return other;
    const role = chooseRole(requested, this.#defaultRole, this.#allowedRoles);
    const made = decision({
      role,
      variables: first ? gatherVariables(Object.entries(this.#variables)) : this.#variables,
      method: 'jwt',
      claims: this.#payload,
      allowedRoles: this.#allowedRoles,
      expiresAt: this.#expiresAt === Infinity ? void 0 : this.#expiresAt,
    });
    this.#keep(made);
    return made;
  }
  #keep(made) {
    if (this.#first === void 0) this.#first = made;
    else if (this.#others.length < mostSessions - 1) this.#others = [...this.#others, made];
  }
};

// packages/core/src/jwt/verify.ts
import { constants, createVerify, timingSafeEqual as timingSafeEqual2, verify } from 'node:crypto';

// packages/core/src/jwt/hmac.ts
import { hash } from 'node:crypto';
var sizes = {
  sha256: { block: 64, result: 32 },
  sha384: { block: 128, result: 48 },
  sha512: { block: 128, result: 64 },
};
function prepare(key, digest2) {
  const { block: block2, result } = sizes[digest2];
  const secret2 = key.export();
  const padded = Buffer.alloc(block2);
  (secret2.length > block2 ? hash(digest2, secret2, 'buffer') : secret2).copy(padded);
  const outer = Buffer.alloc(block2 + result);
  outer.set(padded.map((byte) => byte ^ 92));
  return { innerPad: padded.map((byte) => byte ^ 54), outer, result: Buffer.alloc(result) };
}
var prepared = {
  sha256: /* @__PURE__ */ new WeakMap(),
  sha384: /* @__PURE__ */ new WeakMap(),
  sha512: /* @__PURE__ */ new WeakMap(),
};
function preparedFor(key, digest2) {
  const known = prepared[digest2].get(key);
  if (known !== void 0) return known;
  const made = prepare(key, digest2);
  prepared[digest2].set(key, made);
  return made;
}
var message = Buffer.alloc(sizes.sha512.block + longestToken);
function hmac2(digest2, key, text2) {
  if (text2.length > longestToken) throw new RangeError('a text longer than a token may be');
  const { innerPad, outer, result } = preparedFor(key, digest2);
  message.set(innerPad);
  message.write(text2, innerPad.length, 'latin1');
  const whole = message.subarray(0, innerPad.length + text2.length);
  outer.write(hash(digest2, whole, 'binary'), innerPad.length, 'latin1');
  result.write(hash(digest2, outer, 'binary'), 'latin1');
  return result;
}

// packages/core/src/jwt/verify.ts
function verifyOptions({ key, family }, pss) {
  if (pss)
    return {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      // RFC 7518, section 3.5
    };
  return family === 'rsa' ? key : { key, dsaEncoding: 'ieee-p1363' };
}
var ecSignatureBytes = {
  p256: 64,
  p384: 96,
  p521: 132,
};
function verifyWith(key, { header, signingInput, signature }) {
  if (!keyFits(key, header.alg)) return false;
  const facts = algorithms[header.alg];
  if (facts.family === 'hmac') {
    const expected = hmac2(facts.digest, key.key, signingInput);
    return expected.length === signature.length && timingSafeEqual2(expected, signature);
  }
  const { family, digest: digest2, pss } = facts;
  if (digest2 === null)
    return verify(null, Buffer.from(signingInput, 'latin1'), key.key, signature);
  if (signature.length !== (ecSignatureBytes[family] ?? signature.length)) return false;
  return createVerify(digest2)
    .update(signingInput, 'latin1')
    .verify(verifyOptions(key, pss), signature);
}
function verifySignature(keys, token3) {
  for (const key of keys) if (verifyWith(key, token3)) return key;
  return void 0;
}

// packages/core/src/methods/jwt.ts
function signingKey(keys, { token: token3, config }) {
  if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
  return config.allows(token3.header.alg) ? verifySignature(keys, token3) : void 0;
}
function jwt({ locations, verified, now }) {
  const decoder = new TokenDecoder();
  function candidates2(placed) {
    return readTokens(placed).map(({ token: token3, at }) => ({
      token: decoder.decode(token3),
      configs: at.configs,
    }));
  }
  function accept({ token: token3, config, keyVersion }, key, request2) {
    if (key === void 0) throw refuseToken('JWSError JWSInvalidSignature');
    const payload = token3.unverifiedPayload;
    const lifetime3 = checkRegisteredClaims(payload, config, now());
    decoder.remember(token3);
    request2.observe?.({ step: 'verify', outcome: 'verified' });
    const claims = readClaims(payload, config.claims);
    request2.observe?.({ step: 'claims', outcome: 'read' });
    return new VerifiedToken({ payload, config, key, keyVersion, lifetime: lifetime3, claims });
  }
  function verify2(placed, request2) {
    const { token: token3, config } = matchIssuer(candidates2(placed));
    request2.observe?.({ step: 'match-issuer', outcome: 'one configuration' });
    const matched = { token: token3, config, keyVersion: config.keys.version };
    const key = andThen(config.keys.find(token3.header), (keys) => signingKey(keys, matched));
    return andThen(key, (found) => accept(matched, found, request2));
  }
  function decide(token3, request2) {
    const requested = requestedRole(request2);
    const decided = token3.decide(requested);
    tellRole(request2, requested);
    return decided;
  }
  return (request2) => {
    const placed = placedTokens(locations, request2);
    if (placed.length === 0) return void 0;
    request2.observe?.({ step: 'token-location', outcome: `${String(placed.length)} found` });
    const token3 = verified.get(placed, now, () => verify2(placed, request2));
    return isPromise(token3)
      ? token3.then((later) => decide(later, request2))
      : decide(token3, request2);
  };
}

// packages/core/src/methods/unauthenticated.ts
function refuseAnonymous(kind) {
  return () => {
    throw new AuthError(kind);
  };
}
function unauthenticated(role, clientVariables) {
  const shared = decision({ role, variables: gatherVariables([]), method: 'unauthenticated' });
  return (request2) => {
    request2.observe?.({ step: 'unauthenticated', outcome: 'accepted' });
    return clientVariables === 'drop'
      ? shared
      : decision({
          role,
          variables: gatherVariables(request2.headers()),
          method: 'unauthenticated',
        });
  };
}

// packages/core/src/methods/unsecured.ts
var unsecured = (request2) =>
  decision({
    role: requestedRole(request2) ?? 'admin',
    variables: gatherVariables(request2.headers()),
    method: 'unsecured',
    backendOnly: backendOnly(request2),
  });

// packages/core/src/webhook/response.ts
import { parse as parse3 } from '@tusbar/cache-control';
var unreadable2 = (problem) => ({ kind: 'unreadable', problem });
function readHookAnswer(value, now) {
  if (!isRecord(value)) return unreadable2(`JSON, but of type ${jsonType(value)}, not Object`);
  const variables = /* @__PURE__ */ new Map();
  const lifetime3 = /* @__PURE__ */ new Map();
  for (const [anyCase, member] of Object.entries(value)) {
    const name2 = anyCase.toLowerCase();
    if (typeof member !== 'string')
      return unreadable2(
        `its member ${JSON.stringify(name2)} is of type ${jsonType(member)}, not String`,
      );
    const known = isSessionVariable(name2) ? variables : lifetime3;
    if (known.has(name2))
      return unreadable2(`its member ${JSON.stringify(name2)} is there in two spellings`);
    known.set(name2, member);
  }
  const expiry = hookExpiry(lifetime3.get('cache-control'), lifetime3.get('expires'), now);
  return {
    kind: 'answer',
    role: variables.get('x-hasura-role') || void 0,
    variables: gatherVariables(variables),
    expiry,
  };
}
function parseHookAnswer(text2, now) {
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    return unreadable2(text2 === '' ? 'an empty body' : 'no JSON');
  }
  return readHookAnswer(value, now);
}
var fixedDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
var unsaid = { expiresAt: void 0, keepUntil: void 0, unreadable: [] };
function moment(date) {
  if (date === void 0 || !fixedDate.test(date)) return void 0;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? void 0 : ms;
}
function hookExpiry(cacheControl, expires, now) {
  if (cacheControl === void 0 && expires === void 0) return unsaid;
  const directives = parse3(cacheControl);
  const seconds = directives.maxAge ?? directives.sharedMaxAge;
  const date = moment(expires);
  const mayKeep = directives.noStore !== true && directives.noCache !== true;
  const expiresAt = seconds === null ? date : now + seconds * 1e3;
  return {
    expiresAt,
    keepUntil: mayKeep ? expiresAt : void 0,
    unreadable: [
      ...(cacheControl !== void 0 && seconds === null && mayKeep ? ['Cache-Control'] : []),
      ...(expires !== void 0 && date === void 0 ? ['Expires'] : []),
    ],
  };
}
var maxBytes3 = 1048576;
var noCookies = Object.freeze([]);
function cookiesOf(response) {
  const cookies = response.headers.getSetCookie();
  if (cookies.length === 0) return noCookies;
  return Object.freeze(cookies.map((cookie) => Object.freeze(['Set-Cookie', cookie])));
}
function shapeOf({ status, headers }) {
  const kind = /^[\w.+/-]{1,80}/.exec(headers.get('content-type') ?? '')?.[0] ?? 'without a type';
  return `${String(status)} (${kind})`;
}
function isShort({ headers }) {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= maxBytes3 && headers.get('content-encoding') === null;
}
var textOf = (response) => (isShort(response) ? response.text() : readBounded(response, maxBytes3));
function readReply(response) {
  const { status } = response;
  const cookies = cookiesOf(response);
  const shape = () => shapeOf(response);
  const read = (text2) => ({ status, text: text2, cookies, shape });
  return textOf(response).then(read, (error) => {
    if (status !== 200 || error instanceof OversizedError) return read(void 0);
    throw error;
  });
}

// packages/core/src/webhook/graphql-request.ts
function readOne(value) {
  if (!isRecord(value)) return void 0;
  const { query, operationName = null, variables = null } = value;
  if (typeof query !== 'string') return void 0;
  if (operationName !== null && typeof operationName !== 'string') return void 0;
  if (variables !== null && !isRecord(variables)) return void 0;
  return {
    query,
    ...(operationName !== null && { operationName }),
    ...(variables !== null && { variables }),
  };
}
function ofBody(body) {
  if (!Array.isArray(body)) return readOne(body) ?? null;
  const requests = body.map(readOne);
  return requests.every((request2) => request2 !== void 0) ? requests : null;
}
function parsed(json4) {
  if (json4 === null) return null;
  try {
    return JSON.parse(json4);
  } catch {
    return void 0;
  }
}
function ofUrl(url) {
  const at = url.indexOf('?');
  if (at === -1) return null;
  const parameters = new URLSearchParams(url.slice(at + 1));
  const variables = parsed(parameters.get('variables'));
  if (variables === void 0) return null;
  return (
    readOne({
      query: parameters.get('query'),
      operationName: parameters.get('operationName'),
      variables,
    }) ?? null
  );
}
function graphqlRequest({ method, body, url = '' }) {
  const inUrlOnly = method === 'GET' || method === 'HEAD';
  return (inUrlOnly ? null : ofBody(body)) ?? ofUrl(url);
}

// packages/core/src/webhook/request.ts
function headersOf2(request2, deciding, isSent) {
  const headers = /* @__PURE__ */ Object.create(null);
  if (deciding === void 0) {
    for (const [name2, value] of request2.headers())
      if (isSent(name2, value)) headers[name2] = value;
    return headers;
  }
  for (const name2 of deciding) {
    const value = request2.header(name2);
    if (value !== void 0 && isSent(name2, value)) headers[name2] = value;
  }
  return headers;
}
var forwarded = (name2, value) => isForwarded(name2) && isCarried(name2, value);
var everyHeader = (name2) => !name2.startsWith(':');
var jsonHeaders = { 'content-type': 'application/json' };
function hookCalls({ mode, sendRequestBody, cache }) {
  if (mode === 'GET')
    return (request2) => ({
      method: mode,
      headers: headersOf2(request2, cache?.headers, forwarded),
    });
  return (request2) => {
    const headers = headersOf2(request2, cache?.headers, everyHeader);
    const told = sendRequestBody
      ? { headers, request: graphqlRequest(request2.source) }
      : { headers };
    return { method: mode, headers: jsonHeaders, body: JSON.stringify(told) };
  };
}

// packages/core/src/webhook/log.ts
var quietMs = 1e4;
var maxProblems = 100;
var HookLog = class {
  constructor(origin, logger, now) {
    this.origin = origin;
    this.logger = logger;
    this.now = now;
  }
  origin;
  logger;
  now;
  #told = /* @__PURE__ */ new Map();
  error(problem) {
    const line = this.#line(problem);
    if (line !== void 0) this.logger.error(line);
  }
  warn(problem) {
    const line = this.#line(problem);
    if (line !== void 0) this.logger.warn(line);
  }
  #line(problem) {
    const now = this.now();
    const before = this.#told.get(problem);
    if (before !== void 0 && now - before.at < quietMs) {
      before.again++;
      return void 0;
    }
    if (this.#told.size >= maxProblems) this.#told.clear();
    this.#told.set(problem, { at: now, again: 0 });
    const often =
      before === void 0 || before.again === 0
        ? ''
        : ` (and ${String(before.again)} times more since it was last told)`;
    return `auth hook ${this.origin}: ${problem}${often}`;
  }
};

// packages/core/src/methods/webhook.ts
var json2 = /^application\/(?:[\w.+-]+\+)?json\b/i;
function isUnparsed(request2) {
  const { method, body } = request2.source;
  return (
    body === void 0 &&
    method !== 'GET' && // whose body is not looked at
    method !== 'HEAD' &&
    (request2.header('transfer-encoding') !== void 0 ||
      Number(request2.header('content-length')) > 0) &&
    json2.test(request2.header('content-type') ?? '')
  );
}
function warnOfEarlyBody({ mode, sendRequestBody }, logger) {
  let isWatching = mode === 'POST' && sendRequestBody;
  return (request2) => {
    if (!isWatching || !isUnparsed(request2)) return;
    isWatching = false;
    logger.warn(
      'authHook: a request with a JSON body came here before any body parser had read it, so the hook is told "request": null; put the parser before hasuraAuth, or set authHook.sendRequestBody to false',
    );
  };
}
function failure(error) {
  if (error instanceof DeadlineError) return error.message;
  let reason = error;
  while (isRecord(reason)) {
    if (typeof reason['code'] === 'string') return reason['code'];
    reason = reason['cause'];
  }
  return 'the connection broke, or none came about';
}
function judge(reply, log, now) {
  const unusable = (problem) => {
    log.error(`it answered ${reply.shape()}: ${problem}`);
    return new AuthError('hook-invalid-response');
  };
  if (reply.status === 401) throw new AuthError('hook-unauthorized');
  if (reply.status !== 200) throw unusable('only 200 and 401 have a meaning');
  if (reply.text === void 0) throw unusable('the body is larger than 1 MiB');
  const answer = parseHookAnswer(reply.text, now);
  if (answer.kind === 'unreadable') throw unusable(answer.problem);
  const { role, variables, expiry } = answer;
  if (role === void 0) {
    log.error(`it answered ${reply.shape()}: there is no x-hasura-role in it`);
    throw new AuthError('hook-without-role');
  }
  for (const member of expiry.unreadable)
    log.warn(`its member ${member} cannot be read, and counts as absent`);
  const { expiresAt, keepUntil } = expiry;
  const decided = decision({ role, variables, method: 'webhook', expiresAt }, reply.cookies);
  return { decision: decided, keepUntil, length: reply.text.length };
}
function publish(event, start) {
  if (webhookCalls.hasSubscribers)
    webhookCalls.publish({ ...event, durationMs: performance.now() - start });
}
function webhook(hook, runtime, answers) {
  const { url, timeoutMs } = hook;
  const { origin } = new URL(url);
  const log = new HookLog(origin, runtime.logger, runtime.now);
  const callOf = hookCalls(hook);
  const watchBody = warnOfEarlyBody(hook, runtime.logger);
  const fetched = (call) =>
    withDeadline(timeoutMs, runtime.setTimeout, async (signal) =>
      readReply(await runtime.fetch(url, { ...call, redirect: 'manual', signal })),
    );
  async function ask(call) {
    const start = webhookCalls.hasSubscribers ? performance.now() : 0;
    let reply;
    try {
      reply = await fetched(call);
      const verdict = judge(reply, log, runtime.now());
      publish({ origin, status: reply.status, outcome: 'accepted' }, start);
      return verdict;
    } catch (error) {
      if (reply === void 0) {
        publish({ origin, outcome: 'failed' }, start);
        log.error(`no answer: ${failure(error)}`);
        throw new AuthError('hook-unreachable', { cause: error });
      }
      const { status } = reply;
      publish({ origin, status, outcome: status === 401 ? 'unauthorized' : 'failed' }, start);
      throw error;
    }
  }
  return (request2) => {
    watchBody(request2);
    const { observe } = request2;
    const decided = answers.get(callOf(request2), ask);
    if (observe === void 0) return decided;
    if (!isPromise(decided)) {
      observe({ step: 'webhook', outcome: 'kept answer' });
      return decided;
    }
    return decided.then(
      (accepted) => {
        observe({ step: 'webhook', outcome: 'accepted' });
        return accepted;
      },
      (error) => {
        observe({ step: 'webhook', outcome: 'refused' });
        throw error;
      },
    );
  };
}

// packages/core/src/authenticator.ts
function answersOf(mode, { now }) {
  return mode.kind === 'webhook' && mode.hook.cache !== void 0
    ? hookAnswers(mode.hook.cache.maxEntries, now)
    : noHookAnswers;
}
function methodsOf({ mode, verified, answers, runtime }) {
  switch (mode.kind) {
    case 'unsecured':
      return [unsecured];
    case 'admin-secret': {
      const secret2 = checkSecret(new AdminSecrets(mode.secrets), void 0);
      return [secret2, adminSession, anonymous(mode.anonymous, 'missing-secret')];
    }
    case 'jwt': {
      const secret2 = checkSecret(new AdminSecrets(mode.secrets), 'none');
      const locations = byLocation(mode.jwts);
      const token3 = jwt({ locations, verified, now: runtime.now });
      const first = mode.precedence === 'jwt' ? [token3, adminSession] : [adminSession, token3];
      return [
        secret2,
        ...first,
        refuseOtherSchemes(locations),
        anonymous(mode.anonymous, 'missing-token'),
      ];
    }
    case 'webhook': {
      const secret2 = checkSecret(new AdminSecrets(mode.secrets), void 0);
      return [secret2, adminSession, webhook(mode.hook, runtime, answers)];
    }
  }
}
function tokenLocations(mode) {
  if (mode.kind === 'jwt') return byLocation(mode.jwts);
  return [{ location: { kind: 'authorization' }, configs: [] }];
}
function anonymous(access, missing) {
  return access === void 0
    ? refuseAnonymous(missing)
    : unauthenticated(access.role, access.clientVariables);
}
function createAuthenticator(options) {
  const settings = parseOptions(options);
  const { mode, runtime, errorResponse, tokenCache } = settings;
  const verified = tokenCache === void 0 ? noVerifiedTokens : verifiedTokens(tokenCache);
  const answers = answersOf(mode, runtime);
  const methods = methodsOf({ mode, verified, answers, runtime });
  const keySources = mode.kind === 'jwt' ? mode.jwts.map(({ keys }) => keys) : [];
  const run = (request2) =>
    decisions.hasSubscribers
      ? observed(() => inOrder(methods, request2))
      : inOrder(methods, request2);
  return {
    errorResponse,
    needsBody: mode.kind === 'webhook' && mode.hook.mode === 'POST' && mode.hook.sendRequestBody,
    resolve: (request2) => run(nodeRequest(request2)),
    async decide(request2, observe) {
      return run(anyRequest(request2, observe));
    },
    async authenticate(request2) {
      const decided = run(anyRequest(request2));
      return isPromise(decided) ? (await decided).session : decided.session;
    },
    async authenticateConnection(request2, allowsOrigin = allowedOrigins(void 0)) {
      return (await run(connectionView(request2, allowsOrigin))).session;
    },
    connections: (rules = {}) =>
      createConnections(
        { resolve: run, unverifiedTokens: unverifiedTokens(tokenLocations(mode)), runtime },
        rules,
      ),
    async ready() {
      await Promise.all(keySources.map((source) => source.ready()));
    },
    clear: () => {
      verified.clear();
      answers.clear();
    },
    async close() {
      for (const source of keySources) source.close();
    },
  };
}

// packages/core/src/adapter.ts
var defaultStyle = 'http';
function isShared(options) {
  if (!isRecord(options)) throw new ConfigError('options', 'expected an object');
  if (!('authenticator' in options)) return false;
  recordOf(options, ['authenticator', 'errorResponse'], 'options');
  const { authenticator } = options;
  if (isRecord(authenticator) && typeof authenticator['resolve'] === 'function') return true;
  throw new ConfigError('authenticator', 'expected what createAuthenticator returns');
}
function createGate(given, defaults = {}) {
  const options = given ?? optionsFromEnv();
  const shared = isShared(options);
  const authenticator = shared
    ? options.authenticator
    : createAuthenticator({ ...defaults, ...options });
  const style = parseErrorResponse(options.errorResponse, authenticator.errorResponse);
  return {
    authenticator,
    owned: !shared,
    refusesByDefault: style === defaultStyle,
    resolve: (request2) => authenticator.resolve(request2),
    refuse: (error, request2) => answerOrForward(error, style, request2),
  };
}
function answerOrForward(error, style, request2) {
  return isAuthError(error) ? answerRefusal(error, style, request2) : void 0;
}
function refuseByDefault(error, request2) {
  return answerOrForward(error, defaultStyle, request2);
}
function roleGuard(roles) {
  if (roles.length === 0 || roles.some((role) => typeof role !== 'string' || role === ''))
    throw new ConfigError('requireRole', 'expected at least one role, each a non-empty string');
  const allowed = new Set(roles);
  return (session) => {
    if (session && allowed.has(session.role)) return;
    const byToken = session?.method === 'jwt';
    throw new AuthError('role-guard', { bearer: byToken ? 'insufficient_scope' : void 0 });
  };
}
function presentSession(session) {
  if (session) return session;
  throw new Error(
    'there is no session on this request: hasuraAuth did not run before this handler',
  );
}

// packages/core/src/hook-endpoint/response.ts
var noStore = { 'Cache-Control': 'no-store' };
var json3 = { 'Content-Type': 'application/json; charset=utf-8', ...noStore };
var token2 = /^[!#$%&'*+\-.^_`|~\w]+$/;
var plainValue = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;
function asJson({ session, headers }, now) {
  const { sessionVariables, expiresAt } = session;
  const left = expiresAt === void 0 ? void 0 : Math.floor((expiresAt - now) / 1e3);
  const lifetime3 =
    left === void 0 ? {} : { 'Cache-Control': `max-age=${String(Math.max(0, left))}` };
  return {
    status: 200,
    headers: json3,
    added: headers,
    body: JSON.stringify({ ...sessionVariables, ...lifetime3 }),
  };
}
function asHeaders({ session, headers }) {
  const { sessionVariables } = session;
  for (const [name2, value] of Object.entries(sessionVariables))
    if (!token2.test(name2) || !plainValue.test(value))
      throw new Error(
        `authHookHandler: the session variable ${JSON.stringify(name2)} cannot be put into a response header, which takes printable ASCII without spaces at its ends`,
      );
  return { status: 200, headers: { ...sessionVariables, ...noStore }, added: headers, body: '' };
}
function grant(decision2, form, now) {
  return form === 'hasura' ? asJson(decision2, now) : asHeaders(decision2);
}
function refusalStatus(status, form) {
  if (status >= 500) return status;
  return form === 'hasura' || status === 401 ? 401 : 403;
}
function refusal(error, form) {
  return {
    status: refusalStatus(error.status, form),
    headers: { ...error.headers, ...json3 },
    added: [],
    body: JSON.stringify({ errors: [error.toJSON()] }),
  };
}
var notACall = {
  status: 400,
  headers: json3,
  added: [],
  body: JSON.stringify({
    error: 'expected the call of an auth hook: {"headers": {\u2026strings}, "request": \u2026}',
  }),
};

// packages/core/src/hook-endpoint/index.ts
function headerRecord(view) {
  const headers = /* @__PURE__ */ Object.create(null);
  for (const [name2, value] of view.headers()) headers[name2] = value;
  return headers;
}
function toldInHeaders(call) {
  return { headers: headerRecord(anyRequest(call)), request: null };
}
function toldInBody({ body }) {
  if (body === void 0)
    throw new Error(
      'authHookHandler: a POST came here without a parsed body; put a JSON body parser before it',
    );
  if (!isRecord(body) || !isRecord(body['headers'])) return void 0;
  const { headers, request: request2 = null } = body;
  const values = Object.values(headers);
  if (!values.every((value) => typeof value === 'string')) return void 0;
  const told = headers;
  return { headers: headerRecord(anyRequest({ headers: told })), request: request2 };
}
function byFunction({ resolve }) {
  const decide = async (told) => {
    const answered = await resolve(told);
    if (answered === void 0) throw new AuthError('hook-unauthorized');
    const answer = readHookAnswer(answered, Date.now());
    const mistake = (problem) =>
      new Error(`authHookHandler: what resolve answered cannot be sent: ${problem}`);
    if (answer.kind === 'unreadable') throw mistake(answer.problem);
    const { role, variables, expiry } = answer;
    if (role === void 0) throw mistake('there is no x-hasura-role in it');
    if (expiry.unreadable.length > 0)
      throw mistake(`${expiry.unreadable.join(' and ')} cannot be read`);
    return decision({ role, variables, method: 'webhook', expiresAt: expiry.expiresAt });
  };
  return { decide, now: Date.now };
}
function byAuthenticator(options) {
  const { authenticator } = createGate(options);
  return {
    decide: ({ headers, request: request2 }) => authenticator.decide({ headers, body: request2 }),
    now: (options !== void 0 && 'runtime' in options ? options.runtime?.now : void 0) ?? Date.now,
  };
}
function sourceOf(options) {
  if (!('resolve' in options))
    return byAuthenticator(Reflect.ownKeys(options).length === 0 ? void 0 : options);
  recordOf(options, ['resolve'], 'options');
  if (typeof options.resolve === 'function') return byFunction(options);
  throw new ConfigError('resolve', `expected a function, and this is ${kindOf(options.resolve)}`);
}
function createHookEndpoint(options = {}) {
  const { answer, ...rest } = options;
  const form = oneOf(answer, ['hasura', 'headers'], 'answer', 'hasura');
  const { decide, now } = sourceOf(rest);
  const isInBody = ({ method }) => form === 'hasura' && method === 'POST';
  return {
    async answer(call) {
      const told = isInBody(call) ? toldInBody(call) : toldInHeaders(call);
      if (told === void 0) return notACall;
      try {
        return grant(await decide(told), form, now());
      } catch (error) {
        if (isAuthError(error)) return refusal(error, form);
        throw error;
      }
    },
  };
}

// packages/core/src/presets/index.ts
var presets_exports = {};
__export(presets_exports, {
  auth0: () => auth0,
  clerk: () => clerk,
  cognito: () => cognito,
  entraId: () => entraId,
  firebase: () => firebase,
  google: () => google,
  keycloak: () => keycloak,
  nhost: () => nhost,
  okta: () => okta,
  supabase: () => supabase,
});

// packages/core/src/presets/preset-secret.ts
var bareHost = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9](?::\d{1,5})?$/;
function bareDomain(value, option, example) {
  const domain = nonEmptyString(value, option).toLowerCase();
  if (bareHost.test(domain)) return domain;
  throw new ConfigError(
    option,
    `expected a bare domain, as ${example}, without https:// before it and without a path`,
  );
}
function namePart(value, option, { form, what }) {
  const name2 = nonEmptyString(value, option);
  if (form.test(name2)) return name2;
  throw new ConfigError(option, `expected ${what}`);
}
function baseUrl(value, option) {
  const url = httpUrl(value, option);
  if (!/[?#\s]/.test(url)) return url.replace(/\/+$/, '');
  throw new ConfigError(option, 'expected an address without a query, a fragment and blanks');
}
var claimsMembers = ['claims_namespace', 'claims_namespace_path', 'claims_format', 'claims_map'];
function claimsOf(claims, option) {
  return recordOf(claims ?? {}, claimsMembers, option);
}
function presetSecret({ jwk_url, issuer, audience, byDefault }, claims) {
  return {
    jwk_url,
    ...(issuer !== void 0 && { issuer }),
    ...(audience !== void 0 && { audience }),
    extra_required_claims: ['issuer', ...(audience === void 0 ? [] : ['audience']), 'exp'],
    ...byDefault,
    ...claims,
  };
}
function optionalAudience(value, option) {
  if (value === void 0) return void 0;
  return typeof value === 'string' ? nonEmptyString(value, option) : stringList(value, option);
}
function requiredAudience(value, option, what) {
  const audience = optionalAudience(value, option);
  if (audience !== void 0) return audience;
  throw new ConfigError(
    option,
    `expected ${what}, and this is ${kindOf(value)}; without it tokens that were made for others would be let in`,
  );
}

// packages/core/src/presets/auth0.ts
function auth0(options) {
  const given = recordOf(options, ['domain', 'audience', 'claims'], 'presets.auth0');
  const domain = bareDomain(given['domain'], 'presets.auth0.domain', 'my-tenant.eu.auth0.com');
  return presetSecret(
    {
      jwk_url: `https://${domain}/.well-known/jwks.json`,
      issuer: `https://${domain}/`,
      audience: requiredAudience(
        given['audience'],
        'presets.auth0.audience',
        'the identifier of your API',
      ),
    },
    claimsOf(given['claims'], 'presets.auth0.claims'),
  );
}

// packages/core/src/presets/clerk.ts
function clerk(options) {
  const given = recordOf(options, ['frontendApi', 'audience', 'claims'], 'presets.clerk');
  const issuer = `https://${bareDomain(given['frontendApi'], 'presets.clerk.frontendApi', 'clerk.example.com')}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.clerk.audience'),
    },
    claimsOf(given['claims'], 'presets.clerk.claims'),
  );
}

// packages/core/src/presets/cognito.ts
var userPoolId = {
  form: /^[a-z]{2,}(?:-[a-z]+)+-\d_[A-Za-z0-9]+$/,
  what: 'a user pool id, as eu-central-1_AbCdEf123',
};
function cognito(options) {
  const given = recordOf(options, ['userPoolId', 'audience', 'claims'], 'presets.cognito');
  const pool = namePart(given['userPoolId'], 'presets.cognito.userPoolId', userPoolId);
  const region = pool.slice(0, pool.indexOf('_'));
  const top = region.startsWith('cn-') ? 'com.cn' : 'com';
  const issuer = `https://cognito-idp.${region}.amazonaws.${top}/${pool}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.cognito.audience'),
      byDefault: { claims_format: 'stringified_json' },
    },
    claimsOf(given['claims'], 'presets.cognito.claims'),
  );
}

// packages/core/src/presets/entra-id.ts
var tenantId = {
  form: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  what: "the tenant's id, a GUID, since tokens name their tenant by it",
};
function entraId(options) {
  const known = ['tenantId', 'audience', 'tokenVersion', 'claims'];
  const given = recordOf(options, known, 'presets.entraId');
  const tenant = namePart(given['tenantId'], 'presets.entraId.tenantId', tenantId).toLowerCase();
  const version = given['tokenVersion'] ?? 2;
  if (version !== 1 && version !== 2)
    throw new ConfigError('presets.entraId.tokenVersion', 'expected 1 or 2');
  const login = `https://login.microsoftonline.com/${tenant}`;
  const audience = requiredAudience(
    given['audience'],
    'presets.entraId.audience',
    "the API's application id",
  );
  return presetSecret(
    version === 1
      ? {
          jwk_url: `${login}/discovery/keys`,
          issuer: `https://sts.windows.net/${tenant}/`,
          audience,
        }
      : { jwk_url: `${login}/discovery/v2.0/keys`, issuer: `${login}/v2.0`, audience },
    claimsOf(given['claims'], 'presets.entraId.claims'),
  );
}

// packages/core/src/presets/firebase.ts
var projectId = {
  form: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  what: 'a project id, as my-app-1234',
};
function firebase(options) {
  const given = recordOf(options, ['projectId', 'claims'], 'presets.firebase');
  const project = namePart(given['projectId'], 'presets.firebase.projectId', projectId);
  return presetSecret(
    {
      jwk_url:
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      issuer: `https://securetoken.google.com/${project}`,
      audience: project,
    },
    claimsOf(given['claims'], 'presets.firebase.claims'),
  );
}

// packages/core/src/presets/google.ts
function google(options) {
  const given = recordOf(options, ['clientId', 'claims'], 'presets.google');
  const claims = claimsOf(given['claims'], 'presets.google.claims');
  if (claims.claims_map === void 0)
    throw new ConfigError(
      'presets.google.claims',
      "a claims_map is needed, since Google's tokens cannot carry session variables of yours",
    );
  return presetSecret(
    {
      jwk_url: 'https://www.googleapis.com/oauth2/v3/certs',
      issuer: 'https://accounts.google.com',
      audience: requiredAudience(
        given['clientId'],
        'presets.google.clientId',
        'the OAuth client id of your app',
      ),
    },
    claims,
  );
}

// packages/core/src/presets/keycloak.ts
var realm = { form: /^[^\s/?#%]+$/, what: 'the name of a realm, without blanks and / ? # %' };
function keycloak(options) {
  const given = recordOf(options, ['url', 'realm', 'audience', 'claims'], 'presets.keycloak');
  const base = baseUrl(given['url'], 'presets.keycloak.url');
  const issuer = `${base}/realms/${namePart(given['realm'], 'presets.keycloak.realm', realm)}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/protocol/openid-connect/certs`,
      issuer,
      audience: optionalAudience(given['audience'], 'presets.keycloak.audience'),
    },
    claimsOf(given['claims'], 'presets.keycloak.claims'),
  );
}

// packages/core/src/presets/nhost.ts
var label = (what) => ({
  form: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  what,
});
function nhost(options) {
  const known = ['subdomain', 'region', 'issuer', 'claims'];
  const given = recordOf(options, known, 'presets.nhost');
  const subdomain = namePart(
    given['subdomain'],
    'presets.nhost.subdomain',
    label('the subdomain of a project, as abcdefghijklmnopqrst'),
  );
  const region = namePart(
    given['region'],
    'presets.nhost.region',
    label('the region of a project, as eu-central-1'),
  );
  const issuer = given['issuer'];
  return presetSecret(
    {
      jwk_url: `https://${subdomain}.auth.${region}.nhost.run/v1/.well-known/jwks.json`,
      ...(issuer !== void 0 && { issuer: nonEmptyString(issuer, 'presets.nhost.issuer') }),
    },
    claimsOf(given['claims'], 'presets.nhost.claims'),
  );
}

// packages/core/src/presets/okta.ts
var serverId = { form: /^[\w-]+$/, what: 'the id of a custom authorization server, as default' };
function okta(options) {
  const known = ['domain', 'authorizationServerId', 'audience', 'claims'];
  const given = recordOf(options, known, 'presets.okta');
  const domain = bareDomain(given['domain'], 'presets.okta.domain', 'my-org.okta.com');
  const server = namePart(
    given['authorizationServerId'] ?? 'default',
    'presets.okta.authorizationServerId',
    serverId,
  );
  const issuer = `https://${domain}/oauth2/${server}`;
  return presetSecret(
    {
      jwk_url: `${issuer}/v1/keys`,
      issuer,
      audience: requiredAudience(
        given['audience'],
        'presets.okta.audience',
        'the audience of the authorization server, as api://default',
      ),
    },
    claimsOf(given['claims'], 'presets.okta.claims'),
  );
}

// packages/core/src/presets/supabase.ts
var projectRef = {
  form: /^[a-z0-9][a-z0-9-]*$/,
  what: "the project's reference, the first part of its address before .supabase.co",
};
function supabase(options) {
  const given = recordOf(options, ['projectRef', 'audience', 'claims'], 'presets.supabase');
  const project = namePart(given['projectRef'], 'presets.supabase.projectRef', projectRef);
  const issuer = `https://${project}.supabase.co/auth/v1`;
  return presetSecret(
    {
      jwk_url: `${issuer}/.well-known/jwks.json`,
      issuer,
      audience: optionalAudience(given['audience'] ?? 'authenticated', 'presets.supabase.audience'),
    },
    claimsOf(given['claims'], 'presets.supabase.claims'),
  );
}
export {
  AuthError,
  ConfigError,
  allowedOrigins,
  closeReason,
  createAuthenticator,
  createGate,
  createHookEndpoint,
  forbiddenCloseCode,
  isAuthError,
  lifetime2 as lifetime,
  optionsFromEnv,
  presentSession,
  presets_exports as presets,
  refuseByDefault,
  roleGuard,
};
