/** Loads a module into a node before anything of its own: faults that come from inside, without a line in the server for their sake. */

export type PreloadName = 'clock' | 'crash' | 'next-wire' | 'next-frames'

const PRELOADS: Readonly<Record<PreloadName, URL>> = {
  clock: new URL('./clock.ts', import.meta.url),
  crash: new URL('./crash.ts', import.meta.url),
  'next-wire': new URL('./next-wire.ts', import.meta.url),
  'next-frames': new URL('./next-frames.ts', import.meta.url),
}

/** What is added to a node's settings. */
export const preloading = (name: PreloadName): { readonly NODE_OPTIONS: string } => ({
  NODE_OPTIONS: `--import=${PRELOADS[name].href}`,
})
