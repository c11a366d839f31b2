var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name2 in all) __defProp(target, name2, { get: all[name2], enumerable: true });
};

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
  'hook-busy': {
    code: 'unexpected',
    message: 'webhook authentication request failed',
    engineStatus: 500,
    status: 503,
    retryAfter: 1,
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
      'x-hasura-use-backend-only-permissions:  Not a valid boolean text. True values are ["true","t","yes","y"] and  False values are ["false","f","no","n"]. All values are case insensitive',
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
var defaultRealm = 'hasura';
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
  /** Response headers that belong to `status`: `WWW-Authenticate`, `Retry-After`, and a webhook's `Set-Cookie`. */
  headers;
  /** Whether the message may be shown to a client: for every status under 500. */
  expose;
  /** Which row of the error table this is. */
  kind;
  /**
   * The cause within the kind: `JWTExpired` where the message is `Could not verify JWT: JWTExpired`; where there is no such
   * word, the message. Holds no token, secret or claim's value, so that it may be logged.
   */
  reason;
  /** What GraphQL servers show beside the message. */
  extensions;
  constructor(kind, detail = {}) {
    const refusal = refusals[kind];
    super(
      refusal.message + (detail.detail ?? '') + (detail.quoted ?? ''),
      detail.cause === void 0 ? void 0 : { cause: detail.cause },
    );
    this.kind = kind;
    this.code = refusal.code;
    this.status = refusal.status;
    this.statusCode = refusal.status;
    this.engineStatus = refusal.engineStatus;
    this.expose = refusal.status < 500;
    this.reason = reasonOf(kind, refusal, detail);
    this.extensions = Object.freeze({ path: this.path, code: this.code });
    this.headers = Object.freeze(headersOf(refusal, detail, this.reason));
    Object.defineProperty(this, authErrorBrand, { value: detail });
  }
  /** One member of a GraphQL `errors` list, as the engine writes it. */
  toJSON() {
    return { extensions: { ...this.extensions }, message: this.message };
  }
};
function reasonOf(kind, { message }, { detail }) {
  if (kind === 'invalid-token' && detail !== void 0) return detail;
  return (message + (detail ?? '')).trimEnd();
}
var described = (reason) =>
  reason.replaceAll(/\\?"/g, "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
var quotedString = (text2) => `"${text2.replaceAll(/["\\]/g, '\\$&')}"`;
function bearerChallenge(bearer, realm2, reason) {
  const parts = [`realm=${quotedString(realm2)}`];
  if (bearer !== 'none') parts.push(`error="${bearer}"`);
  if (bearer === 'invalid_token') parts.push(`error_description="${described(reason)}"`);
  return `Bearer ${parts.join(', ')}`;
}
function challenge(refusal, { bearer = refusal.bearer, realm: realm2 = defaultRealm }, reason) {
  if (bearer !== void 0) return bearerChallenge(bearer, realm2, reason);
  return refusal.status === 401 ? 'HasuraAdminSecret' : void 0;
}
function headersOf(refusal, detail, reason) {
  const headers = {};
  const retryAfter = detail.retryAfter ?? refusal.retryAfter;
  const authenticate = retryAfter === void 0 ? challenge(refusal, detail, reason) : void 0;
  if (retryAfter !== void 0) headers['Retry-After'] = String(retryAfter);
  if (authenticate !== void 0) headers['WWW-Authenticate'] = authenticate;
  const { cookies = [] } = detail;
  if (cookies.length > 0) headers['Set-Cookie'] = [...cookies];
  return headers;
}
function reworded(error, change) {
  const detail = error[authErrorBrand];
  const { realm: realm2 = detail.realm, quoted = detail.quoted } = change;
  if (realm2 === detail.realm && (quoted ?? '') === (detail.quoted ?? '')) return error;
  return new AuthError(error.kind, {
    ...detail,
    ...(realm2 !== void 0 && { realm: realm2 }),
    ...(quoted !== void 0 && { quoted }),
  });
}
function isAuthError(error) {
  return typeof error === 'object' && error !== null && authErrorBrand in error;
}
var ConfigError = class _ConfigError extends Error {
  name = 'ConfigError';
  /** The path of the option, such as `jwtSecrets[1].claims_map`. */
  option;
  #problem;
  constructor(option, problem, shownAs = option) {
    super(`${shownAs}: ${problem}`);
    this.option = option;
    this.#problem = problem;
  }
  /** The same mistake, whose message names the option in another way, such as by its environment variable. */
  named(name2) {
    return name2 === this.option ? this : new _ConfigError(this.option, this.#problem, name2);
  }
};

// packages/core/src/json.ts
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function parseJson(text2) {
  return JSON.parse(text2.startsWith('\uFEFF') ? text2.slice(1) : text2);
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
function encountered(parser, expected, value) {
  return `parsing ${parser} failed, expected ${expected}, but encountered ${jsonType(value)}`;
}
function freezeMember(member, levels) {
  return typeof member !== 'object' || member === null || deepFreeze(member, levels - 1);
}
function deepFreeze(value, levels) {
  if (levels < 0) return false;
  if (Array.isArray(value)) {
    for (const member of value) if (!freezeMember(member, levels)) return false;
  } else for (const name2 in value) if (!freezeMember(value[name2], levels)) return false;
  Object.freeze(value);
  return true;
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
import { URL } from 'node:url';
import { distance } from 'fastest-levenshtein';
function nonEmptyString(value, option) {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigError(option, `expected a non-empty string, got ${kindOf(value)}`);
}
function stringList(value, option) {
  if (!Array.isArray(value) || value.length === 0)
    throw new ConfigError(option, `expected a list with at least one string, got ${kindOf(value)}`);
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
  throw new ConfigError(option, `expected true or false, got ${kindOf(value)}`);
}
function count(value, option, byDefault, { least = 0, endless = false } = {}) {
  if (value === void 0) return byDefault;
  if (typeof value === 'number' && value >= least) {
    if (Number.isSafeInteger(value) || (endless && value === Infinity)) return value;
  }
  throw new ConfigError(
    option,
    `expected a whole number of at least ${String(least)}${endless ? ' or Infinity' : ''}, got ${kindOf(value)}`,
  );
}
function duration(value, option) {
  if (value === void 0) return 0;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new ConfigError(option, `expected a finite number of at least 0, got ${kindOf(value)}`);
}
function functionOr(value, option, byDefault) {
  if (value === void 0) return byDefault;
  if (typeof value === 'function') return value;
  throw new ConfigError(option, `expected a function, got ${kindOf(value)}`);
}
function httpUrl(value, option) {
  const text2 = nonEmptyString(value, option);
  const url = URL.canParse(text2) ? new URL(text2) : void 0;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text2;
  throw new ConfigError(option, 'expected an address that begins with http:// or https://');
}
var loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
function isPlainHttpElsewhere(url) {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !loopback.test(hostname);
}
function nearestName(unknown, known, farthest = Math.max(1, Math.floor(unknown.length / 3))) {
  const lower = unknown.toLowerCase();
  return known
    .map((name2) => ({ name: name2, far: distance(lower, name2.toLowerCase()) }))
    .filter(({ far }) => far <= farthest)
    .sort((a, b) => a.far - b.far)[0]?.name;
}
function kindOf(value) {
  if (value === void 0) return 'undefined';
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}
function misspelt(member, nearest) {
  return `${JSON.stringify(member)} is unknown; did you mean ${nearest}?`;
}
function recordOf(value, known, option) {
  if (!isRecord(value)) throw new ConfigError(option, `expected an object, got ${kindOf(value)}`);
  for (const member of Object.keys(value)) {
    if (known.includes(member)) continue;
    const nearest = nearestName(member, known);
    throw new ConfigError(
      option,
      nearest === void 0
        ? `${JSON.stringify(member)} is unknown; known are ${known.join(', ')}`
        : misspelt(member, nearest),
    );
  }
  return value;
}
function checkPastedMembers(object, known, { option, warn }) {
  for (const member of Object.keys(object)) {
    if (known.includes(member)) continue;
    const nearest = nearestName(member, known);
    if (nearest !== void 0) throw new ConfigError(option, misspelt(member, nearest));
    warn(option, `the member ${JSON.stringify(member)} is unknown and has no effect`);
  }
}
function withoutNulls(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
function isPlaceholder(text2) {
  const bare = text2.trim().replace(/^(["'])([^]*)\1$/, '$2');
  return /^(?:\$\w+|\$\{\w+(?:[^{}]|\$\{[^{}]*\})*\}|\$\([^()]*\)|\$?\{\{[^]*\}\})$/.test(bare);
}
function objectOrJson(value, option) {
  const object = typeof value === 'string' ? fromJson(value, option) : value;
  if (isRecord(object)) return withoutNulls(object);
  throw new ConfigError(option, `expected an object or its JSON text, got ${kindOf(object)}`);
}
function fromJson(text2, option) {
  try {
    return parseJson(text2);
  } catch {
    throw new ConfigError(
      option,
      isPlaceholder(text2)
        ? 'expected a JSON object, got a placeholder that was not filled in'
        : 'expected a JSON object, and this text is not valid JSON; check its quotes and that line breaks in it are written \\n',
    );
  }
}

// packages/core/src/config/env.ts
var prefix = 'HASURA_GRAPHQL_';
var variableNames = [
  'ADMIN_SECRET',
  'ACCESS_KEY',
  'ADMIN_SECRETS',
  'DISABLE_ADMIN_SECRET',
  'JWT_SECRET',
  'JWT_SECRETS',
  'AUTH_HOOK',
  'AUTH_HOOK_MODE',
  'AUTH_HOOK_SEND_REQUEST_BODY',
  'UNAUTHORIZED_ROLE',
];
var variableOfOption = /* @__PURE__ */ new Map([
  ['adminSecret', 'ADMIN_SECRET'],
  ['adminSecrets', 'ADMIN_SECRETS'],
  ['jwtSecret', 'JWT_SECRET'],
  ['jwtSecrets', 'JWT_SECRETS'],
  ['authHook', 'AUTH_HOOK'],
  ['unauthorizedRole', 'UNAUTHORIZED_ROLE'],
]);
var readings = /* @__PURE__ */ Symbol.for('@hasura-auth/options-from-env');
function readingsOf(options) {
  return options[readings];
}
function warnOfEnvironment(options, warn) {
  for (const [variable, problem] of readingsOf(options)?.warnings ?? []) warn(variable, problem);
}
function optionNames(options) {
  const read = readingsOf(options)?.options;
  if (read === void 0) return (path2) => path2;
  return (path2) => {
    const option = path2.replace(/[.[][^]*/, '');
    const value = options[option];
    const source = read.get(option);
    const usual = variableOfOption.get(option);
    const rest = option === 'authHook' ? '' : path2.slice(option.length);
    if (source !== void 0 && source.value === value) return source.variable + rest;
    return value === void 0 && usual !== void 0 ? prefix + usual + rest : path2;
  };
}
function text(env, name2) {
  const value = env[prefix + name2];
  if (value === void 0 || value === null) return void 0;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new ConfigError(prefix + name2, `expected text, got ${kindOf(value)}`);
}
function optional(env, name2) {
  return text(env, name2) || void 0;
}
function checkNotEmpty(value, name2) {
  if (value.trim() !== '') return value;
  throw new ConfigError(prefix + name2, 'it is empty; give it a value, or remove the variable');
}
function secret(env, name2) {
  const value = text(env, name2);
  return value === void 0 ? void 0 : checkNotEmpty(value, name2);
}
function jsonObject(env, name2) {
  const value = env[prefix + name2];
  return isRecord(value) ? value : secret(env, name2);
}
function jsonList(env, name2) {
  const given = env[prefix + name2];
  const value = Array.isArray(given) ? given : parsedList(secret(env, name2), name2);
  if (value === void 0 || value.length > 0) return value;
  throw new ConfigError(prefix + name2, 'expected a JSON array with at least one item');
}
function parsedList(json2, name2) {
  if (json2 === void 0) return void 0;
  try {
    const value = parseJson(json2);
    if (Array.isArray(value)) return value;
  } catch {}
  throw new ConfigError(
    prefix + name2,
    `expected a JSON array with at least one item${isPlaceholder(json2) ? ', got a placeholder that was not filled in' : ''}`,
  );
}
var trueTexts = ['true', 't', 'yes', 'y', '1'];
var falseTexts = ['false', 'f', 'no', 'n', '0'];
function flag2(env, name2) {
  const value = optional(env, name2)?.toLowerCase();
  if (value === void 0) return void 0;
  if (trueTexts.includes(value)) return true;
  if (falseTexts.includes(value)) return false;
  throw new ConfigError(prefix + name2, 'expected true or false');
}
function hookFrom(env) {
  const url = optional(env, 'AUTH_HOOK');
  const mode = optional(env, 'AUTH_HOOK_MODE')?.toUpperCase();
  const sendRequestBody = flag2(env, 'AUTH_HOOK_SEND_REQUEST_BODY');
  if (mode !== void 0 && mode !== 'GET' && mode !== 'POST')
    throw new ConfigError(`${prefix}AUTH_HOOK_MODE`, 'expected GET or POST');
  if (url === void 0) return void 0;
  return { url, ...(mode && { mode }), ...(sendRequestBody !== void 0 && { sendRequestBody }) };
}
function adminSecretsFrom(env) {
  if (flag2(env, 'DISABLE_ADMIN_SECRET')) return { adminSecret: ['DISABLE_ADMIN_SECRET', false] };
  const accessKey = secret(env, 'ACCESS_KEY');
  const adminSecret2 = secret(env, 'ADMIN_SECRET');
  return {
    adminSecret:
      adminSecret2 === void 0 ? ['ACCESS_KEY', accessKey] : ['ADMIN_SECRET', adminSecret2],
    adminSecrets: ['ADMIN_SECRETS', jsonList(env, 'ADMIN_SECRETS')],
  };
}
var isPresent = (value) => value !== void 0 && value !== null && value !== '';
var farthestPrefix = 3;
function meantVariable(name2) {
  const upper = name2.toUpperCase();
  const nearest = upper.startsWith(prefix)
    ? nearestName(upper.slice(prefix.length), variableNames)
    : nearestName(
        upper,
        variableNames.map((known) => prefix + known),
        farthestPrefix,
      )?.slice(prefix.length);
  return nearest === void 0 ? void 0 : prefix + nearest;
}
function questionable(env) {
  const warnings = [];
  if (flag2(env, 'DISABLE_ADMIN_SECRET')) {
    for (const name2 of ['ADMIN_SECRET', 'ACCESS_KEY', 'ADMIN_SECRETS'])
      if (isPresent(env[prefix + name2]))
        warnings.push([
          `${prefix}DISABLE_ADMIN_SECRET`,
          `it is true, so ${prefix}${name2} has no effect; remove one of them`,
        ]);
  }
  for (const name2 of Object.keys(env)) {
    const known = variableNames.some((variable) => name2 === prefix + variable);
    const meant = known || !isPresent(env[name2]) ? void 0 : meantVariable(name2);
    if (meant !== void 0 && !(name2.toUpperCase() === meant && isPresent(env[meant])))
      warnings.push([name2, `this variable is unknown; did you mean ${meant}?`]);
  }
  return warnings;
}
function optionsFromEnv(env = process.env) {
  if (!isRecord(env))
    throw new ConfigError('env', `expected an object of environment variables, got ${kindOf(env)}`);
  const read = {
    ...adminSecretsFrom(env),
    jwtSecret: ['JWT_SECRET', jsonObject(env, 'JWT_SECRET')],
    jwtSecrets: ['JWT_SECRETS', jsonList(env, 'JWT_SECRETS')],
    authHook: ['AUTH_HOOK', hookFrom(env)],
    unauthorizedRole: ['UNAUTHORIZED_ROLE', optional(env, 'UNAUTHORIZED_ROLE')],
  };
  const present = Object.entries(read).filter(([, [, value]]) => value !== void 0);
  const known = {
    options: new Map(
      present.map(([option, [name2, value]]) => [option, { variable: prefix + name2, value }]),
    ),
    warnings: questionable(env),
  };
  const options = Object.fromEntries(present.map(([option, [, value]]) => [option, value]));
  return Object.assign(options, { [readings]: known });
}

// packages/core/src/keys/public-key.ts
var goodRsaBits = 2048;
var leastRsaBits = 1024;
var mostRsaBits = 16384;
var mostExponent = 2n ** 256n;
var mostSpkiBytes = 4400;
var curves = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};
function modulusBits(key) {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}
function rsaFacts(key) {
  if (key.export({ format: 'der', type: 'spki' }).length > mostSpkiBytes) return 'malformed';
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails;
  const isGood =
    modulusLength <= mostRsaBits &&
    publicExponent >= 3n &&
    publicExponent % 2n === 1n &&
    publicExponent < mostExponent;
  return isGood ? { family: 'rsa', rsaBits: modulusLength } : 'malformed';
}
function publicKeyFacts(key) {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsaFacts(key);
    case 'ed25519':
      return { family: 'ed25519' };
    case 'ec': {
      const family = curves[String(key.asymmetricKeyDetails?.namedCurve)];
      return family === void 0 ? 'kind' : { family };
    }
    default:
      return 'kind';
  }
}

// packages/core/src/runtime.ts
var longestTimerMs = 2147483647;
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
function warnProcess(message) {
  const { emitWarning } = process;
  emitWarning?.call(process, message, 'HasuraAuthWarning');
}
var processWarnings = { warn: warnProcess, error: warnProcess };
function unreferenced(run, ms) {
  const timer = globalThis.setTimeout(run, ms);
  if (typeof timer === 'object') timer.unref?.();
  return timer;
}
function guarded(logger) {
  const write = (level, message) => {
    try {
      const written = logger[level](message);
      if (isRecord(written)) Promise.resolve(written).catch(() => void 0);
    } catch {}
  };
  return {
    warn: (message) => {
      write('warn', message);
    },
    error: (message) => {
      write('error', message);
    },
  };
}
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
  const { now, setTimeout } = recordOf(options.runtime ?? {}, ['now', 'setTimeout'], 'runtime');
  return {
    logger: guarded(logger),
    fetch: functionOr(options.fetch, 'fetch', (url, init) => globalThis.fetch(url, init)),
    now: now === void 0 ? () => Date.now() : finite(functionOr(now, 'runtime.now', now)),
    setTimeout: functionOr(setTimeout, 'runtime.setTimeout', unreferenced),
  };
}

// packages/core/src/maybe-promise.ts
function isPromise(value) {
  const then = value?.then;
  return typeof then === 'function';
}
function andThen(value, next) {
  return isPromise(value) ? value.then(next) : next(value);
}

// packages/core/src/error-response.ts
var errorResponseStyles = ['http', 'engine', 'graphql', 'metadata', 'problem', 'forward'];

// packages/core/src/webhook/options.ts
import { URL as URL2 } from 'node:url';
var aboutTheTransfer = [
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
var notForwarded = /* @__PURE__ */ new Set([...aboutTheTransfer, ...hopByHop]);
function isForwarded(lowerCaseName) {
  return !notForwarded.has(lowerCaseName);
}
var members = ['url', 'mode', 'sendRequestBody', 'timeoutMs', 'maxConcurrent', 'cache'];
var cacheMembers = ['headers', 'maxEntries'];
function parseCache(value, mode, option) {
  if (value === void 0) return void 0;
  const cache = recordOf(value, cacheMembers, option);
  const listed = stringList(cache['headers'], `${option}.headers`);
  const headers = listed.map((name2) => name2.toLowerCase());
  const unsent = mode === 'GET' ? headers.findIndex((name2) => !isForwarded(name2)) : -1;
  if (unsent !== -1)
    throw new ConfigError(
      `${option}.headers[${String(unsent)}]`,
      'a GET hook is never sent this header, so it cannot decide; leave it out, or use mode: "POST"',
    );
  return {
    headers,
    maxEntries: count(cache['maxEntries'], `${option}.maxEntries`, 1e3, { least: 1 }),
  };
}
function hookUrl(value, option, warn) {
  const url = httpUrl(value, option);
  const { username, password } = new URL2(url);
  if (username !== '' || password !== '')
    throw new ConfigError(
      option,
      'expected a URL without a user name and password; let the network, or a secret in its path, protect the hook',
    );
  if (isPlainHttpElsewhere(url))
    warn(
      option,
      'an attacker on the network can read the credentials of clients, and respond in place of a hook that is called over plain http; use https',
    );
  return url;
}
function parseHook(value, option, warn) {
  const hook = recordOf(typeof value === 'string' ? { url: value } : value, members, option);
  const mode = oneOf(hook['mode'], ['GET', 'POST'], `${option}.mode`, 'GET');
  const atLeastOne = { least: 1 };
  return {
    url: hookUrl(hook['url'], `${option}.url`, warn),
    mode,
    sendRequestBody: flag(hook['sendRequestBody'], `${option}.sendRequestBody`, true),
    timeoutMs: count(hook['timeoutMs'], `${option}.timeoutMs`, 1e4, atLeastOne),
    maxConcurrent: count(hook['maxConcurrent'], `${option}.maxConcurrent`, 1e3, atLeastOne),
    cache: parseCache(hook['cache'], mode, `${option}.cache`),
  };
}

// packages/core/src/session-variables.ts
var prefix2 = 'x-hasura-';
var secretVariables = /* @__PURE__ */ new Set(['x-hasura-admin-secret', 'x-hasura-access-key']);
function isSessionVariable(lowerCaseName) {
  return lowerCaseName.startsWith(prefix2);
}
function isSecretVariable(lowerCaseName) {
  return secretVariables.has(lowerCaseName);
}
function gatherVariables(entries) {
  const gathered = {};
  for (const [anyCase, value] of entries) {
    const name2 = anyCase.toLowerCase();
    if (isSessionVariable(name2) && !isSecretVariable(name2)) gathered[name2] = value;
  }
  return gathered;
}
function variablesFor(role, gathered) {
  gathered['x-hasura-role'] = role;
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
  const json2 = single
    ? body.replace(/\\([^])|"/g, (all, escaped) =>
        all === '"' ? '\\"' : escaped === "'" ? "'" : all,
      )
    : body;
  try {
    return JSON.parse(`"${json2}"`);
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
  const path2 = [];
  while (at < text2.length) {
    const step = stepAt(text2, at);
    if (step === void 0) return void 0;
    path2.push(step.member);
    at = step.end;
  }
  return path2.length === 0 ? void 0 : path2;
}
var plainName = /^[\p{L}_][\p{L}0-9_-]*$/u;
function showJsonPath(path2) {
  const steps = path2.map((member) => {
    if (typeof member === 'number') return `[${String(member)}]`;
    return plainName.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`;
  });
  return `$${steps.join('')}`;
}
function readJsonPath(root, path2) {
  let value = root;
  for (const member of path2) {
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
function parseNamespace(secret2, option) {
  const { claims_namespace, claims_namespace_path, claims_format } = secret2;
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
  if (claims_namespace_path !== void 0) {
    const path2 = pathOption(claims_namespace_path, `${option}.claims_namespace_path`);
    return { kind: 'path', format, path: path2, text: showJsonPath(path2) };
  }
  const namespace = nonEmptyString(
    claims_namespace ?? 'https://hasura.io/jwt/claims',
    `${option}.claims_namespace`,
  );
  return { kind: 'namespace', format, namespace };
}
function parseClaimsSource(secret2, option, warn) {
  const source = parseNamespace(secret2, option);
  const { claims_map } = secret2;
  if (claims_map === void 0) return source;
  for (const idle of ['claims_namespace', 'claims_namespace_path', 'claims_format'])
    if (secret2[idle] !== void 0)
      warn(`${option}.${idle}`, 'it has no effect beside claims_map; remove it');
  return parseClaimsMap(claims_map, `${option}.claims_map`, warn);
}
function pathOption(value, option) {
  const path2 = parseJsonPath(nonEmptyString(value, option));
  if (path2 !== void 0) return path2;
  throw new ConfigError(
    option,
    'expected a JSON path of names, quoted names and indexes, such as $.hasura.claims, $["https://a.example/claims"] or $.roles[0]',
  );
}
function parseClaimsMap(map, option, warn) {
  if (!isRecord(map))
    throw new ConfigError(option, `expected an object of session variables, got ${kindOf(map)}`);
  const claims = /* @__PURE__ */ new Map();
  for (const [anyCase, entry] of Object.entries(withoutNulls(map))) {
    const name2 = anyCase.toLowerCase();
    const member = `${option}[${JSON.stringify(anyCase)}]`;
    if (!isSessionVariable(name2))
      throw new ConfigError(member, 'expected a name that begins with x-hasura-');
    if (claims.has(name2))
      throw new ConfigError(option, 'two names are the same in lower case; keep one of them');
    claims.set(name2, parseMappedClaim(name2, entry, { option: member, warn }));
  }
  return {
    kind: 'map',
    allowedRoles: takeClaim(claims, allowedRolesClaim, option),
    defaultRole: takeClaim(claims, defaultRoleClaim, option),
    others: [...claims.values()],
  };
}
function takeClaim(claims, name2, option) {
  const claim = claims.get(name2);
  if (claim === void 0)
    throw new ConfigError(
      option,
      `${name2} is missing; add it as a literal or as {"path": \u2026}`,
    );
  claims.delete(name2);
  return claim;
}
function parseMappedClaim(name2, entry, { option, warn }) {
  if (!isRecord(entry))
    return { kind: 'literal', name: name2, value: literal(name2, entry, option) };
  const members2 = withoutNulls(entry);
  checkPastedMembers(members2, ['path', 'default'], { option, warn });
  const path2 = pathOption(members2['path'], `${option}.path`);
  const byDefault =
    members2['default'] === void 0
      ? void 0
      : literal(name2, members2['default'], `${option}.default`);
  return { kind: 'path', name: name2, path: path2, byDefault };
}
function literal(name2, value, option) {
  if (name2 === allowedRolesClaim) return stringList(value, option);
  if (name2 === defaultRoleClaim) return nonEmptyString(value, option);
  if (typeof value === 'string') return value;
  throw new ConfigError(option, `expected a string, got ${kindOf(value)}`);
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
function refusePayload(problem, claim = '') {
  return refuseToken(
    `JWTClaimsSetDecodeError ${JSON.stringify(`Error in $${claim && `.${claim}`}: ${problem}`)}`,
  );
}
function refuseJws(problem) {
  return refuseToken(`JWSError (JSONDecodeError ${JSON.stringify(problem)})`);
}
function decodeBase64url(text2) {
  const bytes = Buffer.from(text2, 'base64url');
  if (!isStrictBase64url(text2, bytes.length)) throw refuseJws('Not valid base64url');
  return bytes;
}
var scratch = Buffer.alloc((longestToken / 4) * 3);
var replacement = '\uFFFD';
function decodeText(part) {
  const length = scratch.write(part, 'base64url');
  if (!isStrictBase64url(part, length)) throw refuseJws('Not valid base64url');
  const text2 = scratch.toString('utf8', 0, length);
  return text2.includes(replacement) && !isUtf8(scratch.subarray(0, length)) ? void 0 : text2;
}
function parseJson2(text2) {
  try {
    return text2 === void 0 ? void 0 : JSON.parse(text2);
  } catch {
    return void 0;
  }
}
var reservedNames = /* @__PURE__ */ new Set([
  ...['alg', 'jku', 'jwk', 'kid', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'typ', 'cty', 'crit'],
]);
function refuseCritical(crit) {
  if (!Array.isArray(crit)) return refuseJws(encountered('NonEmpty', 'Array', crit));
  const [first] = crit;
  if (first === void 0) return refuseJws('parsing NonEmpty failed, unexpected empty list');
  if (typeof first !== 'string') return refuseJws(encountered('Text', 'String', first));
  return refuseJws(
    reservedNames.has(first) ? 'crit key is reserved' : 'crit key is not understood',
  );
}
function decodeHeader(part) {
  const header = parseJson2(decodeText(part));
  if (!isRecord(header)) throw refuseJws('protected header contains invalid JSON');
  const { alg, kid } = header;
  if (!Object.hasOwn(header, 'alg')) throw refuseJws('missing required header "alg"');
  if (typeof alg !== 'string' || (alg !== 'none' && !isAlgorithm(alg)))
    throw refuseJws(`unrecognised value; expected: ${JSON.stringify(Object.keys(algorithms))}`);
  if (kid !== void 0 && typeof kid !== 'string')
    throw refuseJws(encountered('Text', 'String', kid));
  if ('crit' in header) throw refuseCritical(header['crit']);
  if ('b64' in header && header['b64'] !== true) throw refuseCritical(['b64']);
  return { alg, kid };
}
function notUtf8(token2) {
  const at = token2.split('.').findIndex((part) => part.includes(replacement));
  return refuseToken(
    `JWSError (CompactDecodeError Invalid text: Invalid text at part ${String(at)}: not UTF-8)`,
  );
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
  decode(token2) {
    if (token2.length > longestToken)
      throw refuseToken('JWSError (CompactDecodeError Invalid text: too long)');
    const first = token2.indexOf('.');
    const last = token2.lastIndexOf('.');
    if (first === last || token2.indexOf('.', first + 1) !== last)
      throw wrongNumberOfParts(token2.split('.').length);
    if (token2.includes(replacement)) throw notUtf8(token2);
    const payload = decodeText(token2.slice(first + 1, last));
    const header = this.#readHeader(token2.slice(0, first));
    const signature = decodeBase64url(token2.slice(last + 1));
    const unverifiedPayload = parseJson2(payload);
    if (unverifiedPayload === void 0) throw refusePayload('not a JSON text');
    if (!isRecord(unverifiedPayload))
      throw refusePayload(encountered('JWT Claims Set', 'Object', unverifiedPayload));
    return {
      token: token2,
      header,
      unverifiedPayload,
      signingInput: token2.slice(0, last),
      signature,
    };
  }
  /** Remembers the header of a verified token; a header that anybody may send is never kept. */
  remember({ token: token2, header }) {
    if (header === this.#lastKnown) return;
    const headerPart = token2.slice(0, token2.indexOf('.'));
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
function numericDate(payload, claim) {
  const value = payload[claim];
  if (value === void 0) return void 0;
  if (typeof value !== 'number')
    throw refusePayload(encountered('NumericDate', 'Number', value), claim);
  if (Number.isFinite(value)) return value * 1e3;
  throw refusePayload('parsing NumericDate failed, expected a finite Number', claim);
}
var some = (more) => `(?:[A-Za-z0-9._~!$&'()*+,;=${more}-]|%[0-9A-Fa-f]{2})*`;
var authority = `(?:${some(':')}@)?(?:\\[(?:v[0-9A-Fa-f]+\\.[\\w.~!$&'()*+,;=:-]+|[0-9A-Fa-f:.]+)\\]|${some('')})(?::[0-9]*)?`;
var path = some(':@/');
var uri = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?://${authority}(?:/${path})?|(?!//)${path})(?:\\?${some(':@/?')})?(?:#${some(':@/?')})?$`,
);
function stringOrUri(value, claim) {
  if (typeof value !== 'string')
    throw refusePayload(encountered('StringOrURI', 'String', value), claim);
  if (value.includes(':') && !uri.test(value))
    throw refusePayload('failed to parse StringOrURI', claim);
  return value;
}
function checkAudience(aud) {
  if (aud === void 0) return;
  const isText = (item) => typeof item === 'string' && (!item.includes(':') || uri.test(item));
  if (!Array.isArray(aud) || !aud.every(isText)) stringOrUri(aud, 'aud');
}
function namesAudience(aud, audiences) {
  return typeof aud === 'string'
    ? audiences.has(aud)
    : aud.some((audience) => audiences.has(audience));
}
function isAbsent(value) {
  return value === void 0 || value === null;
}
function checkRequired(payload, { requiredClaims }) {
  for (const claim of requiredClaims) {
    const value = payload[claim];
    const namesNone = Array.isArray(value) && value.length === 0;
    if (!isAbsent(value) && !namesNone) continue;
    if (claim === 'iss') throw refuseToken('JWTNotInIssuer');
    if (claim === 'aud') throw refuseToken('JWTNotInAudience');
    throw refuseToken(`JWTMissingClaim "${claim}"`);
  }
}
var mostLevels = 100;
function frozenClaims(payload) {
  if (!deepFreeze(payload, mostLevels))
    throw refusePayload(`lists and objects are nested deeper than ${String(mostLevels)}`);
  return payload;
}
function checkRegisteredClaims(payload, config, now) {
  const { iss, sub, aud, jti } = payload;
  if (iss !== void 0) stringOrUri(iss, 'iss');
  if (!isAbsent(sub)) stringOrUri(sub, 'sub');
  checkAudience(aud);
  const exp = numericDate(payload, 'exp');
  const nbf = numericDate(payload, 'nbf');
  const iat = numericDate(payload, 'iat');
  if (!isAbsent(jti) && typeof jti !== 'string')
    throw refusePayload(encountered('Text', 'String', jti), 'jti');
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

// packages/core/src/jwt/token-location.ts
import { parseCookie } from 'cookie';
var httpToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
var takenHeaders = ['x-hasura-admin-secret', 'x-hasura-access-key', 'x-hasura-role', 'cookie'];
function locationName(header, option) {
  const name2 = nonEmptyString(header['name'], `${option}.name`);
  if (httpToken.test(name2)) return name2;
  throw new ConfigError(`${option}.name`, 'expected a name without blanks and separators');
}
function parseTokenLocation(value, option, warn) {
  if (value === void 0) return { kind: 'authorization' };
  const header = objectOrJson(value, option);
  checkPastedMembers(header, ['type', 'name'], { option, warn });
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
var plainBearer = 'Bearer ';
var bearerScheme = /^[ \t]*bearer(?:[ \t]|$)/i;
var bearerAndToken = /^[ \t]*bearer[ \t]+([^ \t]+)[ \t]*$/i;
function bearerToken(request2) {
  const header = request2.header('authorization');
  if (header === void 0) return void 0;
  if (header.startsWith(plainBearer)) {
    const token3 = header.slice(plainBearer.length);
    if (!token3.includes(' ') && !token3.includes('	')) return token3;
  }
  const token2 = bearerAndToken.exec(header)?.[1];
  return token2 ?? (bearerScheme.test(header) ? '' : void 0);
}
function unquoted(value) {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}
function cookieToken(request2, name2) {
  const values = (request2.header('cookie') ?? '')
    .split(';')
    .filter((pair) => pair.includes(name2))
    .map((pair) => parseCookie(pair, { decode: unquoted })[name2])
    .filter((value) => value !== void 0 && value !== '');
  if (values.length > 1) throw new AuthError('ambiguous-token');
  return values[0];
}
function tokenAt(location, request2) {
  switch (location.kind) {
    case 'authorization':
      return bearerToken(request2);
    case 'cookie':
      return cookieToken(request2, location.name);
    case 'header':
      return request2.header(location.name) || void 0;
  }
}
function findTokens(locations, request2) {
  const found = [];
  let malformed = false;
  for (const at of locations) {
    const token2 = tokenAt(at.location, request2);
    if (token2 === '') malformed = true;
    else if (token2 !== void 0) found.push({ token: token2, at });
  }
  if (malformed && found.length === 0) throw new AuthError('malformed-authorization');
  return found;
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
      return findTokens(locations, request2).map(({ token: token2 }) => token2);
    } catch {
      return [];
    }
  };
}

// packages/core/src/keys/jwk-set.ts
import { setImmediate as nextTurn } from 'node:timers/promises';
import { URL as URL3 } from 'node:url';

// packages/core/src/keys/jwk.ts
import { createPublicKey as createPublicKey2 } from 'node:crypto';

// packages/core/src/keys/der.ts
import { createPublicKey, X509Certificate } from 'node:crypto';
var tags = { integer: 2, bitString: 3, octetString: 4, sequence: 48 };
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
  if (element.tag !== tags.sequence)
    throw new Error('the DER has no sequence where one is required');
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
function certificateKey(der) {
  const certificate = new X509Certificate(der);
  return { key: certificate.publicKey, notAfter: Date.parse(certificate.validTo) };
}
function memberTags(der, { contentStart, end }, most) {
  const found = [];
  for (let at = contentStart; at < end && found.length < most;) {
    const member = elementAt(der, at, end);
    found.push(member.tag);
    at = member.end;
  }
  return found;
}
var openSshPrivate = Buffer.from('openssh-key-v1\0', 'latin1');
function derKind(der) {
  if (der.subarray(0, openSshPrivate.length).equals(openSshPrivate)) return 'private';
  let outer;
  let members2;
  try {
    outer = sequenceAt(der, 0, der.length);
    members2 = memberTags(der, outer, 3);
  } catch {
    return void 0;
  }
  const [first, second, third] = members2;
  if (first === tags.integer && second !== void 0)
    return second === tags.integer && third === void 0 && outer.end === der.length
      ? 'pkcs1'
      : 'private';
  if (first !== tags.sequence) return void 0;
  if (second === tags.octetString) return 'private';
  if (second === tags.sequence && third === tags.bitString) return 'certificate or request';
  return second === tags.bitString && third === void 0 && outer.end === der.length
    ? 'spki'
    : void 0;
}
function readDer(der, kind) {
  switch (kind) {
    case 'spki':
    case 'pkcs1':
      return { key: createPublicKey({ key: der, format: 'der', type: kind }) };
    case 'certificate or request':
      try {
        return certificateKey(der);
      } catch {
        return { key: certificateRequestKey(der) };
      }
  }
}

// packages/core/src/keys/pem.ts
var PrivateKeyError = class extends Error {
  name = 'PrivateKeyError';
  constructor() {
    super('it is a private key; only the public key belongs here');
  }
};
var block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;
var privateBegin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
var publicLabels = /* @__PURE__ */ new Set([
  'PUBLIC KEY',
  'RSA PUBLIC KEY',
  'CERTIFICATE',
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
]);
var mostImports = 4;
function looksLikePem(text2) {
  return text2.includes('-----BEGIN');
}
function tryToRead(der, kind) {
  try {
    return readDer(der, kind);
  } catch {
    return void 0;
  }
}
function readPem(text2) {
  const lines = text2.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  let found;
  let firstLabel;
  let imports = 0;
  for (const match of lines.matchAll(block)) {
    const [, label2, body] = match;
    firstLabel ??= label2;
    const der = Buffer.from(body, 'base64');
    const kind = derKind(der);
    if (kind === 'private' || (kind === void 0 && label2.includes('PRIVATE')))
      throw new PrivateKeyError();
    if (kind === void 0 || label2.includes('PARAMETERS') || found !== void 0) continue;
    if (imports < mostImports) found = tryToRead(der, kind);
    imports += 1;
  }
  if (privateBegin.test(lines.replace(block, ''))) throw new PrivateKeyError();
  if (found !== void 0) return found;
  if (firstLabel === void 0)
    throw new Error(
      'it is no PEM text (-----BEGIN \u2026 with its line breaks, base64, -----END \u2026)',
    );
  throw new Error(
    publicLabels.has(firstLabel)
      ? `the PEM text says ${firstLabel}, but what it holds is damaged or of another kind`
      : 'the PEM text holds no public key that can be used',
  );
}
function isPublicKeyInBase64(text2) {
  const compact = text2.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return false;
  const bytes = Buffer.from(compact, 'base64');
  const kind = derKind(bytes);
  if (kind === 'private') return false;
  if (kind !== void 0) return tryToRead(bytes, kind) !== void 0;
  const decoded2 = bytes.toString('latin1');
  return looksLikePem(decoded2) || looksLikeJwk(decoded2);
}
function looksLikeJwk(text2) {
  return /^\s*\{[^]*"kty"/.test(text2);
}

// packages/core/src/keys/jwk.ts
var isAbsent2 = (value) => value === void 0 || value === null;
var curves2 = /* @__PURE__ */ new Map([
  ['P-256', 'p256'],
  ['P-384', 'p384'],
  ['P-521', 'p521'],
]);
function familyOf({ kty, crv }) {
  switch (kty) {
    case 'RSA':
      return 'rsa';
    case 'EC':
      return curves2.get(crv);
    case 'OKP':
      return crv === 'Ed25519' ? 'ed25519' : void 0;
    default:
      return void 0;
  }
}
var privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
var longest = { n: 4096, e: 64, x: 128, y: 128 };
function keyMembers(jwk) {
  const members2 = {};
  for (const name2 of ['kty', 'crv', 'n', 'e', 'x', 'y']) {
    const value = jwk[name2];
    if (isAbsent2(value)) continue;
    const most = name2 === 'kty' || name2 === 'crv' ? 100 : longest[name2];
    if (typeof value !== 'string' || value.length > most) return void 0;
    members2[name2] = value;
  }
  return members2;
}
function readJwk(jwk) {
  if (!isRecord(jwk)) return 'malformed';
  const { kty, kid, alg, use, key_ops } = jwk;
  if (kty === 'oct') return 'symmetric';
  const family = familyOf(jwk);
  if (family === void 0) return 'kind';
  if (!isAbsent2(use) && use !== 'sig') return 'use';
  if (!isAbsent2(key_ops) && !(Array.isArray(key_ops) && key_ops.includes('verify')))
    return 'operations';
  if (privateMembers.some((name2) => !isAbsent2(jwk[name2]))) return 'private';
  if (!isAbsent2(kid) && typeof kid !== 'string') return 'malformed';
  if (!isAbsent2(alg)) {
    if (typeof alg !== 'string' || !isAlgorithm(alg) || algorithms[alg].family !== family)
      return 'algorithm';
  }
  const key = keyMembers(jwk);
  if (key === void 0) return 'malformed';
  return {
    kid: kid ?? void 0,
    alg: alg ?? void 0,
    content: JSON.stringify([kid ?? null, alg ?? null, key]),
    // Node reads these members as base64url and as plain base64, with or without leading zero bytes.
    load: () => createPublicKey2({ key, format: 'jwk' }),
  };
}
var longestPem = 65536;
function readCertificate(kid, text2) {
  if (typeof text2 !== 'string' || text2.length > longestPem) return 'malformed';
  const content = JSON.stringify([kid, text2]);
  return { kid, alg: void 0, content, load: () => readPem(text2).key };
}
function importKey({ kid, alg, content, load }, { minRsaBits, match }) {
  let key;
  try {
    key = load();
  } catch (error) {
    return error instanceof PrivateKeyError ? 'private' : 'malformed';
  }
  const facts = publicKeyFacts(key);
  if (typeof facts === 'string') return facts;
  const { family, rsaBits = Infinity } = facts;
  if (rsaBits < minRsaBits) return 'short';
  const bound = match === 'kid' && alg !== void 0 ? { alg } : {};
  return {
    kid,
    content,
    isWeak: rsaBits < goodRsaBits,
    key: { family, key, secretBytes: 0, ...bound },
  };
}

// packages/core/src/keys/jwk-set.ts
var mostKeys = 100;
var mostImports2 = 200;
var importsPerTurn = 8;
var entriesPerTurn = 2e3;
var remarkTexts = {
  malformed: 'malformed, ignored',
  kind: 'of a kind that no supported algorithm uses, ignored',
  use: 'not for signatures by its "use", ignored',
  operations: 'not for verifying by its "key_ops", ignored',
  symmetric: 'a symmetric secret, which is none once it is published, ignored',
  private: 'published with its private part, so that anybody could sign with it, ignored',
  algorithm: 'with an "alg" that does not fit its "kty" and "crv", ignored',
  short: 'an RSA key shorter than minRsaBits allows, ignored',
  weak: `an RSA key under ${String(goodRsaBits)} bits, used although that is not safe`,
  surplus: `beyond the first ${String(mostKeys)} that are used, ignored`,
  untried: `beyond the first ${String(mostImports2)} that are tried, ignored`,
};
var mostKids = 5;
function shownAddress(address) {
  if (!URL3.canParse(address)) return void 0;
  const { protocol, origin, pathname } = new URL3(address);
  return /^https?:$/.test(protocol) ? (origin + pathname).slice(0, 200) : void 0;
}
function otherJson(json2) {
  if (!isRecord(json2) || typeof json2['jwks_uri'] !== 'string')
    return new Error('the response is JSON, but neither a key set nor a map of certificates');
  const address = shownAddress(json2['jwks_uri']);
  return new Error(
    `the response is a discovery document and not a key set; set jwk_url to its jwks_uri${address === void 0 ? '' : `, ${address}`}`,
  );
}
function entriesOf(json2) {
  if (!isRecord(json2)) throw otherJson(json2);
  const { keys } = json2;
  if (Array.isArray(keys))
    return keys.map((jwk) => ({
      kid: isRecord(jwk) ? jwk['kid'] : void 0,
      read: () => readJwk(jwk),
    }));
  const members2 = Object.entries(json2);
  if (!members2.some(([, text2]) => typeof text2 === 'string' && looksLikePem(text2)))
    throw otherJson(json2);
  return members2.map(([kid, text2]) => ({ kid, read: () => readCertificate(kid, text2) }));
}
var Remarks = class {
  #found = /* @__PURE__ */ new Map();
  add(kind, kid) {
    const remark = this.#found.get(kind) ?? { text: remarkTexts[kind], count: 0, kids: [] };
    remark.count += 1;
    if (typeof kid === 'string' && remark.kids.length < mostKids) remark.kids.push(kid);
    this.#found.set(kind, remark);
  }
  get list() {
    return [...this.#found.values()];
  }
};
async function readKeySet(json2, rules, { known = [], signal }) {
  const earlier = new Map(known.map((key) => [key.content, key]));
  const keys = /* @__PURE__ */ new Map();
  const remarks = new Remarks();
  let imports = 0;
  let work = 0;
  const keyOf = (entry) => {
    const unchanged = earlier.get(entry.content);
    if (unchanged !== void 0) return unchanged;
    if (imports >= mostImports2) return 'untried';
    imports += 1;
    work += entriesPerTurn / importsPerTurn;
    return importKey(entry, rules);
  };
  for (const { kid, read } of entriesOf(json2)) {
    work += 1;
    const entry = read();
    if (typeof entry === 'string') remarks.add(entry, kid);
    else if (keys.size >= mostKeys) remarks.add('surplus', kid);
    else if (!keys.has(entry.content)) {
      const key = keyOf(entry);
      if (typeof key === 'string') remarks.add(key, kid);
      else {
        keys.set(key.content, key);
        if (key.isWeak) remarks.add('weak', kid);
      }
    }
    if (work < entriesPerTurn) continue;
    work = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return { keys: [...keys.values()], remarks: remarks.list };
}

// packages/core/src/keys/jwks-download.ts
import { unescape } from 'node:querystring';
import { URL as URL4 } from 'node:url';

// packages/core/src/freshness.ts
import { parse } from '@tusbar/cache-control';
var ageDirective = /(?:^|[\s,;])((?:max-age|s-maxage)(?![\w-])(?:="[^"]*"|=[^\s",;]*)?)/i;
var httpDate = /^[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
var unreadable = { kind: 'unreadable' };
function firstAge(cacheControl) {
  const [, directive] = ageDirective.exec(cacheControl) ?? [];
  if (directive === void 0) return void 0;
  const { maxAge, sharedMaxAge } = parse(directive);
  return maxAge ?? sharedMaxAge;
}
function fromCacheControl(header) {
  const directives = parse(header);
  if (directives.noCache === true || directives.noStore === true) return { kind: 'for', ms: 0 };
  const seconds = firstAge(header);
  if (seconds === void 0)
    return directives.mustRevalidate === true ? { kind: 'for', ms: 0 } : void 0;
  return seconds === null ? unreadable : { kind: 'for', ms: seconds * 1e3 };
}
function fromExpires(header, now) {
  if (/^-?\d+$/.test(header)) return { kind: 'for', ms: 0 };
  const at = httpDate.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? unreadable : { kind: 'for', ms: Math.max(0, at - now) };
}
function freshness({ cacheControl, expires }, now) {
  const decided = cacheControl ? fromCacheControl(cacheControl) : void 0;
  return decided ?? (expires ? fromExpires(expires.trim(), now) : { kind: 'absent' });
}

// packages/core/src/http-request.ts
var RequestError = class extends Error {
  name = 'RequestError';
};
var OversizedError = class extends RequestError {
  name = 'OversizedError';
  constructor(maxBytes3) {
    super(`the response has more than ${String(maxBytes3)} bytes`);
  }
};
var DeadlineError = class extends RequestError {
  name = 'DeadlineError';
  constructor(ms) {
    super(`not done within ${String(ms)} ms`);
  }
};
var mostCauses = 4;
function networkErrorCode(error) {
  let at = error;
  for (let depth = 0; depth < mostCauses && isRecord(at); depth += 1) {
    const { code, cause } = at;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,59}$/.test(code)) return code;
    at = cause;
  }
  return void 0;
}
async function sendRequest(fetch, { url, headers, ...init }, signal) {
  signal.throwIfAborted();
  try {
    return await fetch(url, { ...init, headers: { ...headers }, redirect: 'manual', signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new RequestError(networkErrorCode(error) ?? 'the connection failed');
  }
}
function isShort({ headers }, maxBytes3) {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= maxBytes3 && headers.get('content-encoding') === null;
}
async function readChunks(response, maxBytes3) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes3) throw new OversizedError(maxBytes3);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
var utf8 = new TextDecoder();
async function readBounded(response, maxBytes3) {
  if (Number(response.headers.get('content-length')) > maxBytes3) {
    await discardBody(response);
    throw new OversizedError(maxBytes3);
  }
  try {
    return isShort(response, maxBytes3)
      ? await response.text()
      : utf8.decode(await readChunks(response, maxBytes3));
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const code = networkErrorCode(error);
    throw new RequestError(`the response broke off${code === void 0 ? '' : `: ${code}`}`);
  }
}
async function discardBody(response) {
  await response.body?.cancel().catch(() => void 0);
}
function withDeadline(ms, setTimeout, run) {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        const late = new DeadlineError(ms);
        reject(late);
        controller.abort(late);
      },
      Math.min(ms, longestTimerMs),
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

// packages/core/src/keys/jwks-download.ts
function keySetAddress(address) {
  const url = new URL4(address);
  const { username, password, origin, pathname } = url;
  url.username = '';
  url.password = '';
  const headers = {
    accept: 'application/json, application/jwk-set+json',
    // Fetches are minutes apart: by then the provider may be closing the connection, and the fetch would fail.
    connection: 'close',
  };
  if (username !== '' || password !== '') {
    const credentials = Buffer.from(`${unescape(username)}:${unescape(password)}`);
    headers['authorization'] = `Basic ${credentials.toString('base64')}`;
  }
  return { url: url.href, headers, origin, shown: origin + pathname };
}
async function request({ url, headers }, fetch, signal) {
  const response = await sendRequest(fetch, { url, method: 'GET', headers }, signal);
  const { ok, status, type } = response;
  if (ok) return response;
  await discardBody(response);
  if (type === 'opaqueredirect' || (status >= 300 && status < 400))
    throw new Error('the response is a redirect, which is not followed');
  throw new Error(`the response has the status ${String(status)}`);
}
function parseJson3(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    throw new Error('the response is not JSON');
  }
}
function downloadKeySet(
  address,
  { timeoutMs, maxBytes: maxBytes3 },
  { fetch, now, setTimeout },
  closing,
) {
  return withDeadline(timeoutMs, setTimeout, async (late) => {
    const response = await request(address, fetch, AbortSignal.any([late, closing]));
    const { headers } = response;
    const json2 = parseJson3(await readBounded(response, maxBytes3));
    const [cacheControl, expires] = [headers.get('cache-control'), headers.get('expires')];
    return { json: json2, freshness: freshness({ cacheControl, expires }, now()) };
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
function waitAtMost(ms, setTimeout, over) {
  const slice = Math.min(Math.floor(ms / slices), longestTimerMs);
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  return new Promise((resolve) => {
    const wait = (left) => {
      const lastMs = Math.min(ms - slice * (slices - 1), longestTimerMs);
      setTimeout(() => next(left), left === 1 ? lastMs : slice);
    };
    const next = (left) => {
      try {
        if (left === 1) resolve('late');
        else if (!isOver) wait(left - 1);
      } catch {
        resolve('late');
      }
    };
    wait(slices);
  });
}
var firstBackOffMs = 1e3;
var longestBackOffMs = 6e4;
var BackOff = class {
  #failures = 0;
  #retryAt = -Infinity;
  /** How many attempts have failed since the last one that succeeded. */
  get failures() {
    return this.#failures;
  }
  /** How long it is until the next attempt is due, in milliseconds; 0 if it is due now. */
  remaining(now) {
    return Math.max(0, this.#retryAt - now);
  }
  failed(now) {
    this.#retryAt = now + Math.min(longestBackOffMs, firstBackOffMs * 2 ** this.#failures);
    this.#failures += 1;
  }
  succeeded() {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
};
var mostAttempts = 3;
var msPerAttempt = 1e4;
var FetchAllowance = class {
  /** In milliseconds, so that it adds up exactly. */
  #saved = mostAttempts * msPerAttempt;
  #countedAt;
  constructor(now) {
    this.#countedAt = now;
  }
  /** Whether one more may be made now; if so, it counts as made. */
  take(now) {
    this.#saved = Math.min(mostAttempts * msPerAttempt, this.#saved + now - this.#countedAt);
    this.#countedAt = now;
    if (this.#saved < msPerAttempt) return false;
    this.#saved -= msPerAttempt;
    return true;
  }
};
var closed = new Error('the authenticator was closed');
var JwksFetcher = class {
  backOff = new BackOff();
  lastFailure;
  #address;
  #bounds;
  #runtime;
  #clock;
  #results;
  #current;
  #closed = false;
  constructor(address, bounds, { runtime, clock, results }) {
    this.#address = address;
    this.#bounds = bounds;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#results = results;
  }
  /** The fetch under way, if there is one. */
  get current() {
    return this.#current;
  }
  /** The fetch under way, or a new one; the caller decides whether a new one may begin. */
  join() {
    if (this.#current !== void 0) return this.#current;
    const abort = new AbortController();
    if (this.#closed) abort.abort(closed);
    const startedAt = this.#clock();
    const failure2 = this.#run(abort).catch((error) => error);
    this.#current = { startedAt, failure: failure2, abort };
    return this.#current;
  }
  /** How a fetch ends, or `late` if it does not within so many milliseconds. */
  outcome({ failure: failure2 }, withinMs) {
    const ended2 = failure2.then((reason) => (reason === void 0 ? 'accepted' : 'failed'));
    return Promise.race([ended2, waitAtMost(withinMs, this.#runtime.setTimeout, ended2)]);
  }
  /** Aborts the fetch under way; later ones fail at once. */
  close() {
    this.#closed = true;
    this.#current?.abort.abort(closed);
  }
  async #run(abort) {
    const began = performance.now();
    let keys;
    try {
      const { signal } = abort;
      const downloaded = await downloadKeySet(this.#address, this.#bounds, this.#runtime, signal);
      keys = await this.#results.accept(downloaded, signal);
      this.lastFailure = void 0;
      this.backOff.succeeded();
    } catch (error) {
      this.lastFailure = error;
      if (!this.#closed) this.#results.failed(this.lastFailure);
      this.backOff.failed(this.#clock());
    } finally {
      this.#current = void 0;
    }
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
var longestKid = 60;
function named({ kids, count: count2 }) {
  if (kids.length === 0) return '';
  const quoted = kids.map((kid) => JSON.stringify(kid.slice(0, longestKid))).join(', ');
  return ` (kid ${quoted}${kids.length < count2 ? ' \u2026' : ''})`;
}
var JwksLog = class {
  #logger;
  #about;
  #logged = /* @__PURE__ */ new Set();
  #isInOutage = false;
  /** `shown` is the address without credentials and query. */
  constructor(shown2, logger) {
    this.#logger = logger;
    this.#about = `the key set of ${shown2}`;
  }
  failed(reason, hasSet) {
    if (this.#isInOutage) return;
    this.#isInOutage = true;
    const failure2 = `${this.#about} could not be fetched: ${reason.message};`;
    if (hasSet) this.#logger.warn(`${failure2} the last good set stays in use`);
    else this.#logger.error(`${failure2} tokens are rejected with 503 until it is fetched`);
  }
  fetched() {
    if (this.#isInOutage) this.#logger.warn(`${this.#about} could be fetched again`);
    this.#isInOutage = false;
  }
  /** The set is older than `keySets.maxStaleMs` allows. */
  ended() {
    this.#logger.error(
      `${this.#about} is older than keySets.maxStaleMs allows; tokens are rejected with 503 until it is fetched`,
    );
  }
  /** The error that `ready` rejects with. */
  notReady(reason) {
    return new Error(`${this.#about} is not available: ${reason}`);
  }
  remarks(remarks) {
    for (const remark of remarks)
      this.#once(
        remark.text,
        `${String(remark.count)} of its keys: ${remark.text}${named(remark)}`,
      );
  }
  noKeys() {
    this.#once('no keys', 'none of its keys can be used, so that every token is rejected');
  }
  tooManyCandidates(found, tried) {
    this.#once(
      'candidates',
      `${String(found)} keys could have signed one token, and the first ${String(tried)} are tried; the provider should name the key of a token by kid`,
    );
  }
  /** The set was fetched early, since no key of it verified the signature of a token. */
  fetchedForSignature(hasOtherKeys) {
    if (hasOtherKeys)
      this.#once(
        'rotated',
        'its keys were replaced without a new kid, so that the first tokens of the new keys were rejected with 401; the provider should give each key its own kid, or a shorter max-age to the set',
      );
    else
      this.#once(
        'signature',
        'none of its keys verified the signature of a token, and fetching it again brought no other keys; if that goes on, the tokens come from another issuer, or somebody forges them',
      );
  }
  #once(what, message) {
    if (this.#logged.has(what)) return;
    this.#logged.add(what);
    this.#logger.warn(`${this.#about}: ${message}`);
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
var KeySet = class {
  keys;
  #all;
  #present;
  #withoutKid;
  /** By `kid`, each with the keys that have none after it, since those may have signed any token. */
  #byKid;
  constructor(keys) {
    this.keys = keys;
    this.#all = keys.map(({ key }) => key);
    this.#present = new Set(this.#all);
    this.#withoutKid = keys.filter(({ kid }) => kid === void 0).map(({ key }) => key);
    const named2 = /* @__PURE__ */ new Map();
    for (const { kid, key } of keys) {
      if (kid === void 0) continue;
      const own = named2.get(kid);
      if (own === void 0) named2.set(kid, [key]);
      else own.push(key);
    }
    this.#byKid = new Map([...named2].map(([kid, own]) => [kid, [...own, ...this.#withoutKid]]));
  }
  holds(key) {
    return this.#present.has(key);
  }
  /** Whether the set has a key with that `kid`, whatever the key can be used for. */
  names(kid) {
    return this.#byKid.has(kid);
  }
  /** Whether every key has a `kid`. */
  get namesAll() {
    return this.#withoutKid.length === 0;
  }
  /** The keys that may have signed a token: those of its own `kid`, then those without one. */
  candidates({ alg, kid }) {
    const keys = kid === void 0 ? this.#all : (this.#byKid.get(kid) ?? this.#withoutKid);
    return keys.filter((key) => keyFits(key, alg));
  }
  /** The keys of the family that a token needs, those that `candidates` returns first. */
  everyCandidate(hint) {
    const all = this.#all.filter((key) => keyFits(key, hint.alg));
    return [.../* @__PURE__ */ new Set([...this.candidates(hint), ...all])];
  }
  /** Whether another set has the same keys in the same order. */
  equals(other) {
    const others = other.#all;
    return (
      this.#all.length === others.length && this.#all.every((key, index2) => key === others[index2])
    );
  }
};
var leastFreshMs = 1e3;
var unreadableMs = 6e4;
var aheadShare = 0.2;
var mostAheadMs = 6e4;
function freshMs(freshness2, isFirst, maxAgeMs) {
  switch (freshness2.kind) {
    case 'for':
      return freshness2.ms;
    case 'absent':
      return maxAgeMs;
    case 'unreadable':
      return isFirst ? maxAgeMs : unreadableMs;
  }
}
var CachedKeySet = class {
  /** Grows when the keys change. */
  version = 0;
  /** When a refresh begins and when requests wait for it, by a clock that never runs backwards. Infinity without a set. */
  refreshAt = Infinity;
  staleAt = Infinity;
  #lifetime;
  #endsAt = Infinity;
  /** Kept after its end too, so that keys that come back are the same objects. */
  #last;
  #isUsable = false;
  constructor(lifetime2) {
    this.#lifetime = lifetime2;
  }
  /** The set, if there is one that may be used. */
  get current() {
    return this.#isUsable ? this.#last : void 0;
  }
  /** The keys of the last set, whether it may be used or not. */
  get lastKeys() {
    return this.#last?.keys ?? [];
  }
  get hasKeys() {
    return this.#isUsable && this.lastKeys.length > 0;
  }
  holds(key) {
    return this.current?.holds(key) === true;
  }
  /** Ends the set if it is too stale; returns whether it did so now. */
  endIfDue(now) {
    if (now < this.#endsAt) return false;
    this.#isUsable = false;
    this.version += 1;
    this.refreshAt = this.staleAt = this.#endsAt = Infinity;
    return true;
  }
  /** Replaces the keys, and begins their lifetime. */
  replace(keys, freshness2, now) {
    const { maxAgeMs, maxStaleMs } = this.#lifetime;
    const set = new KeySet(keys);
    const most = keys.length === 0 ? unreadableMs : Infinity;
    const fresh = freshMs(freshness2, this.#last === void 0, maxAgeMs);
    const ms = Math.max(leastFreshMs, Math.min(most, fresh));
    if (this.current?.equals(set) !== true) this.version += 1;
    this.#last = set;
    this.#isUsable = true;
    this.staleAt = now + ms;
    this.refreshAt = this.staleAt - Math.min(ms * aheadShare, mostAheadMs);
    this.#endsAt = this.staleAt + maxStaleMs;
  }
};

// packages/core/src/keys/remote-jwks.ts
var mostCandidates = 10;
var mostUnnamedCandidates = 3;
var RemoteJwks = class {
  #bounds;
  #cached;
  #log;
  #clock;
  #fetcher;
  #allowance;
  constructor(url, bounds, runtime) {
    const address = keySetAddress(url);
    this.#bounds = bounds;
    this.#cached = new CachedKeySet(bounds);
    this.#log = new JwksLog(address.shown, runtime.logger);
    this.#clock = steadyClock(runtime.now);
    this.#allowance = new FetchAllowance(this.#clock());
    this.#fetcher = new JwksFetcher(address, bounds, {
      runtime,
      clock: this.#clock,
      results: {
        accept: (downloaded, signal) => this.#accept(downloaded, signal),
        failed: (reason) => {
          this.#log.failed(reason, this.#cached.current !== void 0);
        },
      },
    });
  }
  get version() {
    return this.#cached.version;
  }
  holds(key) {
    return this.#cached.holds(key);
  }
  refresh() {
    const now = this.#clock();
    return now < this.#cached.refreshAt ? void 0 : this.#refreshDue(now);
  }
  find(hint) {
    const before = this.#cached.current;
    return andThen(this.refresh(), () => {
      const set = this.#cached.current;
      if (set === void 0) return this.#findFirst(hint);
      const keys = this.#candidates(set, hint);
      if (keys.length > 0 || set !== before) return keys;
      const isUnknown = hint.kid !== void 0 && !set.names(hint.kid);
      if (isUnknown && canBePublished(hint)) return this.#lookUp(hint);
      this.signatureFailed(hint);
      return keys;
    });
  }
  signatureFailed(hint) {
    if (this.#cached.current === void 0 || this.#fetcher.current !== void 0) return;
    if (!canBePublished(hint) || !this.#allowance.take(this.#clock())) return;
    const { version } = this.#cached;
    void this.#fetcher.join().failure.then((failure2) => {
      if (failure2 === void 0) this.#log.fetchedForSignature(this.#cached.version !== version);
    });
  }
  /** Fetches at once if there are no keys, whatever the back-off: the app decides how often it is called. */
  async ready() {
    this.#endIfDue(this.#clock());
    if (this.#cached.hasKeys) return;
    const failure2 = await this.#fetcher.join().failure;
    if (failure2 !== void 0) throw this.#log.notReady(failure2.message);
    if (!this.#cached.hasKeys) throw this.#log.notReady('none of its keys can be used');
  }
  close() {
    this.#fetcher.close();
  }
  #endIfDue(now) {
    const ended2 = this.#cached.endIfDue(now);
    if (ended2) this.#log.ended();
    return ended2;
  }
  /** Begins a refresh if one is due; returns what to wait for if the set is stale and no refresh has failed yet. */
  #refreshDue(now) {
    if (this.#endIfDue(now)) return void 0;
    const { backOff } = this.#fetcher;
    if (backOff.remaining(now) === 0) this.#fetcher.join();
    const fetch = this.#fetcher.current;
    if (fetch === void 0 || now < this.#cached.staleAt || backOff.failures > 0) return void 0;
    const left = fetch.startedAt + this.#bounds.waitMs - now;
    return left > 0 ? this.#fetcher.outcome(fetch, left).then(() => void 0) : void 0;
  }
  #candidates(set, hint) {
    const isAny = this.#bounds.match === 'any';
    const keys = isAny ? set.everyCandidate(hint) : set.candidates(hint);
    const isUnnamed = hint.kid === void 0 && set.namesAll && !isAny;
    const most = isUnnamed ? mostUnnamedCandidates : mostCandidates;
    if (keys.length <= most) return keys;
    this.#log.tooManyCandidates(keys.length, most);
    return keys.slice(0, most);
  }
  async #findFirst(hint) {
    const { backOff, current } = this.#fetcher;
    if (current === void 0 && backOff.remaining(this.#clock()) > 0) throw this.#unavailable();
    await this.#fetcher.outcome(this.#fetcher.join(), this.#bounds.waitMs);
    const set = this.#cached.current;
    if (set === void 0) throw this.#unavailable();
    return this.#candidates(set, hint);
  }
  /** Fetches the set again for a key that it does not have. While the provider is down, the key may exist: 503, not 401. */
  async #lookUp(hint) {
    const { backOff, current } = this.#fetcher;
    if (current === void 0 && !this.#allowance.take(this.#clock())) {
      if (backOff.failures > 0) throw this.#unavailable();
      return [];
    }
    const outcome = await this.#fetcher.outcome(this.#fetcher.join(), this.#bounds.waitMs);
    const set = this.#cached.current;
    if (outcome !== 'accepted' || set === void 0) throw this.#unavailable();
    return this.#candidates(set, hint);
  }
  #unavailable() {
    const { backOff, lastFailure } = this.#fetcher;
    const seconds = Math.ceil(backOff.remaining(this.#clock()) / 1e3);
    return new AuthError('keys-unavailable', {
      retryAfter: Math.max(1, seconds),
      cause: lastFailure,
    });
  }
  async #accept({ json: json2, freshness: freshness2 }, signal) {
    const known = this.#cached.lastKeys;
    const { keys, remarks } = await readKeySet(json2, this.#bounds, { known, signal });
    this.#log.remarks(remarks);
    if (keys.length === 0) {
      if (this.#cached.hasKeys) throw new Error('none of its keys can be used');
      this.#log.noKeys();
    }
    this.#cached.replace(keys, freshness2, this.#clock());
    this.#log.fetched();
    return keys.length;
  }
};
var canBePublished = ({ alg }) => algorithms[alg].family !== 'hmac';
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
function readStaticKey(type, text2, rules) {
  return algorithms[type].family === 'hmac'
    ? readSecret(type, text2)
    : readPublicKey(type, text2, rules);
}
function readSecret(type, text2) {
  if (looksLikePem(text2) || looksLikeJwk(text2))
    throw new Error(
      `a ${type} key is a shared secret, and this is a public key in PEM or JWK form; set the type of that key (RS256, ES256, Ed25519 \u2026)`,
    );
  const bytes = Buffer.from(text2, 'utf8');
  const least = algorithms[type].secretBytes;
  if (bytes.length < least)
    throw new Error(
      `a ${type} secret must have at least ${String(least)} bytes, and this one has ${String(bytes.length)}`,
    );
  return {
    key: { family: 'hmac', key: createSecretKey(bytes), secretBytes: bytes.length },
    warnings: isPublicKeyInBase64(text2)
      ? [
          `it is a public key in base64, used as a ${type} secret, so that anybody who knows the public key can sign tokens; set the type of that key (RS256, ES256, Ed25519 \u2026) and its PEM text`,
        ]
      : [],
  };
}
function fits(type, family) {
  const named2 = algorithms[type].family;
  return named2.startsWith('p') ? family.startsWith('p') : family === named2;
}
function rsaWarnings({ rsaBits }, minRsaBits) {
  if (rsaBits === void 0) return [];
  if (rsaBits < minRsaBits)
    throw new Error(
      `an RSA key must have at least ${String(minRsaBits)} bits, and this one has ${String(rsaBits)}`,
    );
  return rsaBits < goodRsaBits
    ? [
        `the RSA key has ${String(rsaBits)} bits; ${String(goodRsaBits)} or more are needed to be safe`,
      ]
    : [];
}
function readPublicKey(type, text2, { now, minRsaBits }) {
  const { key, notAfter } = readPem(text2);
  const facts = publicKeyFacts(key);
  if (facts === 'malformed')
    throw new Error('it is an RSA key whose modulus or exponent is out of bounds');
  if (facts === 'kind' || !fits(type, facts.family))
    throw new Error(`type ${type} needs a key of its own family, and this is another kind of key`);
  const warnings = rsaWarnings(facts, minRsaBits);
  if (notAfter !== void 0 && notAfter < now)
    warnings.push('the certificate has expired; its key is used all the same, as in the engine');
  return { key: { family: facts.family, key, secretBytes: 0 }, warnings };
}
function staticKeySource(key) {
  const keys = Object.freeze([key]);
  return {
    version: 0,
    holds: () => true,
    find: () => keys,
    signatureFailed: () => void 0,
    ready: () => Promise.resolve(),
    close: () => void 0,
  };
}
function algorithmsOf(family) {
  return Object.keys(algorithms).filter((name2) => algorithms[name2].family === family);
}

// packages/core/src/config/jwk-url.ts
import { URL as URL5 } from 'node:url';
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
function parseJwkUrl(value, option, { audience, warn }) {
  const text2 = httpUrl(value, `${option}.jwk_url`);
  const { hostname } = new URL5(text2);
  if (isPlainHttpElsewhere(text2))
    warn(
      `${option}.jwk_url`,
      'an attacker on the network can exchange keys that are fetched over plain http; use https',
    );
  const tenants = sharedBy(hostname);
  if (tenants !== void 0 && audience === void 0)
    warn(
      `${option}.audience`,
      `the keys at ${hostname} sign for all ${tenants}, and without an audience the tokens of all of them are accepted; set the audience of your tokens`,
    );
  return text2;
}

// packages/core/src/config/secrets.ts
var controlCharacter = /\p{Cc}/u;
var goodSecretLength = 16;
function headerText(value, option) {
  const text2 = nonEmptyString(value, option);
  if (text2 !== text2.trim())
    throw new ConfigError(
      option,
      'it begins or ends with a blank or a line break, which no request header can contain; remove it',
    );
  if (controlCharacter.test(text2))
    throw new ConfigError(
      option,
      'it contains a line break or another control character, which no request header can contain; remove it',
    );
  return text2;
}
function checkFilledIn(secret2, option) {
  if (isPlaceholder(secret2))
    throw new ConfigError(
      option,
      'it is a placeholder that was not filled in, such as $NAME or {{ name }}; set the secret itself',
    );
}
function warnOfQuotes(secret2, option, warn) {
  if (/^(["'])[^]*\1$/.test(secret2.trim()) && secret2.trim().length > 1)
    warn(
      option,
      'it begins and ends with quotes, which are part of the secret; if a file or shell was to remove them, remove them yourself',
    );
}
function adminSecret(value, option, warn) {
  const secret2 = headerText(value, option);
  checkFilledIn(secret2, option);
  warnOfQuotes(secret2, option, warn);
  if (secret2.length < goodSecretLength)
    warn(
      option,
      `it has fewer than ${String(goodSecretLength)} characters; use a long random secret`,
    );
  return secret2;
}
function parseAdminSecrets(options, warn) {
  if (options.adminSecrets !== void 0)
    return stringList(options.adminSecrets, 'adminSecrets').map((secret2, index2) =>
      adminSecret(secret2, `adminSecrets[${String(index2)}]`, warn),
    );
  if (options.adminSecret === void 0) return void 0;
  return options.adminSecret === false
    ? []
    : [adminSecret(options.adminSecret, 'adminSecret', warn)];
}
function checkHmacKey(key, option, warn) {
  warnOfQuotes(key, option, warn);
  if (/[\r\n]$/.test(key))
    warn(
      option,
      'it ends in a line break, which is part of the key; if the provider signs without it, remove it',
    );
}

// packages/core/src/config/jwt-keys.ts
function parseKeys(secret2, option, { keySets, minRsaBits, runtime, warn }) {
  const { type, key, jwk_url } = secret2;
  if (key !== void 0 && jwk_url !== void 0)
    throw new ConfigError(option, 'key and jwk_url cannot both be set; keep one of them');
  if (jwk_url !== void 0) {
    const { audience } = secret2;
    const url = parseJwkUrl(jwk_url, option, { audience, warn });
    const possible = Object.keys(algorithms).filter(isAlgorithm);
    return {
      source: remoteJwks(url, { ...keySets, minRsaBits }, runtime),
      possible: possible.filter((name2) => algorithms[name2].family !== 'hmac'),
    };
  }
  if (key === void 0) throw new ConfigError(option, 'one of key and jwk_url must be set');
  if (type === void 0)
    throw new ConfigError(option, `type must be set beside key, to one of ${keyTypes.join(', ')}`);
  const keyType = keyTypes.find((name2) => name2 === type);
  if (keyType === void 0) {
    const short = typeof type === 'string' && type !== '' && type.length <= 10;
    const given = short ? JSON.stringify(type) : kindOf(type);
    throw new ConfigError(`${option}.type`, `expected one of ${keyTypes.join(', ')}, got ${given}`);
  }
  const text2 = nonEmptyString(key, `${option}.key`);
  checkFilledIn(text2, `${option}.key`);
  if (algorithms[keyType].family === 'hmac') checkHmacKey(text2, `${option}.key`, warn);
  const rules = { now: runtime.now(), minRsaBits };
  const { key: imported, warnings } = importKey2(keyType, text2, `${option}.key`, rules);
  for (const warning of warnings) warn(`${option}.key`, warning);
  return { source: staticKeySource(imported), possible: algorithmsOf(imported.family) };
}
function importKey2(type, text2, option, rules) {
  try {
    return readStaticKey(type, text2, rules);
  } catch (error) {
    const { message } = error;
    throw new ConfigError(option, message);
  }
}
function parseAllowed(value, possible, option) {
  if (value === void 0) return new Set(possible);
  return new Set(
    stringList(value, option).flatMap((name2, index2) => {
      const found = possible.find((algorithm) => algorithm === name2);
      if (found !== void 0) return possible.filter((one) => canonical(one) === canonical(found));
      throw new ConfigError(
        `${option}[${String(index2)}]`,
        `expected an algorithm that fits the key: ${possible.join(', ')}`,
      );
    }),
  );
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
var mostSkewMs = Number.MAX_SAFE_INTEGER;
function parseJwtSecret(value, option, context) {
  const { warn } = context;
  const secret2 = objectOrJson(value, option);
  checkPastedMembers(secret2, knownMembers, { option, warn });
  const { source, possible } = parseKeys(secret2, option, context);
  const algorithms2 = parseAllowed(secret2['algorithms'], possible, `${option}.algorithms`);
  const { issuer } = secret2;
  return {
    keys: source,
    algorithms: algorithms2,
    location: parseTokenLocation(secret2['header'], `${option}.header`, warn),
    issuer: issuer === void 0 ? void 0 : nonEmptyString(issuer, `${option}.issuer`),
    audiences: parseAudiences(secret2['audience'], `${option}.audience`),
    requireAudience: context.requireAudience,
    skewMs: Math.min(1e3 * duration(secret2['allowed_skew'], `${option}.allowed_skew`), mostSkewMs),
    requiredClaims: parseRequiredClaims(
      secret2['extra_required_claims'],
      `${option}.extra_required_claims`,
    ),
    claims: parseClaimsSource(secret2, option, warn),
  };
}

// packages/core/src/config/mode.ts
var hourMs = 36e5;
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
    keySets: engine ? { match: 'any', maxAgeMs: Infinity } : { match: 'kid', maxAgeMs: hourMs },
  };
}
function parseJwts({ jwtSecret, jwtSecrets }, context) {
  if (jwtSecrets === void 0)
    return jwtSecret === void 0 ? [] : [parseJwtSecret(jwtSecret, 'jwtSecret', context)];
  if (!Array.isArray(jwtSecrets) || jwtSecrets.length === 0)
    throw new ConfigError(
      'jwtSecrets',
      `expected a list with at least one JWT configuration, got ${kindOf(jwtSecrets)}`,
    );
  return jwtSecrets.map((secret2, index2) =>
    parseJwtSecret(secret2, `jwtSecrets[${String(index2)}]`, context),
  );
}
function ambiguity(one, other) {
  if (JSON.stringify(one.location) !== JSON.stringify(other.location)) return void 0;
  if (one.issuer !== other.issuer) return void 0;
  if (one.issuer === void 0)
    return 'both read the same header and have no issuer; set the issuer of each, or another header';
  const shared = [...one.algorithms].find((algorithm) => other.algorithms.has(algorithm));
  return shared === void 0
    ? void 0
    : `both read the same header and have the same issuer and keys for ${shared}; set another issuer or header, or algorithms that differ`;
}
function checkDistinct(jwts, nameOf) {
  jwts.forEach((later, at) => {
    jwts.slice(0, at).forEach((earlier, before) => {
      const problem = ambiguity(earlier, later);
      if (problem !== void 0)
        throw new ConfigError(
          `jwtSecrets[${String(at)}]`,
          `its tokens cannot be told apart from those of ${nameOf('jwtSecrets')}[${String(before)}]: ${problem}`,
        );
    });
  });
}
var firstSet = (options, names) => names.find((name2) => options[name2] !== void 0);
var secretOptions = [
  'adminSecret',
  'adminSecrets',
  'jwtSecret',
  'jwtSecrets',
  'authHook',
  'unauthorizedRole',
];
function unsecuredMode(options, { nameOf, warn }) {
  const beside = firstSet(options, secretOptions);
  if (beside !== void 0)
    throw new ConfigError(
      'unsecured',
      `true cannot be combined with ${nameOf(beside)}; remove one of them`,
    );
  warn('unsecured', 'true gives every request the role admin, or the role that it requests');
  return { kind: 'unsecured' };
}
function hookMode(options, secrets, { nameOf, warn }) {
  const jwt2 = firstSet(options, ['jwtSecret', 'jwtSecrets']);
  if (jwt2 !== void 0)
    throw new ConfigError(
      'authHook',
      `${nameOf('authHook')} and ${nameOf(jwt2)} cannot both be set; keep one of them`,
    );
  if (options.unauthorizedRole !== void 0)
    throw new ConfigError(
      'unauthorizedRole',
      `it cannot be combined with ${nameOf('authHook')}: the webhook decides about requests without credentials`,
    );
  return { kind: 'webhook', secrets, hook: parseHook(options.authHook, 'authHook', warn) };
}
var disableVariable = 'HASURA_GRAPHQL_DISABLE_ADMIN_SECRET';
function withoutAdmin(secret2) {
  return secret2 === 'adminSecret'
    ? 'or adminSecret: false for no admin access'
    : `or ${disableVariable}=true`;
}
function missingSecret(options, { nameOf }) {
  const secret2 = nameOf('adminSecret');
  const jwtOrHook = firstSet(options, ['jwtSecret', 'jwtSecrets', 'authHook']);
  return new ConfigError(
    'adminSecret',
    jwtOrHook === void 0
      ? `none of ${secret2}, ${nameOf('jwtSecret')} and ${nameOf('authHook')} is set; set one of them, or the option unsecured: true to accept every request as admin`
      : `${nameOf(jwtOrHook)} is set, so ${secret2} must be set too, ${withoutAdmin(secret2)}`,
  );
}
function parseAnonymous({ unauthorizedRole }, clientVariables, { warn }) {
  if (unauthorizedRole === void 0) return void 0;
  const role = headerText(unauthorizedRole, 'unauthorizedRole');
  if (role === 'admin')
    warn('unauthorizedRole', 'the role admin gives requests without credentials every permission');
  return { role, clientVariables };
}
function parseMode(options, { precedence, requireAudience, clientVariables }, context) {
  const { nameOf } = context;
  if (flag(options.unsecured, 'unsecured', false)) return unsecuredMode(options, context);
  const secrets = parseAdminSecrets(options, context.warn);
  if (secrets === void 0) throw missingSecret(options, context);
  const anonymous2 = parseAnonymous(options, clientVariables, context);
  if (options.authHook !== void 0) return hookMode(options, secrets, context);
  const jwts = parseJwts(options, { ...context, requireAudience });
  checkDistinct(jwts, nameOf);
  if (jwts.length > 0) return { kind: 'jwt', secrets, jwts, precedence, anonymous: anonymous2 };
  if (secrets.length > 0) return { kind: 'admin-secret', secrets, anonymous: anonymous2 };
  throw new ConfigError(
    'adminSecret',
    `it allows no admin access, so ${nameOf('jwtSecret')} or ${nameOf('authHook')} must be set`,
  );
}

// packages/core/src/config/parse-options.ts
var keySetMembers = ['timeoutMs', 'maxBytes', 'maxAgeMs', 'maxStaleMs', 'waitMs', 'match'];
function parseKeySets(value, { match, maxAgeMs }) {
  const keySets = recordOf(value ?? {}, keySetMembers, 'keySets');
  const endless = true;
  return {
    timeoutMs: count(keySets['timeoutMs'], 'keySets.timeoutMs', 5e3, { least: 1 }),
    maxBytes: count(keySets['maxBytes'], 'keySets.maxBytes', 1048576, { least: 1 }),
    maxAgeMs: count(keySets['maxAgeMs'], 'keySets.maxAgeMs', maxAgeMs, { endless }),
    maxStaleMs: count(keySets['maxStaleMs'], 'keySets.maxStaleMs', Infinity, { endless }),
    waitMs: count(keySets['waitMs'], 'keySets.waitMs', 500),
    match: oneOf(keySets['match'], ['kid', 'any'], 'keySets.match', match),
  };
}
var quotable = /^[ !#-[\]-~]+$/;
function parseRealm(value) {
  if (value === void 0) return defaultRealm;
  const realm2 = nonEmptyString(value, 'realm');
  if (quotable.test(realm2)) return realm2;
  throw new ConfigError('realm', 'expected printable ASCII characters other than " and \\');
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
  'realm',
  'unsecured',
  'requireAudience',
  'clientVariables',
  'tokenCache',
  'keySets',
  'minRsaBits',
  'fetch',
  'logger',
  'runtime',
];
function parse2(options, nameOf) {
  const runtime = parseRuntime(options);
  const warn = (option, problem) => {
    runtime.logger.warn(`${nameOf(option)}: ${problem}`);
  };
  warnOfEnvironment(options, warn);
  const defaults = parseEngineDefaults(options);
  const { errorResponse } = defaults;
  const keySets = parseKeySets(options.keySets, defaults.keySets);
  const realm2 = parseRealm(options.realm);
  const tokenCache = parseTokenCache(options.tokenCache);
  const minRsaBits = count(options.minRsaBits, 'minRsaBits', leastRsaBits, { least: leastRsaBits });
  const mode = parseMode(options, defaults, { keySets, minRsaBits, runtime, warn, nameOf });
  return { mode, runtime, errorResponse, realm: realm2, tokenCache };
}
function parseOptions(options) {
  recordOf(options, knownOptions, 'options');
  const nameOf = optionNames(options);
  try {
    return parse2(options, nameOf);
  } catch (error) {
    throw error instanceof ConfigError ? error.named(nameOf(error.option)) : error;
  }
}

// packages/core/src/request.ts
function separator(name2) {
  return name2 === 'cookie' ? '; ' : ', ';
}
function joined(name2, value) {
  if (typeof value === 'string' || value === void 0) return value;
  if (value === null) return void 0;
  if (!Array.isArray(value)) return '';
  return value.filter((part) => typeof part === 'string').join(separator(name2));
}
var latin1 = /^[\0-\xff]*$/;
function decoded(value) {
  if (Buffer.byteLength(value) === value.length || !latin1.test(value)) return value;
  return Buffer.from(value, 'latin1').toString();
}
function encodedHeader(text2) {
  return Buffer.byteLength(text2) === text2.length ? text2 : Buffer.from(text2).toString('latin1');
}
var LowerCaseRequest = class _LowerCaseRequest {
  constructor(headers, source, observe, decode = decoded) {
    this.source = source;
    this.observe = observe;
    this.#headers = headers;
    this.#decode = decode;
  }
  source;
  observe;
  #headers;
  #decode;
  header(name2) {
    const value = this.#headers[name2];
    if (value === void 0) return void 0;
    if (typeof value === 'string') return this.#decode(value);
    return Object.hasOwn(this.#headers, name2) ? this.#text(name2, value) : void 0;
  }
  *headers() {
    for (const [name2, value] of Object.entries(this.#headers)) {
      const text2 = this.#text(name2, value);
      if (text2 !== void 0) yield [name2, text2];
    }
  }
  #text(name2, value) {
    const text2 = joined(name2, value);
    return text2 === void 0 ? void 0 : this.#decode(text2);
  }
  asSent() {
    return new _LowerCaseRequest(this.#headers, this.source, this.observe, (value) => value);
  }
};
function isWebHeaders(headers) {
  const { get, forEach } = headers;
  return typeof get === 'function' && typeof forEach === 'function';
}
function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
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
    const added = joined(name2, value);
    if (added === void 0) continue;
    const before = record[name2];
    record[name2] = before === void 0 ? added : before + separator(name2) + added;
  }
  return record;
}
function webEntries(headers) {
  const entries = [];
  headers.forEach((value, name2) => entries.push([name2, value]));
  return entries;
}
function lowerCaseRecord(headers) {
  if (typeof headers === 'object' && headers !== null) {
    if (isWebHeaders(headers)) return lowerCased(webEntries(headers));
    if (isPlain(headers))
      return hasUpperCase(headers) ? lowerCased(Object.entries(headers)) : headers;
  }
  throw new TypeError(
    "request.headers cannot be read: expected Node's headers or the web's Headers",
  );
}
function harmless(observe) {
  return (step) => {
    try {
      observe(step);
    } catch {}
  };
}
function anyRequest(request2, observe) {
  const headers = lowerCaseRecord(request2.headers);
  return new LowerCaseRequest(headers, request2, observe && harmless(observe));
}

// packages/core/src/connection/handshake.ts
var mostMembers = 100;
var mostBytes = 32768;
var longestShownName = 60;
var fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
var control = /[\x00-\x08\x0a-\x1f\x7f]/;
var wide2 = /[\u0100-\uffff]/;
var ofHandshake = /^(?:host|origin|forwarded|via|x-real-ip|(?:sec|x-forwarded)-.*)$/;
var alwaysCredential = /^(?:authorization|cookie|x-hasura-.*)$/;
function refuse(detail) {
  return new AuthError('bad-connection-params', { detail });
}
function shown(...path2) {
  const short = path2.map((name2) =>
    name2.length > longestShownName ? `${name2.slice(0, longestShownName)}\u2026` : name2,
  );
  return showJsonPath(short).replace(/^\$\.?/, '');
}
function countText(text2, left) {
  left.bytes -= text2.length;
  if (left.bytes >= 0 && wide2.test(text2)) left.bytes -= text2.length;
  if (left.bytes < 0) throw refuse(`longer than ${String(mostBytes)} bytes`);
}
function countMember(value, left) {
  if (--left.members < 0) throw refuse(`more than ${String(mostMembers)} members`);
  if (typeof value === 'string') countText(value, left);
  else countMembers(value, left);
}
function countMembers(value, left) {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (value.length > left.members) throw refuse(`more than ${String(mostMembers)} members`);
    for (const item of value) countMember(item, left);
    return;
  }
  for (const name2 in value) {
    if (!Object.hasOwn(value, name2)) continue;
    countText(name2, left);
    countMember(value[name2], left);
  }
}
function* headerMembers(params, holdsCredential2) {
  const { headers, ...others } = params;
  if (headers !== void 0 && headers !== null) {
    if (!isRecord(headers)) throw refuse(`headers must be an object, got ${kindOf(headers)}`);
    for (const [name2, value] of Object.entries(headers)) {
      const path2 = shown('headers', name2);
      if (!fieldName.test(name2)) throw refuse(`${path2} is no header name`);
      if (typeof value !== 'string')
        throw refuse(`${path2} must be a string, got ${kindOf(value)}`);
      yield [path2, name2, value];
    }
  }
  for (const [name2, value] of Object.entries(others)) {
    if (typeof value === 'string') {
      if (fieldName.test(name2)) yield [shown(name2), name2, value];
    } else if (value !== null && value !== void 0 && holdsCredential2(name2.toLowerCase()))
      throw refuse(`${shown(name2)} must be a string, got ${kindOf(value)}`);
  }
}
function clientHeaders(connectionParams, holdsCredential2 = () => false) {
  const found = /* @__PURE__ */ new Map();
  if (connectionParams === void 0 || connectionParams === null) return found;
  if (!isRecord(connectionParams))
    throw refuse(`expected an object, got ${kindOf(connectionParams)}`);
  countMembers(connectionParams, { members: mostMembers, bytes: mostBytes });
  const isCredential = (name2) => alwaysCredential.test(name2) || holdsCredential2(name2);
  for (const [path2, anyCase, value] of headerMembers(connectionParams, isCredential)) {
    const name2 = anyCase.toLowerCase();
    if (control.test(value)) throw refuse(`${path2} has a control character`);
    if (found.has(name2)) throw refuse(`${path2} has the same name as another header`);
    found.set(name2, value);
  }
  for (const name2 of found.keys()) if (ofHandshake.test(name2)) found.delete(name2);
  return found;
}
function mayReadCookies(handshake, allowsOrigin) {
  const origin = handshake.header('origin');
  return origin !== void 0 && allowsOrigin(origin) === true;
}
function connectionView(
  { connectionParams, headers = {} },
  { allowsOrigin, holdsCredential: holdsCredential2 },
) {
  const handshake = anyRequest({ headers });
  const merged = /* @__PURE__ */ Object.create(null);
  for (const [name2, value] of handshake.headers()) merged[name2] = encodedHeader(value);
  if ('cookie' in merged && !mayReadCookies(handshake, allowsOrigin)) delete merged['cookie'];
  for (const [name2, value] of clientHeaders(connectionParams, holdsCredential2))
    merged[name2] = encodedHeader(value);
  return anyRequest({ headers: merged });
}

// packages/core/src/jwt/verify.ts
import {
  constants,
  createHash,
  createHmac,
  createPublicKey as createPublicKey3,
  timingSafeEqual,
  verify,
} from 'node:crypto';
var orderBytes = { p256: 32, p384: 48, p521: 66 };
function signatureBytes({ family, key }) {
  if (family === 'rsa') return Math.ceil(modulusBits(key) / 8);
  const order = orderBytes[family];
  return order === void 0 ? void 0 : 2 * order;
}
function derInteger(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? bytes.subarray(-1) : bytes.subarray(first);
  const sign = significant.readUInt8(0) > 127 ? [0] : [];
  return Buffer.from([2, sign.length + significant.length, ...sign, ...significant]);
}
function derSignature(signature) {
  const order = signature.length / 2;
  const numbers = [signature.subarray(0, order), signature.subarray(order)].map(derInteger);
  const length = numbers.reduce((sum, number) => sum + number.length, 0);
  const head = length > 127 ? [48, 129, length] : [48, length];
  return Buffer.concat([Buffer.from(head), ...numbers]);
}
var somePublicKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};
function takesConcatenated(verifyOneShot) {
  try {
    const key = createPublicKey3({ key: somePublicKey, format: 'jwk' });
    verifyOneShot('sha256', Buffer.alloc(0), { key, dsaEncoding: 'ieee-p1363' }, Buffer.alloc(64));
    return true;
  } catch {
    return false;
  }
}
function signatureVerifier(verifyOneShot) {
  let concatenated;
  function verifyEcdsa(digest2, data, key, signature) {
    concatenated ??= takesConcatenated(verifyOneShot);
    return concatenated
      ? verifyOneShot(digest2, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
      : verifyOneShot(digest2, data, key, derSignature(signature));
  }
  function verifyWith(key, alg, signed) {
    if (!keyFits(key, alg)) return false;
    const { signature } = signed;
    const { family, digest: digest2, pss } = algorithms[alg];
    if (family === 'hmac') {
      const expected = createHmac(digest2, key.key).update(signed.signingInput, 'latin1').digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    if (signature.length !== (signatureBytes(key) ?? signature.length)) return false;
    const data = Buffer.from(signed.signingInput, 'latin1');
    if (digest2 === null) return verifyOneShot(null, data, key.key, signature);
    if (family !== 'rsa') return verifyEcdsa(digest2, data, key.key, signature);
    if (!pss) return verifyOneShot(digest2, data, key.key, signature);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return verifyOneShot(digest2, data, { key: key.key, padding, saltLength }, signature);
  }
  return (keys, alg, signed) => keys.find((key) => verifyWith(key, alg, signed));
}
var verifySignature = signatureVerifier(verify);
var signedPart = /^[\w-]+\.[\w-]+(?=\.[\w-]*$)/;
function tokenIdentity(token2) {
  const text2 = signedPart.exec(token2)?.[0] ?? token2;
  return createHash('sha256').update(text2).digest('base64url');
}

// packages/core/src/connection/lifetime.ts
var longestWait = 3e4;
function stopTimer(timer) {
  try {
    clearTimeout(timer);
  } catch {}
}
var Lifetime = class {
  #expiresAt;
  #runtime;
  #onEnd;
  #timer;
  /** Throws what the clock or the timers throw. `onEnd` must not throw. */
  constructor(expiresAt, onEnd, runtime) {
    this.#expiresAt = expiresAt;
    this.#onEnd = onEnd;
    this.#runtime = runtime;
    this.#wait();
  }
  /** Stops the watch. `onEnd` is not referenced afterwards. */
  stop() {
    this.#onEnd = void 0;
    stopTimer(this.#timer);
    this.#timer = void 0;
  }
  /** Waits again, or returns false if the session has ended. */
  #wait(isFirst = true) {
    const left = this.#expiresAt - this.#runtime.now();
    if (left <= 0 && !isFirst) return false;
    const ms = Math.max(0, Math.min(Math.ceil(left), longestWait));
    this.#timer = this.#runtime.setTimeout(() => {
      this.#check();
    }, ms);
    return true;
  }
  #check() {
    const onEnd = this.#onEnd;
    if (onEnd === void 0) return;
    try {
      if (this.#wait(false)) return;
    } catch {}
    this.stop();
    onEnd();
  }
};
function lifetime({ expiresAt }, onEnd, runtime = {}) {
  if (expiresAt === void 0) return () => void 0;
  const { now, setTimeout } = runtime;
  const parsed2 = parseRuntime({ logger: runtime.logger, runtime: { now, setTimeout } });
  const failed = () => {
    parsed2.logger.error('lifetime: onEnd failed');
  };
  const watch = new Lifetime(
    expiresAt,
    () => {
      new Promise((resolve) => {
        resolve(onEnd());
      }).catch(failed);
    },
    parsed2,
  );
  return () => {
    watch.stop();
  };
}

// packages/core/src/connection/connection.ts
var forbiddenCloseCode = 4403;
var maxReasonBytes = 123;
function closeReason(text2) {
  const bytes = Buffer.from(text2);
  if (bytes.length <= maxReasonBytes) return text2;
  return new TextDecoder().decode(bytes.subarray(0, maxReasonBytes), { stream: true });
}
function sessionEnd(error) {
  return { message: error().message, error };
}
var ended = sessionEnd(() => new AuthError('session-ended'));
var tokenExpired = sessionEnd(() => new AuthError('invalid-token', { detail: 'JWTExpired' }));
function expired({ method }) {
  return method === 'jwt' ? tokenExpired : ended;
}
var noSocket = () => void 0;
var noTokens = [];
var LiveConnection = class {
  #parts;
  #close;
  #session;
  #end;
  /** The identities of the session's tokens, and of those that the latest attempt brings. */
  #tokens = noTokens;
  #pendingTokens = noTokens;
  #attempts = 0;
  #lifetime;
  #delay;
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
  authenticate(request2, onDelay) {
    return this.#attempt(request2).then((outcome) =>
      'session' in outcome
        ? outcome.session
        : this.#refuse(outcome.error, outcome.delayMs, onDelay),
    );
  }
  async reauthenticate(request2) {
    void this.session;
    const outcome = await this.#attempt(request2);
    if ('error' in outcome) throw outcome.error;
    return outcome.session;
  }
  closed() {
    this.#release();
  }
  /** Whether the connection has a token, or is being authenticated with it. */
  holds(identity) {
    return this.#tokens.includes(identity) || this.#pendingTokens.includes(identity);
  }
  /** Whether its current session fits; false for a connection that has none yet. */
  is(fits2) {
    return this.#session !== void 0 && fits2(this.#session);
  }
  /** Ends the session now and closes the socket in a later tick. */
  end(code, reason = ended.message) {
    const close = this.#close;
    this.#release();
    this.#parts.soon(() => close(code, closeReason(reason)));
  }
  async #attempt(request2) {
    const { resolve, allowsChange, unverifiedTokens: unverifiedTokens2, throttle } = this.#parts;
    const attempt = ++this.#attempts;
    let tokens = noTokens;
    try {
      const view = connectionView(request2, this.#parts);
      tokens = unverifiedTokens2(view).map(tokenIdentity);
      this.#pendingTokens = tokens;
      const { session } = await resolve(view);
      if (this.#end !== void 0) throw this.#end.error();
      if (attempt !== this.#attempts) return { session: this.session };
      if (this.#session !== void 0 && allowsChange(session, this.#session) !== true)
        throw new AuthError('session-change');
      this.#watch(session);
      this.#tokens = tokens;
      return { session };
    } catch (error) {
      return { error, delayMs: isAuthError(error) ? throttle.count(tokens) : 0 };
    } finally {
      if (attempt === this.#attempts) this.#pendingTokens = noTokens;
    }
  }
  /** Delays a repeated refusal; stops early when the socket closes. */
  async #refuse(error, delayMs, onDelay) {
    if (this.#end === void 0) {
      this.#delay = this.#parts.throttle.delay(delayMs);
      if (this.#delay !== void 0) onDelay?.();
      await this.#delay?.over;
      this.#delay = void 0;
    }
    if (this.#session === void 0) this.#release();
    throw error;
  }
  #watch(session) {
    const { expiresAt } = session;
    const { runtime, soon } = this.#parts;
    const next =
      expiresAt === void 0
        ? void 0
        : new Lifetime(
            expiresAt,
            () => {
              soon(() => (this.#session === session ? this.#expire(expired(session)) : void 0));
            },
            runtime,
          );
    this.#lifetime?.stop();
    this.#lifetime = next;
    this.#session = session;
  }
  #expire(why) {
    const close = this.#close;
    this.#release(why);
    return close(forbiddenCloseCode, why.message);
  }
  #release(why = ended) {
    if (this.#end !== void 0) return;
    this.#end = why;
    this.#close = noSocket;
    this.#session = void 0;
    this.#tokens = noTokens;
    this.#pendingTokens = noTokens;
    this.#lifetime?.stop();
    this.#lifetime = void 0;
    this.#delay?.stop();
    this.#parts.forget(this);
  }
};

// packages/core/src/connection/refusal-throttle.ts
var delays = [0, 1e3, 2e3, 4e3, 8e3];
var longestDelay = 8e3;
var forgetAfter = 6e4;
var maxTokens = 1e3;
var maxDelayed = 1e3;
var RefusalThrottle = class {
  #runtime;
  #refused = /* @__PURE__ */ new Map();
  #delayed = 0;
  constructor(runtime) {
    this.#runtime = runtime;
  }
  /** Counts a refusal of tokens, known by their identities, and returns how long to delay it, in milliseconds. */
  count(identities) {
    return Math.max(0, ...identities.map((identity) => this.#countOne(identity)));
  }
  /** Begins a delay; undefined if there are too many already, or if no timer can be set: then it is answered at once. */
  delay(ms) {
    if (ms === 0 || this.#delayed >= maxDelayed) return void 0;
    let end = () => void 0;
    const over = new Promise((resolve) => {
      end = resolve;
    });
    let timer;
    try {
      timer = this.#runtime.setTimeout(end, ms);
    } catch {
      return void 0;
    }
    this.#delayed++;
    return {
      over: over.finally(() => this.#delayed--),
      stop: () => {
        stopTimer(timer);
        end();
      },
    };
  }
  #countOne(identity) {
    const now = this.#now();
    const before = this.#refused.get(identity);
    const count2 = before === void 0 || now - before.at > forgetAfter ? 0 : before.count;
    this.#refused.delete(identity);
    this.#refused.set(identity, { count: count2 + 1, at: now });
    if (this.#refused.size > maxTokens)
      for (const oldest of this.#refused.keys()) {
        this.#refused.delete(oldest);
        break;
      }
    return delays[count2] ?? longestDelay;
  }
  /** The time; without a clock all refusals are at the same one. */
  #now() {
    try {
      return this.#runtime.now();
    } catch {
      return 0;
    }
  }
};

// packages/core/src/connection/rules.ts
import { URL as URL6 } from 'node:url';
function userOf({ method, sessionVariables, claims }) {
  const id = sessionVariables['x-hasura-user-id'];
  const user =
    id === void 0 && claims?.sub === void 0
      ? Object.entries(sessionVariables)
          .filter(([name2]) => name2 !== 'x-hasura-role')
          .sort()
      : [id, claims?.sub];
  return JSON.stringify([method, claims?.iss, user]);
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
        `expected same-role-and-user, same-user or a function, got ${kindOf(value)}`,
      );
  }
}
function isOrigin(value) {
  return typeof value === 'string' && URL6.canParse(value) && new URL6(value).origin === value;
}
function allowedOrigins(value, option = 'allowedOrigins') {
  if (value === void 0) return () => false;
  if (typeof value === 'function') return value;
  if (!Array.isArray(value))
    throw new ConfigError(option, `expected a list of origins or a function, got ${kindOf(value)}`);
  const wrong = value.findIndex((origin) => !isOrigin(origin));
  if (wrong >= 0)
    throw new ConfigError(
      `${option}[${String(wrong)}]`,
      'expected an origin as browsers spell it, such as https://app.example.com, without a path or a slash at the end',
    );
  const origins = new Set(value);
  return (origin) => origins.has(origin);
}

// packages/core/src/connection/connections.ts
var batchSize = 50;
function inBatches(failed) {
  const waiting = [];
  const tick = () => {
    const now = waiting.splice(0, batchSize);
    if (waiting.length > 0) setImmediate(tick);
    for (const run of now)
      try {
        const result = run();
        if (isPromise(result)) result.then(void 0, failed);
      } catch (error) {
        failed(error);
      }
  };
  return (run) => {
    if (waiting.push(run) === 1) setImmediate(tick);
  };
}
function matchesOf(which) {
  recordOf(which, ['role', 'sessionVariable', 'token'], 'disconnect');
  const { role, sessionVariable, token: token2 } = which;
  const checks = [];
  if (role !== void 0) {
    nonEmptyString(role, 'disconnect.role');
    checks.push((one) => one.is((session) => session.role === role));
  }
  if (sessionVariable !== void 0) {
    recordOf(sessionVariable, ['name', 'value'], 'disconnect.sessionVariable');
    const name2 = nonEmptyString(sessionVariable.name, 'disconnect.sessionVariable.name');
    const variable = name2.toLowerCase();
    const value = nonEmptyString(sessionVariable.value, 'disconnect.sessionVariable.value');
    const has = ({ sessionVariables }) =>
      isSessionVariable(variable) && sessionVariables[variable] === value;
    checks.push((one) => one.is(has));
  }
  if (token2 !== void 0) {
    const identity = tokenIdentity(nonEmptyString(token2, 'disconnect.token'));
    checks.push((one) => one.holds(identity));
  }
  if (checks.length === 0)
    throw new ConfigError('disconnect', 'expected a role, a sessionVariable or a token');
  return (one) => checks.every((check) => check(one));
}
function closeCode(code = forbiddenCloseCode) {
  if (typeof code === 'number') {
    if (code === 1e3 || (Number.isInteger(code) && code >= 3e3 && code <= 4999)) return code;
  }
  throw new ConfigError(
    'disconnect.code',
    `expected 1000 or a whole number from 3000 to 4999, got ${kindOf(code)}`,
  );
}
function reasonOf2(error) {
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  } catch {}
  return `threw ${kindOf(error)}`;
}
function createConnections(parts, rules) {
  recordOf(rules, ['allowedOrigins', 'reauthentication'], 'connections');
  const { runtime } = parts;
  const open = /* @__PURE__ */ new Set();
  const reportFailure = (what, error) => {
    runtime.logger.error(`${what} failed: ${reasonOf2(error)}`);
  };
  const shared = {
    ...parts,
    allowsOrigin: allowedOrigins(rules.allowedOrigins),
    allowsChange: sessionChange(rules.reauthentication),
    throttle: new RefusalThrottle(runtime),
    soon: inBatches((error) => {
      reportFailure('closing a connection', error);
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
      recordOf(end, ['code', 'reason'], 'disconnect');
      const matches = matchesOf(which);
      const code = closeCode(end.code);
      const { reason } = end;
      if (reason !== void 0 && typeof reason !== 'string')
        throw new ConfigError('disconnect.reason', `expected a string, got ${kindOf(reason)}`);
      const found = [...open].filter(matches);
      for (const connection of found) connection.end(code, reason);
      return found.length;
    },
    reportFailure,
    get size() {
      return open.size;
    },
  };
}

// packages/core/src/webhook/cache.ts
import { LRUCache } from 'lru-cache';
var decisionOf = ({ decision: decision2 }) => decision2;
var noHookCache = {
  get: (request2, call) => call(request2).then(decisionOf),
  clear: () => void 0,
};
var maxBytes = 33554432;
var overheadBytes = 1200;
var setsCookies = ({ decision: decision2 }) => decision2.headers.length > 0;
var isRefusalWithCookies = (error) => isAuthError(error) && error.headers['Set-Cookie'] !== void 0;
function hookCache(maxEntries, clock) {
  const now = steadyClock(clock);
  const kept = new LRUCache({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: ({ length }, key) => overheadBytes + 2 * (key.length + length),
  });
  let inProgress = /* @__PURE__ */ new Map();
  function begin(key, called) {
    const calls = inProgress;
    calls.set(key, called);
    const ended2 = () => {
      calls.delete(key);
    };
    called.then(ended2, ended2);
    return called.then((decided) => {
      const { keepUntil = 0 } = decided;
      if (calls === inProgress && !setsCookies(decided) && now() < keepUntil)
        kept.set(key, { ...decided, keepUntil });
      return decided.decision;
    });
  }
  return {
    get(request2, call) {
      const key = request2.body ?? JSON.stringify(request2.headers);
      const fresh = kept.get(key);
      if (fresh !== void 0 && now() < fresh.keepUntil) return fresh.decision;
      const called = inProgress.get(key);
      if (called === void 0) return begin(key, call(request2));
      const callAgain = () => call(request2).then(decisionOf);
      return called.then(
        (shared) => (setsCookies(shared) ? callAgain() : shared.decision),
        (error) => {
          if (isRefusalWithCookies(error)) return callAgain();
          throw error;
        },
      );
    },
    clear() {
      kept.clear();
      inProgress = /* @__PURE__ */ new Map();
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

// packages/core/src/jwt/verified-tokens.ts
import { LRUCache as LRUCache2 } from 'lru-cache';
var noVerifiedTokens = {
  get: (_found, _now, verify2) => verify2(),
  clear: () => void 0,
};
var keyLength = 12;
var entryBytes = 400;
function isOf(kept, found) {
  return kept?.at === found.at && kept.token === found.token;
}
function secondSight(places) {
  const seen = new Uint32Array(2 ** Math.ceil(Math.log2(places)));
  return (key) => {
    let print = 2166136261;
    for (let at = 0; at < key.length; at++)
      print = Math.imul(print ^ key.charCodeAt(at), 16777619) >>> 0;
    const place = print & (seen.length - 1);
    if (seen[place] === print) return true;
    seen[place] = print;
    return false;
  };
}
var KeptTokens = class {
  #maxEntries;
  #entries;
  #pending = /* @__PURE__ */ new Map();
  #admits;
  constructor({ maxEntries, maxBytes: maxBytes3 }) {
    this.#maxEntries = maxEntries;
    this.#entries = new LRUCache2({
      maxSize: maxBytes3,
      sizeCalculation: ({ token: token2, verified }) => entryBytes + token2.length + verified.bytes,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.#admits ??= secondSight(this.#entries.size + 1);
      },
    });
  }
  find(key, found) {
    const entry = this.#entries.get(key);
    return isOf(entry, found) ? entry.verified : void 0;
  }
  keep(key, { token: token2, at }, verified) {
    if (verified.problem !== void 0 || this.#admits?.(key) === false) return;
    this.#entries.set(key, { token: detached(token2), at, verified });
    if (this.#entries.size > this.#maxEntries) this.#entries.pop();
  }
  remove(key) {
    this.#entries.delete(key);
  }
  /** The verification of an equal token that is under way. */
  pending(key, found) {
    const pending = this.#pending.get(key);
    return isOf(pending, found) ? pending.verified : void 0;
  }
  /** Keeps a token once it is verified; until then, or until it is refused, equal tokens wait for it too. */
  keepLater(key, found, verifying) {
    const forget = () => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
    const verified = verifying.then((token2) => {
      this.keep(key, found, token2);
      return token2;
    });
    const pending = { ...found, verified };
    this.#pending.set(key, pending);
    verified.then(forget, forget);
    return verified;
  }
};
function verifiedTokens(bounds) {
  let kept = new KeptTokens(bounds);
  function verifyOnce(key, found, verify2) {
    const pending = kept.pending(key, found);
    if (pending !== void 0) return pending;
    const verified = verify2();
    if (isPromise(verified)) return kept.keepLater(key, found, verified);
    kept.keep(key, found, verified);
    return verified;
  }
  return {
    get(found, now, verify2) {
      const [only] = found;
      if (only === void 0 || found.length > 1) return verify2();
      const key = only.token.slice(-keyLength);
      const known = kept.find(key, only);
      if (known === void 0) return verifyOnce(key, only, verify2);
      const goodOrVerified = () => {
        if (known.isGood(now())) return known;
        kept.remove(key);
        return verifyOnce(key, only, verify2);
      };
      const refreshed = known.config.keys.refresh?.();
      return refreshed === void 0 ? goodOrVerified() : refreshed.then(goodOrVerified);
    },
    clear() {
      kept = new KeptTokens(bounds);
    },
  };
}

// packages/core/src/methods/admin-secret.ts
import { createHash as createHash2, timingSafeEqual as timingSafeEqual2 } from 'node:crypto';

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
function observeRole(request2, requested) {
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
  /** Whether a secret is one of these. Each is compared, whichever is equal, so that the time does not depend on it. */
  include(sent) {
    const sentDigest = digest(sent);
    return this.#digests.reduce(
      (found, known) => timingSafeEqual2(known, sentDigest) || found,
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
  observeRole(request2, requested);
  return decision({
    role: requested ?? 'admin',
    variables: gatherVariables(request2.headers()),
    method: 'admin-secret',
    backendOnly: backendOnly(request2),
  });
};

// packages/core/src/jwt/claims.ts
function invalid(detail) {
  return new AuthError('invalid-claims', { detail });
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
  throw new AuthError('invalid-claims', {
    detail: `expecting stringified json at: '${place}', but found: `,
    quoted: text2.slice(0, 200),
  });
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
function variableName(anyCase) {
  const known = knownNames.get(anyCase);
  if (known !== void 0) return known;
  const lowerCase = anyCase.toLowerCase();
  const name2 = isSessionVariable(lowerCase) ? lowerCase : null;
  if (knownNames.size < mostNames2) knownNames.set(anyCase, name2);
  return name2;
}
var FoundClaims = class {
  allowedRoles;
  defaultRole;
  variables = {};
  /** What is wrong with the first variable that is no text. */
  problem;
  /** Names that are no variables, but must not be there twice either. */
  #others;
  has(name2) {
    if (name2 === allowedRolesClaim) return this.allowedRoles !== void 0;
    if (name2 === defaultRoleClaim) return this.defaultRole !== void 0;
    return Object.hasOwn(this.variables, name2) || this.#others?.has(name2) === true;
  }
  set(name2, value) {
    if (name2 === allowedRolesClaim) this.allowedRoles = value;
    else if (name2 === defaultRoleClaim) this.defaultRole = value;
    else this.setVariable(name2, value);
  }
  setVariable(name2, value) {
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
    const name2 = variableName(anyCase);
    if (name2 === null) continue;
    if (claims.has(name2)) throw invalid('x-hasura-* claims: two names are equal in lower case');
    claims.set(name2, object[anyCase]);
  }
  const { variables, problem } = claims;
  const allowedRoles = readAllowedRoles(claims.allowedRoles);
  const defaultRole = readDefaultRole(claims.defaultRole, 'a single role name');
  return { allowedRoles, defaultRole, variables, problem };
}
function mappedClaims({ allowedRoles, defaultRole, others }, payload) {
  const roles = {
    allowedRoles: readAllowedRoles(mappedValue(allowedRoles, payload)),
    defaultRole: readDefaultRole(mappedValue(defaultRole, payload), 'a role'),
  };
  const claims = new FoundClaims();
  for (const claim of others) {
    const value = mappedValue(claim, payload);
    if (value === void 0) throw invalid(`JWT claim from claims_map, ${claim.name} not found`);
    claims.setVariable(claim.name, value);
  }
  const { variables, problem } = claims;
  return { ...roles, variables, problem };
}
function mappedValue(claim, payload) {
  if (claim.kind === 'literal') return claim.value;
  const value = readJsonPath(asEngineWrites(payload, claim.path), claim.path);
  return value === void 0 ? claim.byDefault : value;
}
function asEngineWrites(payload, [first]) {
  const { aud } = payload;
  return first === 'aud' && Array.isArray(aud) && aud.length === 1 ? { aud: aud[0] } : payload;
}
function readAllowedRoles(value) {
  if (value === void 0) throw new AuthError('missing-role-claim', { detail: allowedRolesClaim });
  const problem = `invalid ${allowedRolesClaim}; should be a list of roles: `;
  if (!Array.isArray(value)) throw invalid(problem + encountered('[]', 'Array', value));
  for (const role of value) checkRole(role, problem);
  return value;
}
function readDefaultRole(value, expected) {
  if (value === void 0) throw new AuthError('missing-role-claim', { detail: defaultRoleClaim });
  checkRole(value, `invalid ${defaultRoleClaim}; should be ${expected}: `);
  return value;
}
function checkRole(role, problem) {
  if (typeof role !== 'string') throw invalid(problem + encountered('String', 'String', role));
  if (role === '') throw invalid(`${problem}empty string not allowed`);
}
function readClaims(payload, source) {
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
      const { path: path2, text: text2, format } = source;
      const value = readJsonPath(unregistered(payload), path2);
      if (value === void 0) throw invalid(`claims not found at claims_namespace_path: '${text2}'`);
      return sessionClaims(claimsObject(value, format, `claims_namespace_path ${text2}`));
    }
    case 'map':
      return mappedClaims(source, payload);
  }
}

// packages/core/src/jwt/match-issuer.ts
function unverifiedIssuer({ unverifiedPayload }) {
  return Object.hasOwn(unverifiedPayload, 'iss') ? unverifiedPayload['iss'] : void 0;
}
function byKeyFamily(matches) {
  const [first] = matches;
  const sameIssuer = matches.every(
    ({ token: token2, config }) =>
      config.issuer !== void 0 && config.issuer === first?.config.issuer && token2 === first.token,
  );
  if (!sameIssuer) return void 0;
  return (
    matches.find(
      ({ token: { header }, config }) => header.alg !== 'none' && config.algorithms.has(header.alg),
    ) ?? first
  );
}
function matchIssuer(candidates) {
  const matches = [];
  for (const { token: token2, configs } of candidates) {
    const issuer = unverifiedIssuer(token2);
    for (const config of configs)
      if (config.issuer === void 0 || issuer === void 0 || config.issuer === issuer)
        matches.push({ token: token2, config });
  }
  const [first] = matches;
  if (first === void 0) throw refuseToken('JWTNotInIssuer');
  const match = matches.length === 1 ? first : byKeyFamily(matches);
  if (match === void 0) throw new AuthError('ambiguous-token');
  return match;
}

// packages/core/src/jwt/verified-token.ts
var mostSessions = 4;
var sessionBytes = 250;
var variableBytes = 50;
var none = [];
var VerifiedToken = class {
  config;
  /** What is wrong with a variable of the token, so that it has no sessions. */
  problem;
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
  constructor({ payload, config, key, keyVersion, lifetime: lifetime2, claims }) {
    this.config = config;
    this.#key = key;
    this.#payload = payload;
    this.#validFrom = lifetime2.validFrom;
    this.#expiresAt = lifetime2.expiresAt;
    this.#defaultRole = claims.defaultRole;
    this.#variables = claims.variables;
    this.problem = claims.problem;
    this.#allowedRoles = Object.isFrozen(claims.allowedRoles)
      ? claims.allowedRoles
      : Object.freeze([...claims.allowedRoles]);
    this.#keyVersion = keyVersion;
  }
  /** When the token ends, in ms since the epoch; Infinity if it has no end. */
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
  /** The session for a requested role. Throws the AuthErrors `role-not-allowed` and, only then, `problem`. */
  decide(requested) {
    const wanted = requested ?? this.#defaultRole;
    const first = this.#first;
    if (first?.session.role === wanted) return first;
    for (const other of this.#others) if (other.session.role === wanted) return other;
    const role = chooseRole(requested, this.#defaultRole, this.#allowedRoles);
    if (this.problem !== void 0) throw this.problem;
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

// packages/core/src/methods/jwt.ts
function jwt({ locations, verified, now }) {
  const decoder = new TokenDecoder();
  function candidate({ token: token2, at }) {
    return { token: decoder.decode(token2), configs: at.configs };
  }
  function verify2(found, request2) {
    const { token: token2, config } = matchIssuer(found.map(candidate));
    request2.observe?.({ step: 'match-issuer', outcome: 'one configuration' });
    const { header } = token2;
    if (header.alg === 'none') throw refuseToken('JWSError JWSNoSignatures');
    const keyVersion = config.keys.version;
    const signingKey = andThen(config.keys.find(header), (keys) => {
      if (keys.length === 0) throw refuseToken('JWSError NoUsableKeys');
      if (!config.algorithms.has(header.alg)) throw refuseToken('JWSError JWSInvalidSignature');
      return verifySignature(keys, header.alg, token2);
    });
    return andThen(signingKey, (key) => {
      if (key === void 0) {
        config.keys.signatureFailed(header);
        throw refuseToken('JWSError JWSInvalidSignature');
      }
      const payload = frozenClaims(token2.unverifiedPayload);
      const lifetime2 = checkRegisteredClaims(payload, config, now());
      decoder.remember(token2);
      request2.observe?.({ step: 'verify', outcome: 'verified' });
      const claims = readClaims(payload, config.claims);
      request2.observe?.({ step: 'claims', outcome: 'read' });
      return new VerifiedToken({ payload, config, key, keyVersion, lifetime: lifetime2, claims });
    });
  }
  function decide2(token2, request2) {
    const requested = requestedRole(request2);
    const decided = token2.decide(requested);
    observeRole(request2, requested);
    return decided;
  }
  return (request2) => {
    const found = findTokens(locations, request2);
    if (found.length === 0) return void 0;
    request2.observe?.({ step: 'token-location', outcome: `${String(found.length)} found` });
    const token2 = verified.get(found, now, () => verify2(found, request2));
    return isPromise(token2)
      ? token2.then((later) => decide2(later, request2))
      : decide2(token2, request2);
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
var unsecured = (request2) =>
  decision({
    role: requestedRole(request2) ?? 'admin',
    variables: gatherVariables(request2.headers()),
    method: 'unsecured',
    backendOnly: backendOnly(request2),
  });

// packages/core/src/methods/webhook.ts
import { URL as URL7 } from 'node:url';

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
function inBody(body) {
  if (!Array.isArray(body)) return readOne(body) ?? null;
  const requests = body.map(readOne);
  return requests.every((request2) => request2 !== void 0) ? requests : null;
}
function parsed(json2) {
  if (json2 === null) return null;
  try {
    return JSON.parse(json2);
  } catch {
    return void 0;
  }
}
function inUrl(url) {
  const at = url.indexOf('?');
  if (at === -1) return null;
  const parameters = new URLSearchParams(url.slice(at + 1));
  const variables = parsed(parameters.get('variables'));
  if (variables === void 0) return null;
  const query = parameters.get('query');
  return readOne({ query, operationName: parameters.get('operationName'), variables }) ?? null;
}
var isWithoutBody = (method) => method === 'GET' || method === 'HEAD';
function graphqlRequest({ method, body, url = '' }) {
  return (isWithoutBody(method) ? null : inBody(body)) ?? inUrl(url);
}
var json = /^application\/(?:[\w.+-]+\+)?json\b/i;
function isUnparsed(request2) {
  const { method, body } = request2.source;
  return (
    body === void 0 &&
    !isWithoutBody(method) &&
    (request2.header('transfer-encoding') !== void 0 ||
      Number(request2.header('content-length')) > 0) &&
    json.test(request2.header('content-type') ?? '')
  );
}
function warnOfUnparsedBody({ mode, sendRequestBody }, logger) {
  let isWatching = mode === 'POST' && sendRequestBody;
  return (request2) => {
    if (!isWatching || !isUnparsed(request2)) return;
    isWatching = false;
    logger.warn(
      'authHook: no body parser had read the JSON body of a request, so the hook received "request": null; register the parser before hasuraAuth, or set authHook.sendRequestBody to false',
    );
  };
}

// packages/core/src/webhook/log.ts
var quietMs = 1e4;
var mostProblems = 20;
var wordLength = 60;
function quotedWord(text2) {
  return `"${text2.slice(0, wordLength).replaceAll(/["\\\p{C}\p{Zl}\p{Zp}]/gu, '?')}"`;
}
function mediaType(contentType) {
  return /^[\w.+/-]{1,60}/.exec(contentType ?? '')?.[0] ?? 'without a type';
}
var HookLog = class {
  constructor(origin, logger, now) {
    this.origin = origin;
    this.logger = logger;
    this.#now = steadyClock(now);
  }
  origin;
  logger;
  #problems = /* @__PURE__ */ new Map();
  #now;
  #omitted = 0;
  error(problem) {
    const line = this.#line(problem);
    if (line !== void 0) this.logger.error(line);
  }
  warn(problem) {
    const line = this.#line(problem);
    if (line !== void 0) this.logger.warn(line);
  }
  #line(problem) {
    const now = this.#now();
    const before = this.#problems.get(problem);
    if (before !== void 0 && now - before.at < quietMs) {
      before.repeated++;
      return void 0;
    }
    if (before === void 0 && !this.#hasRoom(now)) {
      this.#omitted++;
      return void 0;
    }
    this.#problems.set(problem, { at: now, repeated: 0 });
    return `auth hook ${this.origin}: ${problem}${this.#counts(before?.repeated ?? 0)}`;
  }
  #hasRoom(now) {
    if (this.#problems.size < mostProblems) return true;
    for (const [problem, { at }] of this.#problems)
      if (now - at >= quietMs) this.#problems.delete(problem);
    return this.#problems.size < mostProblems;
  }
  #counts(repeated) {
    const omitted = this.#omitted;
    this.#omitted = 0;
    return (
      (repeated === 0 ? '' : ` (repeated ${String(repeated)} times)`) +
      (omitted === 0 ? '' : ` (${String(omitted)} other problems were not logged)`)
    );
  }
};

// packages/core/src/webhook/request.ts
var token = /^[!#$%&'*+\-.^_`|~\w]+$/;
var fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
function isCarried(name2, value) {
  return fieldValue.test(value) && token.test(name2);
}
var noHeaders2 = () => /* @__PURE__ */ Object.create(null);
function* headersOf2(request2, listed) {
  if (listed === void 0) {
    yield* request2.headers();
    return;
  }
  for (const name2 of listed) {
    const value = request2.header(name2);
    if (value !== void 0) yield [name2, value];
  }
}
var bytesOf = (value) => (/[^\0-\xff]/.test(value) ? encodedHeader(value) : value);
function forwardedHeaders(request2, listed) {
  const headers = noHeaders2();
  for (const [name2, asSent] of headersOf2(request2.asSent(), listed)) {
    const value = bytesOf(asSent);
    if (isForwarded(name2) && isCarried(name2, value)) headers[name2] = value;
  }
  return headers;
}
function rawHeadersOf({ rawHeaders, raw, req }) {
  return rawHeaders ?? raw?.rawHeaders ?? req?.rawHeaders;
}
function spellings(source) {
  const spelt = /* @__PURE__ */ new Map();
  rawHeadersOf(source)?.forEach((name2, index2) => {
    if (index2 % 2 === 1) return;
    const lowerCaseName = name2.toLowerCase();
    if (!spelt.has(lowerCaseName)) spelt.set(lowerCaseName, name2);
  });
  return spelt;
}
function hostOf(request2) {
  return request2.header('host') ?? request2.header(':authority');
}
function writtenHeaders(request2, listed) {
  const spelt = spellings(request2.source);
  const headers = noHeaders2();
  const host = hostOf(request2);
  if (host !== void 0 && (listed === void 0 || listed.includes('host')))
    headers[spelt.get('host') ?? 'host'] = host;
  for (const [name2, value] of headersOf2(request2, listed))
    if (!name2.startsWith(':')) headers[spelt.get(name2) ?? name2] = value;
  return headers;
}
var jsonHeaders = { 'content-type': 'application/json' };
function bodyOf(headers, source) {
  try {
    return JSON.stringify({ headers, request: graphqlRequest(source) });
  } catch {
    return JSON.stringify({ headers, request: null });
  }
}
function hookRequests({ mode, sendRequestBody, cache }) {
  const listed = cache?.headers;
  if (mode === 'GET')
    return (request2) => ({ method: mode, headers: forwardedHeaders(request2, listed) });
  return (request2) => {
    const headers = writtenHeaders(request2, listed);
    const body = sendRequestBody ? bodyOf(headers, request2.source) : JSON.stringify({ headers });
    return { method: mode, headers: jsonHeaders, body };
  };
}

// packages/core/src/webhook/response.ts
import { parse as parse3 } from '@tusbar/cache-control';
var unreadable2 = (problem) => ({ kind: 'unreadable', problem });
function readHookBody(value, now) {
  if (!isRecord(value)) return unreadable2(`JSON of type ${jsonType(value)}, not Object`);
  const variables = /* @__PURE__ */ new Map();
  const others = /* @__PURE__ */ new Map();
  for (const [anyCase, member] of Object.entries(value)) {
    const name2 = anyCase.toLowerCase();
    if (typeof member !== 'string')
      return unreadable2(
        `its member ${quotedWord(name2)} is of type ${jsonType(member)}, not String`,
      );
    const known = isSessionVariable(name2) ? variables : others;
    if (known.has(name2))
      return unreadable2(`its member ${quotedWord(name2)} occurs in two spellings`);
    known.set(name2, member);
  }
  return {
    kind: 'readable',
    role: variables.get('x-hasura-role') || void 0,
    variables: gatherVariables(variables),
    expiry: hookExpiry(others.get('cache-control'), others.get('expires'), now),
  };
}
function parseHookBody(text2, now) {
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    return unreadable2(text2 === '' ? 'an empty body' : 'no JSON');
  }
  return readHookBody(value, now);
}
var fixedDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
var noExpiry = { expiresAt: void 0, keepUntil: void 0, unreadable: [] };
function timeOf(date) {
  if (date === void 0 || !fixedDate.test(date)) return void 0;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? void 0 : ms;
}
function hookExpiry(cacheControl, expires, now) {
  if (cacheControl === void 0 && expires === void 0) return noExpiry;
  const { noStore, noCache } = parse3(cacheControl);
  const mayKeep = noStore !== true && noCache !== true;
  const seconds = firstAge(cacheControl ?? '') ?? void 0;
  const date = timeOf(expires);
  const expiresAt = seconds === void 0 ? date : now + seconds * 1e3;
  const isUnreadable = {
    'Cache-Control': cacheControl !== void 0 && seconds === void 0 && mayKeep,
    Expires: expires !== void 0 && date === void 0,
  };
  return {
    expiresAt,
    keepUntil: mayKeep ? expiresAt : void 0,
    unreadable: ['Cache-Control', 'Expires'].filter((member) => isUnreadable[member]),
  };
}
var maxBytes2 = 1048576;
function readHookResponse(response) {
  const { status, headers } = response;
  const cookies = headers.getSetCookie();
  const shape = () => `${String(status)} (${mediaType(headers.get('content-type'))})`;
  const read = (text2) => ({ status, text: text2, cookies, shape });
  return readBounded(response, maxBytes2).then(read, (error) => {
    if (status !== 200 || error instanceof OversizedError) return read(void 0);
    throw error;
  });
}

// packages/core/src/methods/webhook.ts
function failure(error) {
  return error instanceof RequestError ? error.message : 'the connection failed';
}
function decide(response, log, now) {
  const unusable = (problem) => {
    log.error(`it answered ${response.shape()}: ${problem}`);
    return new AuthError('hook-invalid-response');
  };
  const { status, text: text2, cookies } = response;
  if (status === 401) throw new AuthError('hook-unauthorized', { cookies });
  if (status !== 200) throw unusable('only 200 and 401 have a meaning');
  if (text2 === void 0) throw unusable('the body is larger than 1 MiB');
  const body = parseHookBody(text2, now);
  if (body.kind === 'unreadable') throw unusable(body.problem);
  const { role, variables, expiry } = body;
  if (role === void 0) {
    log.error(`it answered ${response.shape()}: it contains no x-hasura-role`);
    throw new AuthError('hook-without-role');
  }
  for (const member of expiry.unreadable)
    log.warn(`its member ${member} cannot be read, and counts as absent`);
  const { expiresAt, keepUntil } = expiry;
  const headers = Object.freeze(cookies.map((cookie) => Object.freeze(['Set-Cookie', cookie])));
  return {
    decision: decision({ role, variables, method: 'webhook', expiresAt }, headers),
    keepUntil,
    length: text2.length,
  };
}
function publish(event, start) {
  if (webhookCalls.hasSubscribers)
    webhookCalls.publish({ ...event, durationMs: performance.now() - start });
}
function hookCalls(hook, runtime) {
  const { url, timeoutMs, maxConcurrent } = hook;
  const { origin } = new URL7(url);
  const log = new HookLog(origin, runtime.logger, runtime.now);
  let inProgress = 0;
  const responseTo = (request2) =>
    withDeadline(timeoutMs, runtime.setTimeout, async (signal) =>
      readHookResponse(await sendRequest(runtime.fetch, { url, ...request2 }, signal)),
    );
  async function call(request2) {
    const start = webhookCalls.hasSubscribers ? performance.now() : 0;
    let response;
    try {
      response = await responseTo(request2);
    } catch (error) {
      publish({ origin, outcome: 'failed' }, start);
      log.error(`no answer: ${failure(error)}`);
      throw new AuthError('hook-unreachable', { cause: error });
    }
    const { status } = response;
    try {
      const decided = decide(response, log, runtime.now());
      publish({ origin, status, outcome: 'accepted' }, start);
      return decided;
    } catch (error) {
      publish({ origin, status, outcome: status === 401 ? 'unauthorized' : 'failed' }, start);
      throw error;
    }
  }
  const ended2 = () => {
    inProgress--;
  };
  return (request2) => {
    if (inProgress >= maxConcurrent) {
      log.error(
        `a request was refused because ${String(maxConcurrent)} calls are in progress (authHook.maxConcurrent)`,
      );
      return Promise.reject(new AuthError('hook-busy'));
    }
    inProgress++;
    const called = call(request2);
    called.then(ended2, ended2);
    return called;
  };
}
function webhook(hook, runtime, cache) {
  const requestFor = hookRequests(hook);
  const call = hookCalls(hook, runtime);
  const checkBody = warnOfUnparsedBody(hook, runtime.logger);
  return (request2) => {
    checkBody(request2);
    const { observe } = request2;
    const decided = cache.get(requestFor(request2), call);
    if (observe === void 0) return decided;
    if (!isPromise(decided)) {
      observe({ step: 'webhook', outcome: 'cached response' });
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
function hookCacheOf(mode, { now }) {
  return mode.kind === 'webhook' && mode.hook.cache !== void 0
    ? hookCache(mode.hook.cache.maxEntries, now)
    : noHookCache;
}
function methodsOf({ mode, verified, hookResponses, runtime }) {
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
      const token2 = jwt({ locations, verified, now: runtime.now });
      const first = mode.precedence === 'jwt' ? [token2, adminSession] : [adminSession, token2];
      return [
        secret2,
        ...first,
        refuseOtherSchemes(locations),
        anonymous(mode.anonymous, 'missing-token'),
      ];
    }
    case 'webhook': {
      const secret2 = checkSecret(new AdminSecrets(mode.secrets), void 0);
      return [secret2, adminSession, webhook(mode.hook, runtime, hookResponses)];
    }
  }
}
function tokenLocations(mode) {
  if (mode.kind === 'jwt') return byLocation(mode.jwts);
  return [{ location: { kind: 'authorization' }, configs: [] }];
}
function holdsCredential(mode) {
  const configured =
    mode.kind === 'jwt'
      ? mode.jwts.map(({ location }) =>
          location.kind === 'header' ? location.name : location.kind,
        )
      : mode.kind === 'webhook'
        ? (mode.hook.cache?.headers ?? [])
        : [];
  const names = new Set(configured);
  return (name2) => names.has(name2);
}
function anonymous(access, missing) {
  return access === void 0
    ? refuseAnonymous(missing)
    : unauthenticated(access.role, access.clientVariables);
}
function inOrder(methods, request2, first = 0) {
  for (let at = first; at < methods.length; at++) {
    const answer = methods[at]?.(request2);
    if (answer === void 0) continue;
    if (!isPromise(answer)) return answer;
    return answer.then((later) => later ?? inOrder(methods, request2, at + 1));
  }
  throw new Error('the last method must decide');
}
function createAuthenticator(options) {
  const settings = parseOptions(options);
  const { mode, runtime, errorResponse, realm: realm2, tokenCache } = settings;
  const verified = tokenCache === void 0 ? noVerifiedTokens : verifiedTokens(tokenCache);
  const hookResponses = hookCacheOf(mode, runtime);
  const methods = methodsOf({ mode, verified, hookResponses, runtime });
  const keySources = mode.kind === 'jwt' ? mode.jwts.map(({ keys }) => keys) : [];
  const run = (request2) =>
    decisions.hasSubscribers
      ? observed(() => inOrder(methods, request2))
      : inOrder(methods, request2);
  const refused = (error) => {
    throw isAuthError(error) ? reworded(error, { realm: realm2 }) : error;
  };
  return {
    errorResponse,
    realm: realm2,
    needsBody: mode.kind === 'webhook' && mode.hook.mode === 'POST' && mode.hook.sendRequestBody,
    decide: (request2, observe) => run(anyRequest(request2, observe)),
    async authenticate(request2) {
      try {
        const decided = run(anyRequest(request2));
        return isPromise(decided) ? (await decided).session : decided.session;
      } catch (error) {
        return refused(error);
      }
    },
    async authenticateConnection(request2, allowsOrigin = allowedOrigins(void 0)) {
      const rules = { allowsOrigin, holdsCredential: holdsCredential(mode) };
      return (await run(connectionView(request2, rules))).session;
    },
    connections: (rules = {}) =>
      createConnections(
        {
          resolve: run,
          unverifiedTokens: unverifiedTokens(tokenLocations(mode)),
          holdsCredential: holdsCredential(mode),
          runtime,
        },
        rules,
      ),
    async ready() {
      await Promise.all(keySources.map((source) => source.ready()));
    },
    clear: () => {
      verified.clear();
      hookResponses.clear();
    },
    async close() {
      for (const source of keySources) source.close();
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
    `expected ${what}, got ${kindOf(value)}; without it tokens that were made for others would be let in`,
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
  forbiddenCloseCode,
  isAuthError,
  lifetime,
  optionsFromEnv,
  presets_exports as presets,
};
