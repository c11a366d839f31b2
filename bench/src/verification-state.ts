/** Whether tokens were verified before, or each is verified and nothing kept. */
export type TokenState = 'warm' | 'cold';

/** What a process that measures one algorithm sends: each contender's rounds. */
export type SentRounds = readonly (readonly [name: string, microseconds: readonly number[]])[];
