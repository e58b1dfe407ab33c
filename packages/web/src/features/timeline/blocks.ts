/** Finds what is code in a message: fenced blocks, and words between backticks. Pure; everything else stays text. */

export type Block = { readonly kind: 'text' | 'code'; readonly text: string }

/** A fence stands at the beginning of a line; what follows the first one is the language's name, which is not shown. */
const FENCED = /(?<![^\n])```[^\n`]*\n([\s\S]*?)\n?```(?=\n|$)\n?/g

/** A message as paragraphs and blocks of code, in order; never empty. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  let done = 0
  for (const match of text.matchAll(FENCED)) {
    const code = match[1] ?? ''
    if (code.trim() === '') continue
    const before = text.slice(done, match.index).replace(/\n$/, '')
    if (before !== '') blocks.push({ kind: 'text', text: before })
    blocks.push({ kind: 'code', text: code })
    done = match.index + match[0].length
  }
  if (done < text.length || blocks.length === 0) {
    blocks.push({ kind: 'text', text: text.slice(done) })
  }
  return blocks
}

const INLINE = /`([^`\n]+)`/g

/** A paragraph as words and pieces of code, in order. */
export function spansOf(text: string): readonly Block[] {
  const spans: Block[] = []
  let done = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > done) spans.push({ kind: 'text', text: text.slice(done, match.index) })
    spans.push({ kind: 'code', text: match[1] ?? '' })
    done = match.index + match[0].length
  }
  if (done < text.length) spans.push({ kind: 'text', text: text.slice(done) })
  return spans
}

const FEW_EMOJI = /^(?:\p{RGI_Emoji}\s?){1,3}$/v

/** One to three emoji and nothing else are a picture rather than words. */
export const isPicture = (text: string): boolean => FEW_EMOJI.test(text)
