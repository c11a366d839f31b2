// A classic script in the head: the theme is known before the page is first painted.
(() => {
  const themes = ['system', 'light', 'dark'];
  const key = 'hasura-auth-inspector-theme';

  /** The kept theme; a browser that keeps nothing for this page has the system's. */
  const kept = () => {
    try {
      return localStorage.getItem(key) ?? 'system';
    } catch {
      return 'system';
    }
  };
  /** @param {string} theme */
  const apply = (theme) => {
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
    else delete document.documentElement.dataset['theme'];
  };

  let theme = kept();
  apply(theme);
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    if (button === null) return;
    const show = () => {
      button.textContent = `Theme: ${theme}`;
    };
    show();
    button.addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
      apply(theme);
      show();
      try {
        localStorage.setItem(key, theme);
      } catch {
        // The theme then lasts as long as the page.
      }
    });
  });
})();
