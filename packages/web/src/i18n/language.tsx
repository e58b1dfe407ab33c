/** Hands the chosen language's words and dates to every view. */
import { createContext, type ReactNode, use, useMemo } from 'react'
import type { Language } from '../preferences.ts'
import { createDates, type Dates, pickLocale } from './dates.ts'
import { type Catalogue, en } from './en.ts'
import { ko } from './ko.ts'

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { ko, en }

const Words = createContext<Catalogue>(en)
const Calendar = createContext<Dates>(createDates('en'))

export function LanguageProvider(props: { language: Language; children: ReactNode }) {
  const dates = useMemo(
    () => createDates(pickLocale(props.language, navigator.languages)),
    [props.language],
  )
  return (
    <Words value={CATALOGUES[props.language]}>
      <Calendar value={dates}>{props.children}</Calendar>
    </Words>
  )
}

export const useText = (): Catalogue => use(Words)
export const useDates = (): Dates => use(Calendar)
