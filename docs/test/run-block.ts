import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { codeBlocks, top, type CodeBlock } from './code-blocks.js';

/** Runs a block as a CommonJS module with these modules and globals, and returns its exports. */
export function runBlock(
  { code }: CodeBlock,
  modules: Readonly<Record<string, unknown>> = {},
  globals: object = {},
): Record<string, unknown> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: Record<string, unknown> = {};
  const require = (name: string): unknown => modules[name];
  runInNewContext(outputText, { ...globals, exports: exported, require });
  return exported;
}

/** A function that is exported by the block of docs/providers.md with that note. */
export function exportedBy(
  note: string,
  name: string,
  modules?: Readonly<Record<string, unknown>>,
  globals?: object,
): (...given: unknown[]) => Promise<unknown> {
  const blocks = codeBlocks(`${top}/docs/providers.md`);
  const block = blocks.find((one) => one.note === note);
  if (block === undefined) throw new Error(`no block is called ${note}`);
  return runBlock(block, modules, globals)[name] as (...given: unknown[]) => Promise<unknown>;
}

/** A function that the block of docs/providers.md with that note defines without exporting it, as a provider runs it. */
export function definedBy(note: string, name: string): (...given: unknown[]) => unknown {
  const block = codeBlocks(`${top}/docs/providers.md`).find((one) => one.note === note);
  if (block === undefined) throw new Error(`no block is called ${note}`);
  const code = `${block.code}\nexports.${name} = ${name};`;
  return runBlock({ ...block, code })[name] as (...given: unknown[]) => unknown;
}
