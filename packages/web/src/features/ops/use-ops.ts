/** What every part of the operator's page is handed: its words, figures as people write them, and the cluster. */
import { useView } from '@madang/client/react'
import { createContext, use } from 'react'
import type { Language } from '../../preferences.ts'
import { useServices } from '../../services.tsx'
import { createFormat, type Format } from './format.ts'
import type { Live } from './live.ts'
import { en, type OpsWords } from './words-en.ts'
import { ko } from './words-ko.ts'

export const OPS_WORDS: Readonly<Record<Language, OpsWords>> = { ko, en }
const FORMATS: Readonly<Record<Language, Format>> = {
  ko: createFormat('ko'),
  en: createFormat('en'),
}

const useLanguage = (): Language => useView(useServices().preferences).language

export const useOpsText = (): OpsWords => OPS_WORDS[useLanguage()]
export const useFormat = (): Format => FORMATS[useLanguage()]

export const LiveContext = createContext<Live | undefined>(undefined)

export function useLive(): Live {
  const live = use(LiveContext)
  if (!live) throw new Error('a view of the cluster stands outside of LiveContext')
  return live
}
