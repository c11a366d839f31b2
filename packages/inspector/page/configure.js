import { card } from './answer.js';
import { action, ask, byId, copyButton, element, onSubmit } from './dom.js';

/** @typedef {import('../src/server/messages.js').Start} Start */
/** @typedef {Start['providers'][number]} ProviderForm */

const provider = byId('provider', HTMLSelectElement);
const form = byId('form', HTMLSelectElement);
const questions = byId('provider-questions', HTMLElement);
const generated = byId('generated', HTMLElement);

/**
 * Prepares the view.
 *
 * @param {Start} start
 * @param {(text: string) => void} useConfiguration explains by a generated configuration
 */
export function startConfiguring({ providers, forms }, useConfiguration) {
  provider.append(...providers.map(({ name, title }) => element('option', { value: name }, title)));
  form.append(...forms.map(({ name, title }) => element('option', { value: name }, title)));
  const chosen = () => providers.find(({ name }) => name === provider.value);
  const showQuestions = () => {
    questions.replaceChildren(...fields(chosen()?.questions ?? []));
  };
  showQuestions();
  provider.addEventListener('change', () => {
    showQuestions();
    generated.hidden = true; // it is of another provider
  });
  onSubmit(
    byId('provider-form', HTMLFormElement),
    byId('provider-error', HTMLElement),
    async () => {
      generated.hidden = true;
      const answers = Object.fromEntries((chosen()?.questions ?? []).flatMap(answer));
      /** @type {import('../src/server/messages.js').GeneratedConfiguration} */
      const { text, json } = await ask('configuration', {
        provider: provider.value,
        answers,
        form: form.value,
      });
      generated.hidden = false;
      generated.replaceChildren(
        card(
          `Configuration for ${chosen()?.title ?? provider.value}`,
          element(
            'pre',
            { tabindex: '0', role: 'region', 'aria-label': 'Generated configuration' },
            text,
          ),
          element(
            'div',
            { class: 'actions' },
            copyButton(text),
            action('Explain a request with it', () => {
              useConfiguration(json);
            }),
          ),
        ),
      );
    },
  );
}

/** @typedef {ProviderForm['questions'][number]} Question */

/**
 * The fields of a provider: those that have to be filled in, and the others below them.
 *
 * @param {readonly Question[]} asked
 */
function fields(asked) {
  const required = asked.filter((question) => question.required);
  const others = asked.filter((question) => !question.required);
  if (required.length === 0) return others.flatMap(field);
  return [
    ...required.flatMap(field),
    element('details', {}, element('summary', {}, 'Optional'), ...others.flatMap(field)),
  ];
}

/** @param {Question} question */
function field({ name, label, required, help, choices, many, file }) {
  const id = `provider-${name}`;
  const helpId = `${id}-help`;
  const attributes = { id, required, 'aria-describedby': helpId };
  const text = { ...attributes, autocomplete: 'off', spellcheck: 'false' };
  return [
    element('label', { for: id }, label),
    choices !== undefined
      ? element(
          'select',
          attributes,
          ...['', ...choices].map((choice) => element('option', { value: choice }, choice || '–')),
        )
      : file === true || name === 'claims-map'
        ? element('textarea', { ...text, rows: '3' })
        : element('input', text),
    element('small', { id: helpId }, help, many === true && '; several are separated by commas'),
  ];
}

/**
 * The answer to a question by its name; none if its field is empty.
 *
 * @param {Question} question
 * @returns {[string, string | string[]][]}
 */
function answer({ name, many }) {
  const field = document.getElementById(`provider-${name}`);
  if (field === null || !('value' in field)) return [];
  const value = String(field.value).trim();
  const items = value.split(',').map((item) => item.trim());
  return value === '' ? [] : [[name, many === true && items.length > 1 ? items : value]];
}
