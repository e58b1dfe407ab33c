/** Figures as people of a language write them, short enough for a wall. */
import type { Language } from '../../preferences.ts'

export interface Format {
  count(value: number): string
  /** Per second, without the unit. */
  rate(value: number): string
  bytes(value: number): string
  ms(value: number | undefined): string
  /** Days and hours, hours and minutes, minutes, or seconds. */
  span(ms: number): string
  percent(part: number): string
  cores(value: number): string
}

const NONE = '–'
const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte']

export function createFormat(language: Language): Format {
  const number = (options: Intl.NumberFormatOptions) => {
    const made = new Intl.NumberFormat(language, options)
    return (value: number) => made.format(value)
  }
  const whole = number({ maximumFractionDigits: 0 })
  const tenth = number({ maximumFractionDigits: 1 })
  const percent = number({ style: 'percent', maximumFractionDigits: 0 })
  const sized = UNITS.map((unit) =>
    number({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }),
  )
  const timed = (unit: string) => number({ style: 'unit', unit, unitDisplay: 'narrow' })
  const [days, hours, minutes, seconds] = ['day', 'hour', 'minute', 'second'].map(timed)
  const ms = number({ style: 'unit', unit: 'millisecond', maximumFractionDigits: 1 })
  const wholeMs = number({ style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 })
  return {
    count: whole,
    rate: (value) => (value < 10 ? tenth(value) : whole(value)),
    bytes(value) {
      // `Intl` has the whole word for a single byte, and no plural of it.
      if (value < 1_000) return `${whole(value)} B`
      const power = Math.min(UNITS.length, Math.floor(Math.log10(value) / 3))
      return (sized[power - 1] ?? whole)(value / 1_000 ** power)
    },
    ms: (value) => {
      if (value === undefined) return NONE
      return value < 10 ? ms(value) : wholeMs(value)
    },
    span(value) {
      const all = Math.floor(value / 1_000)
      const [d, h, m] = [Math.floor(all / 86_400), Math.floor(all / 3_600), Math.floor(all / 60)]
      if (d > 0) return `${days?.(d)} ${hours?.(h % 24)}`
      if (h > 0) return `${hours?.(h)} ${minutes?.(m % 60)}`
      return (m > 0 ? minutes?.(m) : seconds?.(all)) ?? NONE
    },
    percent,
    cores: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  }
}
