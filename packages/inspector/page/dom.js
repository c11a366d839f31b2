/** @typedef {Node | string | undefined | false} Child */

/**
 * Makes an element. An attribute that is `false` or undefined is left out, and `true` is an empty one.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean | undefined>>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false)
      made.setAttribute(name, value === true ? '' : value);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return found;
}

/**
 * Shows a sentence in an element, or hides the element if there is none.
 *
 * @param {HTMLElement} where
 * @param {string | undefined} sentence
 */
export function say(where, sentence) {
  where.textContent = sentence ?? '';
  where.hidden = sentence === undefined;
}

/**
 * A button of a form's side actions.
 *
 * @param {string} text
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function action(text, onClick) {
  const button = element('button', { type: 'button', class: 'quiet' }, text);
  button.addEventListener('click', onClick);
  return button;
}

/**
 * A button that copies a text to the clipboard, and says so on itself.
 *
 * @param {string} text
 * @param {string} label
 * @returns {HTMLButtonElement}
 */
export function copyButton(text, label = 'Copy') {
  const button = action(label, () => {
    navigator.clipboard.writeText(text).then(
      () => {
        button.textContent = 'Copied';
        button.addEventListener('blur', () => (button.textContent = label), { once: true });
      },
      () => (button.textContent = 'Select and copy the text'),
    );
  });
  return button;
}

/**
 * Sends a question to the page's own server. Rejects with an Error whose message is one sentence.
 *
 * @template Result
 * @param {string} name
 * @param {object} [question]
 * @returns {Promise<Result>}
 */
export async function ask(name, question = {}) {
  const response = await fetch(`api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  }).catch(() => {
    throw new Error('The server of this page does not respond; is it still running?');
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new Error(answer.error ?? `The server of this page responded ${response.status}.`);
  return answer;
}

/**
 * Runs a form's action when the form is submitted; shows what it rejects with, and runs one at a time.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} error
 * @param {() => Promise<void>} run
 */
export function onSubmit(form, error, run) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [button] = form.querySelectorAll('button[type=submit]');
    if (button?.getAttribute('aria-busy') === 'true') return;
    button?.setAttribute('aria-busy', 'true');
    say(error, undefined);
    run()
      .catch((/** @type {unknown} */ reason) => {
        say(error, reason instanceof Error ? reason.message : 'The page failed.');
      })
      .finally(() => button?.removeAttribute('aria-busy'));
  });
}
