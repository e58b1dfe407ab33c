/** Dates and times as people of a language write them. */
import type { Language } from '../preferences.ts'

export interface Dates {
  /** `14:05`, or `오후 2:05`. */
  time(at: number): string
  /** As `time`, without the half of the day: for where it stands beside others that say it. */
  clock(at: number): string
  /** `14:05` in every language: for the foot of a chart, where nothing says the half of the day. */
  ofDay(at: number): string
  /** As `time`, with the seconds. */
  seconds(at: number): string
  /** Today, yesterday, or the whole date with its weekday. */
  day(at: number, now: number): string
  /** Everything, for a tooltip. */
  full(at: number): string
  /** The same text for all moments of one calendar day, in the reader's zone. */
  dayKey(at: number): string
  /** The machine's form, for `<time datetime>`. */
  machine(at: number): string
}

/** The reader's own region of the language, where the browser names one: `en-GB` writes 14:05, `en-US` 2:05 PM. */
export function pickLocale(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language
}

/** `timeZone` is the system's own unless given. */
export function createDates(locale: string, timeZone?: string): Dates {
  const zone = timeZone === undefined ? {} : { timeZone }
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...zone })
  const seconds = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...zone })
  const ofDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', hourCycle: 'h23', ...zone })
  const key = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...zone })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium', ...zone })
  const thisYear = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...zone,
  })
  const otherYear = new Intl.DateTimeFormat(locale, { dateStyle: 'full', ...zone })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const dayKey = remembered((at) => key.format(at))
  return {
    time: (at) => time.format(at),
    clock: (at) =>
      time
        .formatToParts(at)
        .filter(({ type }) => type === 'hour' || type === 'minute')
        .map(({ value }) => value)
        .join(':'),
    ofDay: (at) => ofDay.format(at),
    seconds: (at) => seconds.format(at),
    full: (at) => full.format(at),
    machine: (at) => new Date(at).toISOString(),
    dayKey,
    day(at, now) {
      const days = daysBetween(dayKey(at), dayKey(now))
      if (days === 0 || days === -1) return capitalize(relative.format(days, 'day'))
      return dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4)
        ? thisYear.format(at)
        : otherYear.format(at)
    },
  }
}

/** Every zone is a whole number of these away from UTC, so that no day begins within one. */
const QUARTER_HOUR_MS = 900_000
/** Ten weeks of quarters of an hour. */
const QUARTERS_MAX = 7_000

/** A long list asks for the day of every message with every change, and formatting is slow. */
function remembered(dayOf: (at: number) => string): (at: number) => string {
  const known = new Map<number, string>()
  return (at) => {
    const quarter = Math.floor(at / QUARTER_HOUR_MS)
    let day = known.get(quarter)
    if (day === undefined) {
      if (known.size >= QUARTERS_MAX) known.clear()
      day = dayOf(at)
      known.set(quarter, day)
    }
    return day
  }
}

/** Whole calendar days from `to` back to `from`, both `yyyy-mm-dd`; yesterday is -1. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(from) - Date.parse(to)) / 86_400_000)
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
