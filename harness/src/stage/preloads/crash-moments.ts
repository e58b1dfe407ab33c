/** Where in an append a node can be made to die. */

export const CRASH_MOMENTS = ['before-commit', 'after-commit', 'before-publish'] as const
export type CrashMoment = (typeof CRASH_MOMENTS)[number]
