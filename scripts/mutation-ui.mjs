// The globals that Jest gives to tests, for Mocha. Mutation testing runs under Mocha because it loads modules and tests
// once, where Jest does so for every mutant: a quarter of an hour instead of hours.
import { expect } from 'expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import Mocha from 'mocha';

const mocker = new ModuleMocker(globalThis);

Mocha.interfaces['jest-like'] = (suite) => {
  Mocha.interfaces.bdd(suite);
  suite.on('pre-require', (context) => {
    context.it.each = bind(context.it);
    context.describe.each = bind(context.describe, false);
    context.beforeAll = context.before;
    context.afterAll = context.after;
    context.expect = expect;
    context.jest = { fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker) };
  });
};
