// what tools and readers look for at the end: how many conformance rows ran where, and a plain
// closing line with the count of tests; Jest's own summary goes to stderr
module.exports = class TallyReporter {
  onRunComplete(_contexts, results) {
    for (const file of results.testResults)
      for (const { ancestorTitles, title, status } of file.testResults)
        if (/rows ran$|were refused$/.test(title))
          console.log(`${ancestorTitles[0]}: ${title} (${status})`);
    const skipped = results.numPendingTests + results.numTodoTests;
    // a file that does not load has failed, though none of its tests was counted
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  }
};
