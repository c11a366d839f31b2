import * as core from '@hasura-auth/core';
import { codeBlocks, top } from './code-blocks.js';
import { runBlock } from './run-block.js';

const blocks = codeBlocks(`${top}/docs/providers.md`);

/** Each preset with the JSON block below it. */
const documented = blocks.flatMap((block, index) => {
  const json = blocks[index + 1];
  return block.language === 'ts' && json?.language === 'json' ? [{ block, json }] : [];
});

describe('each provider in the document', () => {
  it('the document describes every preset', () => {
    const used = documented.map(({ block }) => /presets\.(\w+)/.exec(block.code)?.[1]);
    expect(used.sort()).toEqual(Object.keys(core.presets).sort());
  });

  it.each(documented)(
    '$block.place returns the configuration in the JSON below it',
    ({ block, json }) => {
      const { jwtSecret } = runBlock(block, { '@hasura-auth/core': core });
      expect(JSON.parse(JSON.stringify(jwtSecret))).toEqual(JSON.parse(json.code));
    },
  );

  it.each(documented)('the JSON of $block.place starts without a warning', ({ json }) => {
    const warn = jest.fn();
    core.createAuthenticator({
      adminSecret: false,
      jwtSecret: json.code,
      logger: { warn, error: warn },
    });
    expect(warn).not.toHaveBeenCalled();
  });

  it('two providers can be used together', async () => {
    const several = blocks.find(({ code }) => code.includes('jwtSecrets:'));
    if (several === undefined) throw new Error('no block has several providers');
    const { authenticator } = runBlock(several, { '@hasura-auth/core': core });
    await expect(
      (authenticator as core.Authenticator).authenticate({ headers: {} }),
    ).rejects.toMatchObject({ kind: 'missing-token' });
  });
});
