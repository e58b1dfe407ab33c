import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bars } from './bars.ts'

test('every value has a bar inside the picture, and words are escaped', () => {
  const svg = bars({
    title: 'a < b & "c"',
    series: ['one', 'two'],
    groups: [
      { name: 'first', values: [0.5, 11] },
      { name: 'second', values: [20_000, Number.NaN] },
    ],
  })
  const heights = [...svg.matchAll(/<rect x="[^"]+" y="([\d.]+)" width="[^"]+" height="([\d.]+)"/g)]
  assert.equal(heights.length, 4 + 2)
  for (const [, y, height] of heights)
    assert.ok(Number(y) > 30 && Number(y) + Number(height) <= 320)
  assert.ok(svg.includes('a &lt; b &amp; &quot;c&quot;') && svg.includes('>20,000<'))
})
