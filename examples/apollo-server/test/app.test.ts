import { describeGraphqlApp, describeQueriesOverSocket } from '../../test/graphql-app.js';
import { startApp } from '../src/app.js';

describeQueriesOverSocket(describeGraphqlApp(startApp));
