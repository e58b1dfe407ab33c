import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDates, pickLocale } from './dates.ts'

const at = (iso: string): number => Date.parse(iso)
const NOON = at('2026-03-10T03:00:00Z') // noon in Seoul

test('days are the reader’s, not UTC’s', () => {
  const seoul = createDates('ko-KR', 'Asia/Seoul')
  assert.equal(seoul.dayKey(at('2026-03-09T15:30:00Z')), '2026-03-10')
  assert.equal(createDates('en', 'UTC').dayKey(at('2026-03-09T15:30:00Z')), '2026-03-09')
})

test('today and yesterday have names, other days a date', () => {
  const ko = createDates('ko-KR', 'Asia/Seoul')
  const en = createDates('en-GB', 'Asia/Seoul')
  assert.deepEqual([ko.day(NOON, NOON), en.day(NOON, NOON)], ['오늘', 'Today'])
  assert.deepEqual(
    [ko.day(NOON - 86_400_000, NOON), en.day(NOON - 86_400_000, NOON)],
    ['어제', 'Yesterday'],
  )
  assert.equal(en.day(at('2026-02-01T03:00:00Z'), NOON), 'Sunday 1 February')
  assert.match(en.day(at('2025-12-31T03:00:00Z'), NOON), /31 December 2025/)
  assert.match(ko.day(at('2025-12-31T03:00:00Z'), NOON), /2025년 12월 31일/)
})

test('a minute past midnight, the evening before is yesterday', () => {
  const en = createDates('en', 'Asia/Seoul')
  assert.equal(en.day(at('2026-03-09T14:59:00Z'), at('2026-03-09T15:01:00Z')), 'Yesterday')
})

test('the day before a clock change is yesterday, too', () => {
  const berlin = createDates('en', 'Europe/Berlin')
  assert.equal(berlin.day(at('2026-03-28T22:30:00Z'), at('2026-03-29T21:30:00Z')), 'Yesterday')
})

test('times are written as the reader’s region writes them', () => {
  assert.equal(
    createDates(pickLocale('en', ['de', 'en-GB']), 'UTC').time(at('2026-01-01T14:05:00Z')),
    '14:05',
  )
  assert.match(
    createDates(pickLocale('en', ['ko']), 'UTC').time(at('2026-01-01T14:05:00Z')),
    /^2:05/,
  )
  assert.equal(
    createDates(pickLocale('ko', ['en', 'ko-KR']), 'UTC').time(at('2026-01-01T14:05:00Z')),
    '오후 2:05',
  )
})

test('beside a time that says the half of the day, the clock alone is enough', () => {
  const afternoon = at('2026-03-10T05:05:00Z')
  assert.equal(createDates('ko-KR', 'Asia/Seoul').clock(afternoon), '2:05')
  assert.equal(createDates('en-US', 'Asia/Seoul').clock(afternoon), '2:05')
  assert.equal(createDates('en-GB', 'Asia/Seoul').clock(afternoon), '14:05')
})

test('where nothing says the half of the day, all languages count to 24', () => {
  const [midnight, afternoon] = [at('2026-03-09T15:00:00Z'), at('2026-03-10T05:05:00Z')]
  for (const locale of ['ko-KR', 'en-US', 'en-GB']) {
    const { ofDay } = createDates(locale, 'Asia/Seoul')
    assert.deepEqual([ofDay(midnight), ofDay(afternoon)], ['00:00', '14:05'])
  }
})
