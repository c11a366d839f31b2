import { createRequire } from 'node:module';
import { join } from 'node:path';
import Koa3 from 'koa';

// Koa 2 is a dependency of the conformance package alone.
const ofConformance = createRequire(join(__dirname, '../../../conformance/package.json'));
const Koa2 = ofConformance('koa2') as typeof Koa3;

/** Both majors. Koa 2 stands here under the types of Koa 3: what the tests call is the same in both. */
export const majors = [
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
] as const;
