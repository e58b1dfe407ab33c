import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientId, Cursor, Head, Id, LIMITS, Name, Seq, Text } from './index.ts'

const ok = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  assert.ok(schema.safeParse(value).success, JSON.stringify(value))
const no = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  assert.ok(!schema.safeParse(value).success, JSON.stringify(value))

test('a text of the longest length is taken, and one more code unit is refused', () => {
  ok(Text, 'a'.repeat(LIMITS.textCharsMax))
  no(Text, 'a'.repeat(LIMITS.textCharsMax + 1))
})

test('a text keeps any script, emoji, direction and line', () => {
  for (const text of [
    '안녕',
    '👩‍👩‍👧 ⚽',
    'שלום\u200f',
    'a\nb\tc',
    '<b>x</b>',
    '__proto__',
    '\u202eabc',
  ]) {
    ok(Text, text)
    assert.equal(Text.parse(text), text)
  }
})

test('a text that is empty, only space, or that no store keeps is refused', () => {
  for (const text of ['', ' ', '\n\t', '\u3000', 'a\u0000b', '\ud800', 'a\udc00', 5, null, {}])
    no(Text, text)
})

test('a name of the longest length is taken, and one more code unit is refused', () => {
  ok(Name, 'a'.repeat(LIMITS.nameCharsMax))
  no(Name, 'a'.repeat(LIMITS.nameCharsMax + 1))
  no(Name, '')
})

test('a name may be of any script, with emoji', () => {
  for (const name of [
    '김마당',
    'Ana María',
    'عمر',
    '👩‍🚀',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'می‌خواهم',
    "O'Neil",
    '<script>',
    '__proto__',
  ])
    ok(Name, name)
})

const disguises: readonly (readonly [what: string, name: string])[] = [
  ['a right-to-left override', 'abc\u202etxt.exe'],
  ['a right-to-left isolate', 'a\u2067b'],
  ['an Arabic letter mark', 'a\u061cb'],
  ['a left-to-right mark', 'admin\u200e'],
  ['a zero-width space', 'ad\u200bmin'],
  ['a word joiner', 'ad\u2060min'],
  ['a byte order mark', '\ufeffadmin'],
  ['a line break', 'a\nb'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a terminal escape', 'a\u001b[31mb'],
  ['an 8-bit terminal escape', 'a\u009b31mb'],
  ['a NUL', 'a\u0000b'],
  ['a delete', 'a\u007fb'],
  ['space at the start', ' a'],
  ['space at the end', 'a\u3000'],
  ['only space', '   '],
  ['only a Hangul filler', '\u3164'],
  ['only halfwidth fillers', '\uffa0\uffa0'],
  ['only blank Braille', '\u2800'],
  ['only joiners', '\u200d\u200c'],
  ['a lone surrogate', 'a\ud83d'],
]
for (const [what, name] of disguises) {
  test(`a name with ${what} is refused`, () => no(Name, name))
}

test('an id is a lower-case UUID', () => {
  ok(Id, '01890a5d-ac96-774b-bcce-b302099a8057')
  for (const id of ['01890A5D-AC96-774B-BCCE-B302099A8057', 'x', '', '__proto__', 7, null])
    no(Id, id)
})

test('a client id of the longest length is taken, and one more character is refused', () => {
  ok(ClientId, 'a'.repeat(LIMITS.clientIdCharsMax))
  no(ClientId, 'a'.repeat(LIMITS.clientIdCharsMax + 1))
  for (const id of ['', 'a b', 'a:b', 'ä', 'a\n']) no(ClientId, id)
})

test('a seq is a positive whole number that JavaScript counts exactly; a head may be 0', () => {
  ok(Seq, 1)
  ok(Seq, Number.MAX_SAFE_INTEGER)
  ok(Head, 0)
  for (const seq of [0, -1, 1.5, NaN, Infinity, 2 ** 53, '1', null]) no(Seq, seq)
  for (const head of [-1, 0.5, NaN, 2 ** 53, '0']) no(Head, head)
})

test('a cursor is a head, a head of an epoch, or nothing yet', () => {
  for (const cursor of [0, 7, null, { seq: 7, epoch: 'abc1' }]) ok(Cursor, cursor)
  for (const cursor of [
    -1,
    undefined,
    {},
    { seq: 7 },
    { seq: 7, epoch: 'A' },
    { seq: 7, epoch: 'a', x: 1 },
  ])
    no(Cursor, cursor)
})
