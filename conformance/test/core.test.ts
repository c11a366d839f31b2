import { describeCoreConformance } from '../src/describe-core-conformance.js';

describeCoreConformance();
