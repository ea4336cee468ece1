/* What evaluation lets people choose from. Apart from the contracts, so a page can read its address without loading their schemas. */

/** The causes of a correction that a reviewer or an editor can name (S85). */
export const CAUSES = ['data', 'prompt', 'routing', 'validation', 'model'] as const;

/** What corrections are counted under. `unattributed`: no cause is confirmed, and no rule names one. */
export const CAUSE_GROUPS = [...CAUSES, 'unattributed'] as const;

/** `tune` is for improving a prompt or a model. `gate` is only for judging: no export for tuning has it. */
export const SPLITS = ['tune', 'gate'] as const;

export const ITEM_SOURCES = ['hand', 'csv', 'sample', 'run', 'correction'] as const;

export const PAIR_OUTCOMES = ['worse', 'both-fail', 'both-pass', 'better'] as const;
