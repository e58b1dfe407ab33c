/** Finds the web addresses in a message. Pure; everything that is not surely a link stays text. */

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const CANDIDATE = /https?:\/\/[^\s<>"'`]+/giu
/** What ends a sentence rather than an address. */
const TAIL = /[.,;:!?)\]}'"»”’…。、，！？]$/u
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
/** A Korean particle that was written right after a host: `https://example.com에서`. */
const PARTICLE = /^(https?:\/\/[\x21-\x7e]*[a-z0-9])[가-힣]+$/iu

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let done = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = trimTail(match[0])
    const href = linkTo(shown)
    if (href === undefined) continue
    if (match.index > done) tokens.push({ kind: 'text', text: text.slice(done, match.index) })
    tokens.push({ kind: 'link', text: shown, href })
    done = match.index + shown.length
  }
  if (done < text.length) tokens.push({ kind: 'text', text: text.slice(done) })
  return tokens
}

/** A closing bracket belongs to the address where it was opened in it. */
function trimTail(candidate: string): string {
  let shown = candidate
  for (;;) {
    const host = PARTICLE.exec(shown)?.[1]
    if (host !== undefined && !shown.slice(8).includes('/')) shown = host
    const last = TAIL.exec(shown)?.[0]
    if (last === undefined) return shown
    const opener = CLOSERS[last]
    if (opener !== undefined && count(shown, opener) >= count(shown, last)) return shown
    shown = shown.slice(0, -last.length)
  }
}

const count = (text: string, part: string): number => text.split(part).length - 1

/** An address with a user name pretends to be another host: `https://bank.example@evil.example`. */
function linkTo(shown: string): string | undefined {
  const url = URL.parse(shown)
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '') return undefined
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}
