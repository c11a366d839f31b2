import type { Explanation } from '@hasura-auth/core';
import { printable, type Output } from '../output.js';

/** JSON of a token, indented, in lines that a terminal shows as they are. */
function jsonLines(value: unknown): string[] {
  return (JSON.stringify(value, undefined, 2) ?? 'unreadable').split('\n').map(printable);
}

function writeSteps({ steps }: Explanation, output: Output): void {
  output.line(output.style('bold', 'Steps'));
  steps.forEach(({ step, lookedAt, found, therefore }, index) => {
    output.line(`${String(index + 1).padStart(3)}. ${output.style('cyan', step)}`);
    output.line(`     looked at: ${printable(lookedAt)}`);
    output.line(`     found:     ${printable(found)}`);
    output.line(`     therefore: ${printable(therefore)}`);
  });
}

function writeToken({ token }: Explanation, output: Output): void {
  if (token === undefined) return;
  const { location, header, payload, isVerified } = token;
  output.line();
  output.line(
    `${output.style('bold', 'Token')} in ${printable(location)}, ${
      isVerified
        ? output.style('green', 'signature verified')
        : output.style('yellow', 'signature not verified: anyone can have written it')
    }`,
  );
  for (const line of jsonLines(header)) output.line(`  ${line}`);
  for (const line of jsonLines(payload)) output.line(`  ${line}`);
}

/** Writes the session of an accepted request. */
export function writeSession({ session }: Explanation, output: Output): void {
  if (session === undefined) return;
  const { expiresAt, sessionVariables, method } = session;
  output.line();
  output.line(output.style('bold', 'Session'));
  output.table([
    ['  proven by', method],
    ...Object.entries(sessionVariables).map(([name, value]) => [
      `  ${printable(name)}`,
      printable(value ?? ''),
    ]),
    ...(expiresAt === undefined ? [] : [['  ends', new Date(expiresAt).toISOString()]]),
  ]);
}

/** The body of a response; the one of an app's own function need not be JSON. */
function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

/** Writes the response to a rejected request. */
export function writeResponse({ refusal, response }: Explanation, output: Output): void {
  if (refusal === undefined) return;
  output.line();
  output.line(output.style('bold', 'Response to the client'));
  output.line(
    `  status ${String(refusal.status)}; Hasura's REST endpoints answer ${String(refusal.engineStatus)}`,
  );
  if (response === undefined) return;
  for (const [name, value] of Object.entries(response.headers))
    for (const one of [value].flat()) output.line(`  ${printable(`${name}: ${one}`)}`);
  for (const line of jsonLines(parsedBody(response.body))) output.line(`  ${line}`);
}

/** Writes whether a request is accepted, why, and what to change. */
export function writeOutcome({ outcome, cause, remedy }: Explanation, output: Output): void {
  const style = outcome === 'accepted' ? 'green' : 'red';
  output.line(`${output.style(style, outcome)}: ${printable(cause)}`);
  if (remedy !== undefined)
    output.line(`${output.style('bold', 'what to change')}: ${printable(remedy)}`);
}

/** Writes an explanation for a person: the outcome and what to change first, then how it came to it. */
export function writeExplanation(explanation: Explanation, source: string, output: Output): void {
  writeOutcome(explanation, output);
  output.line(output.style('dim', `configuration: ${printable(source)}`));
  output.line();
  writeSteps(explanation, output);
  writeToken(explanation, output);
  writeSession(explanation, output);
  writeResponse(explanation, output);
}
