import { card, code, headline, signedBy, table } from './answer.js';
import { action, ask, copyButton, element, onSubmit } from './dom.js';

/** @typedef {import('../src/server/messages.js').Answer} Answer */
/** @typedef {import('../src/server/messages.js').Question} Question */
/** @typedef {Answer['explanation']} Explanation */

/**
 * The form that changes the role or the claims of a request that was explained, and shows the difference.
 *
 * @param {Question} question
 * @param {Answer} before
 * @returns {HTMLElement}
 */
export function changeCard(question, { explanation: before }) {
  const roles = before.session?.allowedRoles ?? [];
  const role = element('input', {
    id: 'change-role',
    list: 'change-roles',
    autocomplete: 'off',
    placeholder: 'as in the request',
  });
  const payload = before.token?.payload;
  const claims = element('textarea', {
    id: 'change-claims',
    rows: '12',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const original = JSON.stringify(payload, null, 2);
  if (payload !== undefined) claims.value = original;
  const result = element('div', { role: 'status', class: 'difference' });
  const error = element('p', { class: 'error', role: 'alert', hidden: true });
  const form = element(
    'form',
    {},
    element('label', { for: 'change-role' }, 'Requested role (x-hasura-role)'),
    role,
    element(
      'datalist',
      { id: 'change-roles' },
      ...roles.map((value) => element('option', { value })),
    ),
    ...(payload === undefined
      ? []
      : [element('label', { for: 'change-claims' }, 'Claims of the token'), claims]),
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'submit' }, 'Show the difference'),
      action('Reset', () => {
        form.reset();
        claims.value = original ?? '';
        result.replaceChildren();
      }),
    ),
    error,
    result,
  );
  onSubmit(form, error, async () => {
    result.replaceChildren();
    const edited = payload !== undefined && claims.value !== original;
    /** @type {Answer} */
    const answer = await ask('explain', {
      ...question,
      changes: {
        ...(role.value !== '' && { role: role.value }),
        ...(edited && { payload: parsed(claims.value) }),
      },
    });
    result.replaceChildren(...difference(before, answer));
  });
  return card('Change it and compare', form);
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The claims are not JSON; check the commas and the quotes.');
  }
}

/**
 * @param {Explanation} before
 * @param {Answer} answer
 * @returns {Node[]}
 */
function difference(before, { explanation: after, signed }) {
  const assumed = signed?.by === 'nobody';
  const rows = changedRows(facts(before), facts(after));
  return [
    element(
      'div',
      { class: `verdict ${assumed ? 'assumed' : after.outcome}` },
      element('h3', {}, headline(after.outcome, after.session, after.refusal)),
      element('p', {}, after.cause),
      ...(after.remedy === undefined
        ? []
        : [element('p', {}, element('strong', {}, 'What to change: '), after.remedy)]),
      ...(signed === undefined ? [] : [element('p', { class: 'signer' }, signedBy[signed.by])]),
      ...(signed?.token === undefined ? [] : [copyButton(signed.token, 'Copy the new token')]),
    ),
    rows.length === 0
      ? element('p', {}, 'Nothing else changed: the session is the same.')
      : table(['', 'Before', 'After', 'Change'], rows),
  ];
}

/**
 * What an explanation comes to, by name.
 *
 * @param {Explanation} explanation
 * @returns {Map<string, string>}
 */
function facts({ outcome, session, refusal }) {
  return new Map([
    ['outcome', outcome],
    ...(refusal ? /** @type {[string, string][]} */ ([['reason', refusal.reason]]) : []),
    ...(session?.allowedRoles
      ? /** @type {[string, string][]} */ ([['allowed roles', session.allowedRoles.join(', ')]])
      : []),
    ...Object.entries(session?.sessionVariables ?? {}).map(
      ([name, value]) => /** @type {[string, string]} */ ([name, value ?? '']),
    ),
  ]);
}

/**
 * @param {Map<string, string>} before
 * @param {Map<string, string>} after
 */
function changedRows(before, after) {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => {
      const [was, is] = [before.get(name), after.get(name)];
      const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
      return [
        element('strong', {}, name),
        code(was ?? '–'),
        code(is ?? '–'),
        element('span', { class: `change ${kind}` }, kind),
      ];
    });
}
