/** Every bound that is the tabs' own. */

export const TAB_BOUNDS = {
  /** A tab asks whoever holds the client for a sign of life this often, in ms. Background tabs are slower: browsers slow their timers. */
  pingMs: 2_000,
  /** Questions in a row without an answer after which the host counts as gone: 6 s from its last word. */
  silentPingsMax: 2,
  /** A tab that finds nobody looks again after this long, in ms, ... */
  seekMsBase: 1_000,
  /** ... and at last this long: whoever is slow must not be taken for dead by ten tabs at a time. */
  seekMsMax: 30_000,
  /** Questions in a row that nobody answers, after which another host is made or found. */
  hellosMax: 3,
  /** A tab that has not been heard of for this long, in ms, has gone without a word: five turns of the slowest timer that browsers allow. */
  tabSilenceMsMax: 300_000,
  /** A worker that has not said a word this long after it was started, in ms, will not: the tabs choose a leader instead. */
  workerStartMsMax: 10_000,
  /** Those who miss the leader take the lead after anything up to this long, in ms, so that one of them does. */
  stealMsMax: 2_000,
  /** A leader that finds that nothing ran here for this long, in ms, asks whether it still leads before it says anything to the server. */
  unsureMsMin: 3_000,
  /** How often a leader looks whether time has jumped, in ms. */
  aliveMs: 1_000,
  /** Channels without an opener whose last view a tab keeps, so that going back to one shows it at once. */
  closedViewsMax: 20,
  /** A call that is made again waits for the new host's connection this long, in ms. */
  onlineMsMax: 10_000,
} as const
