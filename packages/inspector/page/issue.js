import { card } from './answer.js';
import { action, ask, byId, copyButton, element, onSubmit } from './dom.js';
import { colouredToken } from './json-view.js';

/** @typedef {import('../src/server/messages.js').Start} Start */
/** @typedef {import('../src/server/messages.js').IssuerAction} IssuerAction */

const issued = byId('issued', HTMLElement);
/** @param {string} id */
const valueOf = (id) => byId(id, HTMLInputElement).value.trim();

/** @type {Readonly<Record<IssuerAction, string>>} */
const labels = {
  rotate: 'Rotate the key',
  outage: 'Start an outage',
  slow: 'Make it slow',
  recover: 'Recover',
};

/**
 * Prepares the view.
 *
 * @param {NonNullable<Start['issuer']>} issuer
 * @param {(request: string) => void} explain explains a request
 */
export function startIssuing({ name, controls }, explain) {
  byId('tab-issue', HTMLElement).hidden = false;
  byId('issuer-name', HTMLElement).textContent = name;
  onSubmit(byId('issue-form', HTMLFormElement), byId('issue-error', HTMLElement), async () => {
    issued.hidden = true;
    /** @type {{ token: string }} */
    const { token } = await ask('token', {
      role: valueOf('issue-role'),
      roles: listed(valueOf('issue-roles')),
      variables: variables(byId('issue-variables', HTMLTextAreaElement).value),
      expiresIn: Number(valueOf('issue-expires')),
    });
    issued.hidden = false;
    issued.replaceChildren(issuedCard(token, explain));
  });
  byId('controls', HTMLElement).hidden = controls.length === 0;
  byId('control-buttons', HTMLElement).append(
    ...controls.map((control) => action(labels[control], () => void run(control))),
  );
}

/**
 * @param {string} token
 * @param {(request: string) => void} explain
 */
function issuedCard(token, explain) {
  const header = `Authorization: Bearer ${token}`;
  return card(
    'Token',
    element('p', { class: 'strip', id: 'token' }, ...colouredToken(token)),
    element(
      'div',
      { class: 'actions' },
      action('Explain it', () => {
        explain(header);
      }),
      copyButton(token, 'Copy the token'),
      copyButton(`-H '${header}'`, 'Copy for curl'),
    ),
  );
}

/** @param {IssuerAction} control */
async function run(control) {
  const answer = byId('control-answer', HTMLElement);
  try {
    /** @type {{ done: string }} */
    const { done } = await ask('issuer', { action: control });
    answer.textContent = done;
  } catch (error) {
    answer.textContent = error instanceof Error ? error.message : 'The page failed.';
  }
}

/** @param {string} text */
const listed = (text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * The lines `name: value` as an object.
 *
 * @param {string} text
 */
function variables(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      if (colon < 1)
        throw new Error('Session variables: write one a line, as x-hasura-user-id: 1.');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
