/** What a page is told of its own life. */

export interface PageParts {
  /** It is closed, put aside for "back", or frozen: from here on nothing runs, and nothing may be held. */
  away(): void
  /** It goes on after all. */
  back(): void
  /** Somebody looks at it again. */
  awake(): void
}

/** Returns the way to stop. */
export type WatchPage = (parts: PageParts) => () => void

export const watchPage: WatchPage = ({ away, back, awake }) => {
  const shown = (): void => {
    if (document.visibilityState === 'visible') awake()
  }
  const listeners = [
    [window, 'pagehide', away],
    [window, 'pageshow', back],
    [document, 'freeze', away],
    [document, 'resume', back],
    [document, 'visibilitychange', shown],
  ] as const
  for (const [target, name, heard] of listeners) target.addEventListener(name, heard)
  return () => {
    for (const [target, name, heard] of listeners) target.removeEventListener(name, heard)
  }
}
