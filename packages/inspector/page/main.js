import { startConfiguring } from './configure.js';
import { ask, byId, say } from './dom.js';
import { explainBy, explainRequest, startExplaining } from './explain.js';
import { startIssuing } from './issue.js';

const tabs = [...document.querySelectorAll('[role=tab]')].filter(
  (tab) => tab instanceof HTMLButtonElement,
);

/** @param {HTMLButtonElement} chosen */
function open(chosen) {
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute('aria-selected', String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    byId(tab.getAttribute('aria-controls') ?? '', HTMLElement).hidden = !isChosen;
  }
}

// The keys of tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
for (const tab of tabs) {
  tab.addEventListener('click', () => {
    open(tab);
  });
  tab.addEventListener('keydown', ({ key }) => {
    const shown = tabs.filter(({ hidden }) => !hidden);
    const at = shown.indexOf(tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
    const target = next === undefined ? undefined : shown.at(next % shown.length);
    if (target === undefined) return;
    open(target);
    target.focus();
  });
}

const explainTab = byId('tab-explain', HTMLButtonElement);

/** A request in the address: `#request=…`, which no browser sends to a server. */
function explainFragment() {
  const request = new URLSearchParams(location.hash.slice(1)).get('request');
  if (request === null) return;
  history.replaceState(null, '', location.pathname); // so that it is not kept in the history
  open(explainTab);
  explainRequest(request);
}

try {
  /** @type {import('../src/server/messages.js').Start} */
  const start = await ask('start');
  startExplaining(start.configuration);
  startConfiguring(start, (text) => {
    open(explainTab);
    explainBy(text);
  });
  if (start.issuer)
    startIssuing(start.issuer, (request) => {
      open(explainTab);
      explainRequest(request);
    });
  explainFragment();
  window.addEventListener('hashchange', explainFragment);
} catch (error) {
  say(
    byId('failure', HTMLElement),
    error instanceof Error ? error.message : 'The page could not start.',
  );
}
