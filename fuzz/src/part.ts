import fc, { type IAsyncProperty } from 'fast-check';

/** One target of the fuzzer, started: what is tried on it, and what must hold when it is over. */
export interface StartedPart {
  readonly property: IAsyncProperty<unknown>;
  /** Ends what was started. Rejects if something that must be gone is still there. */
  finish(): Promise<void>;
}

export interface Part {
  readonly name: string;
  start(): Promise<StartedPart>;
}

export interface PartOutcome {
  readonly name: string;
  readonly inputs: number;
  /** What went wrong; undefined if nothing did. */
  readonly finding: string | undefined;
}

/** Collects what would have ended the process. */
function watchProcess(): { readonly failures: string[]; stop(): void } {
  const failures: string[] = [];
  const exception = (error: unknown): void =>
    void failures.push(`uncaught exception: ${text(error)}`);
  const rejection = (error: unknown): void =>
    void failures.push(`unhandled rejection: ${text(error)}`);
  process.on('uncaughtException', exception).on('unhandledRejection', rejection);
  return {
    failures,
    stop: () => {
      process.off('uncaughtException', exception).off('unhandledRejection', rejection);
    },
  };
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Tries inputs on a part for so long. A failing input is made as small as it gets before it is reported. */
export async function runPart(part: Part, ms: number, seed: number): Promise<PartOutcome> {
  const watch = watchProcess();
  const { property, finish } = await part.start();
  let inputs = 0;
  // The part's own property, but for a run that also fails if the process would have ended.
  const counted = Object.create(property, {
    run: {
      async value(input: unknown) {
        inputs += 1;
        const failure = await property.run(input);
        if (failure !== null) return failure;
        const [first] = watch.failures.splice(0);
        return first === undefined ? null : { error: new Error(first) };
      },
    },
  }) as IAsyncProperty<unknown>;
  const details = await fc.check(counted, {
    seed,
    numRuns: 1_000_000_000,
    interruptAfterTimeLimit: ms,
    markInterruptAsFailure: false,
  });
  const problems: string[] = [];
  if (details.failed) {
    const report = await fc.asyncDefaultReportMessage(details);
    problems.push(`${report ?? ''}\n${text(details.errorInstance)}`);
  }
  await finish().catch((error: unknown) => problems.push(`at the end: ${text(error)}`));
  await new Promise((resolve) => setImmediate(resolve)); // what was about to be reported is reported now
  watch.stop();
  problems.push(...watch.failures);
  return {
    name: part.name,
    inputs,
    finding: problems.length === 0 ? undefined : problems.join('\n'),
  };
}
