import { createServer } from 'node:http';
import { describeRevocation, listen, protectedEndpoint } from '@hasura-auth/conformance';
import { backChannelLogoutHandler, hasuraAuth } from '@hasura-auth/express';
import { majors } from './express-majors.js';

for (const [name, express] of majors)
  describeRevocation(name, (options, parsesForms) => {
    const endpoint = protectedEndpoint();
    const app = express();
    // A parser of another type leaves the body to the handler.
    app.use(parsesForms ? express.urlencoded({ extended: false }) : express.json());
    app.post('/logout', backChannelLogoutHandler(options));
    app.use(hasuraAuth({ authenticator: options.authenticator }));
    app.get('/', (req, res) => void res.json(endpoint.answer(req.hasura)));
    return listen(createServer(app), endpoint);
  });
