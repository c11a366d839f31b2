import { Agent, request } from 'node:http';

/** Sends requests over keep-alive connections, each with another token; fails if a response is not 200. */
export class HttpLoad {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #url: URL;
  #sent = 0;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  #one(): Promise<void> {
    const user = String(++this.#sent);
    const headers = { authorization: `Bearer user-${user}`, cookie: `session=${user}; theme=dark` };
    return new Promise((resolve, reject) => {
      const sending = request(this.#url, { agent: this.#agent, headers }, (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`a response with status ${String(response.statusCode)}`));
        });
      });
      sending.once('error', reject);
      sending.end();
    });
  }

  /** Sends requests at a fixed rate, however long each takes. Resolves after the last response. */
  async atRate(requests: number, perSecond: number): Promise<void> {
    const responses: Promise<void>[] = [];
    const start = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(requests, ((performance.now() - start) / 1000) * perSecond);
        while (responses.length < due) responses.push(this.#one());
        if (responses.length < requests) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    await Promise.all(responses);
  }

  /** Sends requests as fast as they are answered, `concurrency` at a time. */
  async atOnce(requests: number, concurrency: number): Promise<void> {
    let left = requests;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await this.#one();
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  close(): void {
    this.#agent.destroy();
  }
}
