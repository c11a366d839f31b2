import { createRequire } from 'node:module';
import { join } from 'node:path';
import express5 from 'express';

// Express 4 is a dependency of the conformance package alone.
const ofConformance = createRequire(join(__dirname, '../../../conformance/package.json'));
const express4 = ofConformance('express4') as typeof express5;

/** Both majors. Express 4 stands here under the types of Express 5: what the tests call is the same in both. */
export const majors = [
  ['Express 4', express4],
  ['Express 5', express5],
] as const;
