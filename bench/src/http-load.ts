import { Agent, request } from 'node:http';

/** Sends requests over kept connections, each by another user, and fails where one is not answered with 200. */
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
          else reject(new Error(`an answer with status ${String(response.statusCode)}`));
        });
      });
      sending.once('error', reject);
      sending.end();
    });
  }

  /** So many requests in all, so many every second, however long each takes. Resolves when the last is answered. */
  async atRate(requests: number, perSecond: number): Promise<void> {
    const answers: Promise<void>[] = [];
    const start = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(requests, ((performance.now() - start) / 1000) * perSecond);
        while (answers.length < due) answers.push(this.#one());
        if (answers.length < requests) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    await Promise.all(answers);
  }

  /** So many requests in all, so many at a time. */
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
