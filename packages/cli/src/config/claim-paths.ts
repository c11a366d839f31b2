import { showJsonPath } from '@hasura-auth/core/adapter';
import type { SampleClaims } from './preview.js';

/** A claim that a session variable can be taken from. */
export interface ClaimPath {
  /** The JSON path, as `claims_map` writes it. */
  readonly path: string;
  readonly value: string | readonly string[];
}

/** How deep claims are nested in each other, and how many are listed. */
const mostLevels = 4;
const mostPaths = 100;

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

function visit(value: unknown, steps: readonly string[], found: ClaimPath[]): void {
  if (found.length >= mostPaths) return;
  if (typeof value === 'string' || isTextList(value)) {
    found.push({ path: showJsonPath(steps), value });
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  if (steps.length >= mostLevels) return;
  for (const [name, member] of Object.entries(value)) visit(member, [...steps, name], found);
}

/** The texts and the lists of texts among claims, with their paths. */
export function claimPaths(claims: SampleClaims): readonly ClaimPath[] {
  const found: ClaimPath[] = [];
  visit(claims, [], found);
  return found;
}
