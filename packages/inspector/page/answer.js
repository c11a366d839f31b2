import { byId, element } from './dom.js';
import { jsonView } from './json-view.js';

/** @typedef {import('../src/server/messages.js').Answer} Answer */
/** @typedef {Answer['explanation']} Explanation */

/** What may be believed of a token that was edited, by who signed it. */
export const signedBy = {
  issuer: 'Signed by the development issuer: your app accepts or refuses this token the same way.',
  secret:
    'Signed with the shared secret of the configuration: your app accepts or refuses this token the same way.',
  nobody:
    'Not verified: the edited claims have no signature of your provider. This is what they would give if your provider signed them.',
};

/**
 * Shows an answer: the verdict, and everything behind it.
 *
 * @param {Answer} answer
 */
export function showAnswer(answer) {
  const { explanation, warnings } = answer;
  const { session, response, steps, token } = explanation;
  showVerdict(byId('verdict', HTMLElement), explanation);
  byId('details', HTMLElement).replaceChildren(
    ...[
      session && card('Session', ...sessionParts(session)),
      card('Each step', timeline(steps, explanation.outcome)),
      response && card('Response', ...responseParts(response, explanation.refusal)),
      warnings.length > 0 &&
        card(
          'Warnings of the configuration',
          list(warnings.map((text) => element('li', {}, text))),
        ),
    ].filter((part) => part instanceof Node),
  );
  const decoded = byId('decoded', HTMLElement);
  decoded.hidden = token === undefined;
  decoded.replaceChildren(
    ...(token === undefined ? [] : [card('Decoded token', ...tokenParts(token))]),
  );
}

/**
 * The outcome in words and colour.
 *
 * @param {HTMLElement} where
 * @param {Explanation} explanation
 */
function showVerdict(where, { outcome, cause, remedy, session, refusal }) {
  const accepted = outcome === 'accepted';
  where.className = `verdict ${outcome}`;
  where.replaceChildren(
    element('h2', {}, headline(outcome, session, refusal)),
    element('p', { class: 'cause' }, cause),
    ...(remedy === undefined
      ? []
      : [element('p', { class: 'remedy' }, element('strong', {}, 'What to change: '), remedy)]),
    ...(accepted || refusal === undefined
      ? []
      : [
          badges([
            ['HTTP status', String(refusal.status)],
            ['Hasura’s status', String(refusal.engineStatus)],
            ['Code', refusal.code],
          ]),
        ]),
  );
}

/**
 * @param {Explanation['outcome']} outcome
 * @param {Explanation['session']} session
 * @param {Explanation['refusal']} refusal
 */
export function headline(outcome, session, refusal) {
  return outcome === 'accepted'
    ? `Accepted with the role ${session?.role ?? 'unknown'}`
    : `Refused: ${refusal?.message ?? 'the decision failed'}`;
}

/** @param {NonNullable<Explanation['session']>} session */
function sessionParts(session) {
  const { role, method, allowedRoles, expiresAt, sessionVariables } = session;
  return [
    badges([
      ['Role', role],
      ['Method', method],
      ...(allowedRoles ? [/** @type {const} */ (['Allowed roles', allowedRoles.join(', ')])] : []),
      ...(expiresAt
        ? [/** @type {const} */ (['Ends', new Date(expiresAt).toLocaleString('en-GB')])]
        : []),
    ]),
    table(
      ['Session variable', 'Value'],
      Object.entries(sessionVariables).map(([name, value]) => [code(name), code(value ?? '')]),
    ),
  ];
}

/**
 * @param {Explanation['steps']} steps
 * @param {Explanation['outcome']} outcome
 */
function timeline(steps, outcome) {
  const items = steps.map(({ step, lookedAt, found, therefore }, index) =>
    element(
      'li',
      { class: index === steps.length - 1 ? outcome : 'passed' },
      element('h3', {}, titleOf(step)),
      element('p', { class: 'seen' }, `Looked at ${lookedAt}. Found: ${found}.`),
      element('p', {}, `Therefore: ${therefore}.`),
    ),
  );
  return element('ol', { class: 'timeline' }, ...items);
}

/** @param {string} step such as `token-location` */
function titleOf(step) {
  const words = step.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {NonNullable<Explanation['response']>} response
 * @param {Explanation['refusal']} refusal
 */
function responseParts({ status, headers, body }, refusal) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}`),
  );
  return [
    element('p', {}, 'What the client gets', refusal ? ` (${refusal.kind})` : '', ':'),
    element(
      'pre',
      { tabindex: '0', role: 'region', 'aria-label': 'Status and headers' },
      [`HTTP/1.1 ${status}`, ...lines].join('\n'),
    ),
    jsonView(parsed(body), 'Response body'),
  ];
}

/**
 * The JSON of a response body, or the text that it is.
 *
 * @param {string} body
 * @returns {unknown}
 */
function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** @param {NonNullable<Explanation['token']>} token */
function tokenParts({ location, header, payload, isVerified }) {
  return [
    badges([
      ['Signature', isVerified ? '✓ verified' : '✗ not verified'],
      ['From', location],
    ]),
    part('header', 'Header', header),
    part('payload', 'Payload', payload),
    element(
      'p',
      { class: 'part part-signature' },
      element('strong', {}, 'Signature'),
      isVerified ? ' checked with a key of the configuration' : ' not checked, or no key fits it',
    ),
  ];
}

/**
 * @param {string} name
 * @param {string} title
 * @param {unknown} value
 */
function part(name, title, value) {
  return element(
    'section',
    { class: `part part-${name}` },
    element('h3', {}, title),
    jsonView(value, `${title} of the token`),
  );
}

/**
 * @param {string} title
 * @param {...Node} children
 */
export function card(title, ...children) {
  return element('article', {}, element('h2', {}, title), ...children);
}

/** @param {readonly (readonly [string, string])[]} pairs */
function badges(pairs) {
  return element(
    'dl',
    { class: 'badges' },
    ...pairs.map(([name, value]) => element('div', {}, ...term(name, value))),
  );
}

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly Node[])[]} rows
 */
export function table(heads, rows) {
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': heads.join(', ') },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
      ),
      element(
        'tbody',
        {},
        ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))),
      ),
    ),
  );
}

/** @param {string} text */
export const code = (text) => element('code', {}, text);

/** @param {readonly HTMLLIElement[]} items */
const list = (items) => element('ul', {}, ...items);

/**
 * @param {string} name
 * @param {string} value
 */
const term = (name, value) => [element('dt', {}, name), element('dd', {}, value)];
