/** Finds the channel that somebody means by a few letters. Pure. */
import type { MyChannel } from '@madang/client'

import { channelName, unreadOf } from '../channels/channels.ts'

/** More than this nobody reads: they type another letter. */
const FOUND_MAX = 30

/** The first consonants of Korean syllables, in the order of Unicode, as a keyboard writes them alone. */
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const FIRST_SYLLABLE = 0xac00
const SYLLABLES_PER_INITIAL = 588

/** `광장` → `ㄱㅈ`: Koreans look for names by these alone. */
export function initialsOf(name: string): string {
  return [...name]
    .map((letter) => {
      if (!/[가-힣]/.test(letter)) return letter
      const at = Math.floor((letter.charCodeAt(0) - FIRST_SYLLABLE) / SYLLABLES_PER_INITIAL)
      return INITIALS[at] ?? letter
    })
    .join('')
}

/** How well a name fits: 0 best, undefined not at all. A half-written syllable fits the whole one: `고` finds `공지`. */
export function fit(name: string, typed: string): number | undefined {
  const wanted = plain(typed.trim())
  if (wanted === '') return 2
  const isInitials = [...wanted].every((letter) => INITIALS.includes(letter))
  const own = isInitials ? initialsOf(name) : plain(name)
  const at = own.indexOf(wanted)
  if (at < 0) return undefined
  return at === 0 ? 0 : 1
}

const plain = (text: string): string => text.toLocaleLowerCase().normalize('NFD')

export function findChannels(
  all: readonly MyChannel[],
  typed: string,
  nobody: string,
): readonly MyChannel[] {
  const name = (channel: MyChannel) => channelName(channel, nobody)
  return all
    .map((channel) => ({ channel, fits: fit(name(channel), typed) }))
    .filter(({ fits }) => fits !== undefined)
    .sort(
      (a, b) =>
        (a.fits ?? 0) - (b.fits ?? 0) ||
        Math.sign(unreadOf(b.channel)) - Math.sign(unreadOf(a.channel)) ||
        name(a.channel).localeCompare(name(b.channel), undefined, { numeric: true }),
    )
    .slice(0, FOUND_MAX)
    .map(({ channel }) => channel)
}
