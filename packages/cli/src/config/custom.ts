import type { ClaimsMapEntry, JwtSecret } from '@hasura-auth/core';
import type { Answers, Provider } from '@hasura-auth/inspector/reading';
import type { CommandContext } from '../context.js';
import { writeOutcome, writeSession } from '../explain/report.js';
import { outputOn, printable } from '../output.js';
import type { Interviewer } from './ask.js';
import { claimPaths, type ClaimPath } from './claim-paths.js';
import { previewSession, type SampleClaims } from './preview.js';

type ClaimsMap = Record<string, ClaimsMapEntry>;

/** The answer that stands for a text which is written instead of chosen. */
const written = 'written';
const none = 'none';

/** A claim in a list of choices; the value is the person's own, and only its beginning is shown. */
function choiceOf({ path, value }: ClaimPath): { value: string; label: string } {
  const shown = printable(typeof value === 'string' ? value : value.join(', ')).slice(0, 40);
  return { value: path, label: `${path}  (${shown})` };
}

const ofList = (paths: readonly ClaimPath[]): readonly ClaimPath[] =>
  paths.filter(({ value }) => typeof value !== 'string');
const ofText = (paths: readonly ClaimPath[]): readonly ClaimPath[] =>
  paths.filter(({ value }) => typeof value === 'string');

async function askRoles(by: Interviewer, paths: readonly ClaimPath[]): Promise<ClaimsMapEntry> {
  const answer = await by.choice('Which claim has the roles that a user may take?', [
    ...ofList(paths).map(choiceOf),
    { value: written, label: 'none: every user has the same roles' },
  ]);
  if (answer !== written) return { path: answer };
  const text = await by.text('Roles of every user', { help: 'separated by commas' });
  return text.split(',').map((role) => role.trim());
}

async function askDefaultRole(
  by: Interviewer,
  paths: readonly ClaimPath[],
  roles: ClaimsMapEntry,
): Promise<ClaimsMapEntry> {
  const first = typeof roles === 'object' && 'path' in roles ? `${roles.path}[0]` : undefined;
  const answer = await by.choice('Which role has a request that asks for none?', [
    ...ofText(paths).map(choiceOf),
    ...(first === undefined ? [] : [{ value: first, label: `${first}  (the first of the roles)` }]),
    { value: written, label: 'a fixed role' },
  ]);
  if (answer !== written) return { path: answer };
  return await by.text('Default role', { help: 'such as user' });
}

async function askUser(by: Interviewer, paths: readonly ClaimPath[]): Promise<string | undefined> {
  const answer = await by.choice('Which claim identifies the user (x-hasura-user-id)?', [
    ...ofText(paths).map(choiceOf),
    { value: none, label: 'none' },
  ]);
  return answer === none ? undefined : answer;
}

/** Shows on standard error what the configuration makes of the sample. */
export async function writePreview(
  secret: JwtSecret,
  sample: SampleClaims,
  context: CommandContext,
): Promise<void> {
  const output = outputOn(context.stderr, context);
  const explanation = await previewSession(secret, sample, context.now);
  output.line();
  output.line(output.style('bold', 'With the claims of the sample token'));
  writeOutcome(explanation, output);
  writeSession(explanation, output);
  output.line();
}

/** What is known when the session variables are asked for. */
export interface Sampled {
  readonly provider: Provider;
  readonly answers: Answers;
  readonly sample: SampleClaims;
}

/** The claim of a sample that is an object of session variables already, if there is one. */
function namespaceIn(sample: SampleClaims): string | undefined {
  const names = ['x-hasura-allowed-roles', 'x-hasura-default-role'];
  return Object.keys(sample).find((name) => {
    const claim = sample[name];
    return typeof claim === 'object' && claim !== null && names.some((one) => one in claim);
  });
}

/** The answers about claims: a claim that holds the session variables already, or else a map that is asked for. */
export async function askClaims(
  by: Interviewer,
  sampled: Sampled,
  context: CommandContext,
): Promise<Answers> {
  const namespace = namespaceIn(sampled.sample);
  if (namespace === undefined) return { 'claims-map': await askClaimsMap(by, sampled, context) };
  const isUsual = namespace === 'https://hasura.io/jwt/claims';
  return isUsual ? {} : { 'claims-namespace': namespace };
}

/** Asks where session variables come from, one after another, and shows the session that results after each. */
async function askClaimsMap(
  by: Interviewer,
  { provider, answers, sample }: Sampled,
  context: CommandContext,
): Promise<string> {
  const paths = claimPaths(sample);
  const map: ClaimsMap = {};
  const show = async (): Promise<void> => {
    const secret = provider.secret({ ...answers, 'claims-map': JSON.stringify(map) });
    await writePreview(secret, sample, context);
  };
  map['x-hasura-allowed-roles'] = await askRoles(by, paths);
  map['x-hasura-default-role'] = await askDefaultRole(by, paths, map['x-hasura-allowed-roles']);
  await show();
  const user = await askUser(by, paths);
  if (user !== undefined) {
    map['x-hasura-user-id'] = { path: user };
    await show();
  }
  for (;;) {
    const name = await by.text('Another session variable', {
      help: 'such as x-hasura-org-id; empty if there is none',
      optional: true,
      validate: (text) =>
        /^x-hasura-[\w-]+$/i.test(text) ? undefined : 'expected a name such as x-hasura-org-id',
    });
    if (name === '') return JSON.stringify(map);
    const path = await by.choice(`Which claim has ${name}?`, ofText(paths).map(choiceOf));
    map[name.toLowerCase()] = { path };
    await show();
  }
}
