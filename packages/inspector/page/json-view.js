import { element } from './dom.js';

/** Registered claims that are times (RFC 7519, section 4.1), in seconds since the epoch. */
const times = new Set(['exp', 'nbf', 'iat', 'auth_time']);
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * A time as people say it: the date, and how far away it is.
 *
 * @param {number} seconds since the epoch
 */
function spoken(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'no time';
  const distance = seconds - Date.now() / 1000;
  const [unit, size] = units.find(([, least]) => Math.abs(distance) >= least) ?? ['second', 1];
  return `${date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}, ${relative.format(Math.round(distance / size), unit)}`;
}

/**
 * JSON with indentation and a class for each kind of value; times have a note.
 *
 * @param {unknown} value
 * @param {string} label what the JSON is, for screen readers
 * @returns {HTMLPreElement}
 */
export function jsonView(value, label) {
  return element(
    'pre',
    { class: 'json', tabindex: '0', role: 'region', 'aria-label': label },
    ...written(value, '\n'),
  );
}

/**
 * @param {unknown} part
 * @param {string} lineBreak a line feed and the indentation
 * @returns {(Node | string)[]}
 */
function written(part, lineBreak) {
  if (typeof part !== 'object' || part === null)
    return [element('span', { class: part === null ? 'null' : typeof part }, JSON.stringify(part))];
  const list = Array.isArray(part);
  const members = Object.entries(part);
  const flat = members.length === 0 || (list && JSON.stringify(part).length < 48);
  const inner = flat ? '' : `${lineBreak}  `;
  const lines = members.map(([key, member], index) => [
    inner,
    ...(list ? [] : [element('span', { class: 'key' }, JSON.stringify(key)), ': ']),
    ...written(member, inner),
    index === members.length - 1 ? '' : flat ? ', ' : ',',
    ...(typeof member === 'number' && !list && times.has(key)
      ? [element('span', { class: 'note' }, `  ${spoken(member)}`)]
      : []),
  ]);
  return [list ? '[' : '{', ...lines.flat(), flat ? '' : lineBreak, list ? ']' : '}'];
}

/**
 * The three parts of a token, in the colours of their decoded forms.
 *
 * @param {string} token
 * @returns {(HTMLElement | string)[]}
 */
export function colouredToken(token) {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [
    element('span', { class: 'part-header' }, header),
    '.',
    element('span', { class: 'part-payload' }, payload),
    '.',
    element('span', { class: 'part-signature' }, signature),
  ];
}

/**
 * The first token in a text.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function tokenIn(text) {
  return /(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]*(?![\w.-])/.exec(text)?.[0];
}
