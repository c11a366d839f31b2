import { showAnswer } from './answer.js';
import { changeCard } from './change.js';
import { action, ask, byId, onSubmit, say } from './dom.js';
import { colouredToken, tokenIn } from './json-view.js';

/** @typedef {import('../src/server/messages.js').Answer} Answer */

const form = byId('question', HTMLFormElement);
const request = byId('request', HTMLTextAreaElement);
const configuration = byId('configuration', HTMLTextAreaElement);
const pasted = byId('configuration-pasted', HTMLElement);
const choice = byId('configuration-choice', HTMLElement);
const verdict = byId('verdict', HTMLElement);
const invitation = [...verdict.childNodes];

/** @returns {boolean} whether the pasted configuration is the one to explain by */
const usesPasted = () => new FormData(form).get('configuration-of') === 'pasted';

/** @param {'app' | 'pasted'} which */
function choose(which) {
  for (const input of choice.querySelectorAll('input')) input.checked = input.value === which;
  pasted.hidden = which === 'app';
}

/** Shows the text of the request again, behind the field, with the parts of its token in three colours. */
function colour() {
  const coloured = byId('coloured', HTMLElement);
  const text = request.value;
  const token = tokenIn(text);
  const at = token === undefined ? text.length : text.indexOf(token);
  coloured.replaceChildren(
    text.slice(0, at),
    ...(token === undefined ? [] : [...colouredToken(token), text.slice(at + token.length)]),
    '\n', // a last line that is empty has a height as in the field
  );
  coloured.scrollTop = request.scrollTop;
}

function forgetAnswer() {
  verdict.className = 'verdict';
  verdict.replaceChildren(...invitation);
  for (const id of ['details', 'decoded', 'change']) byId(id, HTMLElement).replaceChildren();
  byId('decoded', HTMLElement).hidden = true;
}

async function explain() {
  const question = {
    request: request.value,
    ...(usesPasted() && { configuration: configuration.value }),
  };
  try {
    /** @type {Answer} */
    const answer = await ask('explain', question);
    showAnswer(answer);
    byId('change', HTMLElement).replaceChildren(changeCard(question, answer));
    verdict.scrollIntoView({ block: 'nearest' });
  } catch (error) {
    forgetAnswer(); // an older answer beside a new mistake would be read as the answer to it
    throw error;
  }
}

/**
 * Prepares the view.
 *
 * @param {import('../src/server/messages.js').Start['configuration']} own whose configuration the server has
 */
export function startExplaining(own) {
  choice.hidden = own === undefined;
  byId('own-configuration', HTMLElement).textContent =
    own === 'issuer' ? 'The development issuer’s' : 'This app’s';
  choose(own === undefined ? 'pasted' : 'app');
  choice.addEventListener('change', () => {
    choose(usesPasted() ? 'pasted' : 'app');
  });
  byId('examples', HTMLElement).append(
    ...examples.map(([name, title]) => action(title, () => void explainExample(name))),
  );
  onSubmit(form, byId('question-error', HTMLElement), explain);
  request.addEventListener('input', colour);
  request.addEventListener('scroll', colour);
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  byId('clear', HTMLElement).addEventListener('click', () => {
    request.value = '';
    colour();
    say(byId('question-error', HTMLElement), undefined);
    forgetAnswer();
    request.focus();
  });
  colour(); // the browser may have kept the text over a reload
}

/**
 * Fills in a request and explains it.
 *
 * @param {string} text
 */
export function explainRequest(text) {
  request.value = text;
  colour();
  form.requestSubmit();
}

/** @type {readonly (readonly [string, string])[]} */
const examples = [
  ['no-claims', 'a token without Hasura claims'],
  ['expired', 'an expired token'],
  ['role', 'a role that is not allowed'],
];

/** @param {string} name */
async function explainExample(name) {
  /** @type {import('../src/server/messages.js').Example} */
  const example = await ask('example', { name });
  configuration.value = example.configuration;
  choose('pasted');
  explainRequest(example.request);
}

/**
 * Fills in a configuration to explain by; explains at once if there is a request.
 *
 * @param {string} text
 */
export function explainBy(text) {
  configuration.value = text;
  choose('pasted');
  if (request.value.trim() !== '') form.requestSubmit();
  else request.focus();
}
