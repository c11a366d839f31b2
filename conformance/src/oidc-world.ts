import { Agent, request } from 'node:http';
import type { JWK } from 'jose';
import { virtualClock, type Clock, keptLog, type KeptLog } from '@hasura-auth/testkit';

import { discover } from './oidc-login.js';
import { oidcApi, startOidcServer, type OidcServer } from './oidc-server.js';

import { startThreeApps, type ThreeApps } from './three-apps.js';

/** An identity provider in real time, and three apps in virtual time that trust it. */
export interface OidcWorld {
  readonly provider: OidcServer;
  readonly apps: ThreeApps;
  readonly clock: Clock;
  readonly log: KeptLog;
  close(): Promise<void>;
}

/** Starts a provider that signs with one key, and three apps that know it by its discovery document. */
export async function startOidcWorld(key: JWK, cacheControl: string): Promise<OidcWorld> {
  const provider = await startOidcServer({ keys: [key], cacheControl });
  const { issuer, jwks_uri = '' } = (await discover(provider.issuer)).serverMetadata();
  // the provider lives in real time: the apps are an hour ahead, so that nothing was issued in their future
  const clock = virtualClock(Date.now() + 3_600_000);
  const log = keptLog();
  const apps = await startThreeApps({
    adminSecret: 'the secret of this test',
    jwtSecret: {
      jwk_url: jwks_uri,
      issuer,
      audience: oidcApi,
      extra_required_claims: ['issuer', 'audience', 'exp'],
    },
    logger: log.logger,
    runtime: { now: clock.now, setTimeout: clock.setTimeout },
  });
  return {
    provider,
    apps,
    clock,
    log,
    async close() {
      await apps.close();
      await provider.close();
    },
  };
}

/** What the apps answer: a session, or a refusal. */
export interface Body {
  readonly role?: string;
  readonly sessionVariables?: Readonly<Record<string, string>>;
  readonly errors?: readonly { readonly message: string }[];
}

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** Connections are kept: thousands of requests would use up the ports. Idle ones do not keep the process alive. */
const agent = new Agent({ keepAlive: true });

/** Asks an app, with a token. */
export function get(
  url: string,
  token: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  const headers = { ...more, authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Body });
      });
    })
      .once('error', reject)
      .end();
  });
}

export interface Traffic {
  /** How long, in virtual time. */
  readonly seconds: number;
  readonly perSecond?: number;
}

export interface Tally {
  readonly sent: number;
  readonly refused: readonly Answer[];
}

/** One request after the other, in turn to each app and with each token. */
export async function traffic(
  { apps, clock }: OidcWorld,
  { seconds, perSecond = 50 }: Traffic,
  tokens: readonly string[],
): Promise<Tally> {
  const refused: Answer[] = [];
  const sent = seconds * perSecond;
  for (let count = 0; count < sent; count++) {
    const app = apps.all[count % apps.all.length];
    const token = tokens[count % tokens.length];
    if (app === undefined || token === undefined) throw new Error('nothing to send');
    const answer = await get(app.url, token);
    if (answer.status !== 200) refused.push(answer);
    clock.advance(1000 / perSecond);
  }
  return { sent, refused };
}

/** A token whose `kid` is in no key set, so that its signature does not matter. */
export function unknownKidToken(issuer: string, kid: string): string {
  const part = (content: object): string =>
    Buffer.from(JSON.stringify(content)).toString('base64url');
  const payload = { iss: issuer, aud: oidcApi, exp: Math.floor(Date.now() / 1000) + 86_400 };
  return `${part({ alg: 'RS256', kid })}.${part(payload)}.${part({})}`;
}
