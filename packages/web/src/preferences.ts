/** What a person chose for this browser: the language and the theme. */
import type { View } from '@madang/client'
import type { Keep } from './keep.ts'
import { createValue } from './value.ts'

export const LANGUAGES = ['ko', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface Preferences {
  readonly language: Language
  readonly theme: Theme
}

export interface PreferencesValue extends View<Preferences> {
  change(part: Partial<Preferences>): void
}

/** The first language of the browser's list that we speak; English where it names none. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0]
    const known = LANGUAGES.find((language) => language === primary)
    if (known) return known
  }
  return 'en'
}

export function createPreferences(keep: Keep, wanted: readonly string[]): PreferencesValue {
  const value = createValue<Preferences>({
    language: oneOf(LANGUAGES, keep.get('language')) ?? pickLanguage(wanted),
    theme: oneOf(THEMES, keep.get('theme')) ?? 'system',
  })
  return {
    snapshot: value.snapshot,
    subscribe: value.subscribe,
    change(part) {
      if (part.language) keep.set('language', part.language)
      if (part.theme) keep.set('theme', part.theme)
      value.set({ ...value.snapshot(), ...part })
    },
  }
}

function oneOf<T extends string>(all: readonly T[], text: string | undefined): T | undefined {
  return all.find((each) => each === text)
}
