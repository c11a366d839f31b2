// oidc-provider writes to the console that Node 20 is old and that its store is in memory: both are meant here, and a
// test's output is for what went wrong. Imported before it, since it says the first while it loads.
for (const level of ['info', 'warn'] as const) {
  const write = console[level].bind(console);
  console[level] = (...parts: unknown[]) => {
    if (!String(parts[0]).includes('oidc-provider ')) write(...parts);
  };
}
