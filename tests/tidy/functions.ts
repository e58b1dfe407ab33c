// Finds the functions of a file and their lengths, from braces alone.
import { scan } from './scan.ts'
import { lineAt } from './tree.ts'

export interface FunctionSpan {
  readonly name: string
  /** The lines of its head and of its closing brace, counted from 1. */
  readonly from: number
  readonly to: number
}

const CONTROL = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await'])
/** Words that stand between two types, or before one. */
const TYPE_WORDS = new Set([
  'is',
  'asserts',
  'keyof',
  'typeof',
  'readonly',
  'unique',
  'infer',
  'extends',
  'new',
])
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** In the order of their opening braces; a function inside another is listed too. */
export function functionsOf(text: string): readonly FunctionSpan[] {
  return new Finder(scan(text).code).find()
}

class Finder {
  readonly #code: string
  /** Opening bracket ↔ closing bracket, both ways. */
  readonly #partner = new Map<number, number>()
  /** The arrow of an arrow function with a return type → where its parameters open. */
  readonly #heads = new Map<number, number>()

  constructor(code: string) {
    this.#code = code
    const open: number[] = []
    for (let at = 0; at < code.length; at++) {
      const here = code[at] ?? ''
      if ('([{'.includes(here)) open.push(at)
      else if (here in CLOSES && code[open.at(-1) ?? -1] === CLOSES[here]) {
        const from = open.pop() ?? 0
        this.#partner.set(from, at)
        this.#partner.set(at, from)
      }
    }
  }

  find(): readonly FunctionSpan[] {
    const spans = new Map<number, FunctionSpan>()
    for (let at = 0; at < this.#code.length; at++) {
      if (this.#code[at] === ')') this.#afterParameters(at, spans)
      else if (this.#code.startsWith('=>', at)) this.#afterArrow(at, spans)
    }
    return [...spans].sort(([a], [b]) => a - b).map(([, span]) => span)
  }

  /** `)` may end the parameters of a function or method, with or without a return type. */
  #afterParameters(close: number, spans: Map<number, FunctionSpan>): void {
    const open = this.#partner.get(close)
    if (open === undefined) return
    const word = wordBefore(this.#code, open)
    if (CONTROL.has(word)) return
    const next = this.#skipSpace(close + 1)
    let body = -1
    if (this.#code[next] === '{') body = next
    else if (this.#code[next] === ':') body = this.#afterReturnType(next + 1, open)
    if (body !== -1) this.#add(spans, open, body, word === '' ? 'function' : word)
  }

  #afterArrow(arrow: number, spans: Map<number, FunctionSpan>): void {
    const body = this.#skipSpace(arrow + 2)
    const here = this.#code[body] ?? ''
    if (here !== '{' && here !== '(') return
    const head = this.#code.slice(0, arrow).trimEnd()
    const untyped = head.endsWith(')') ? this.#partner.get(head.length - 1) : undefined
    const open = this.#heads.get(arrow) ?? untyped ?? arrow
    const name = /([\w$#]+)\s*(?::[^=;{}]*)?[=:]\s*(?:async\s*)?(?:<[^<>]*>)?\s*$/.exec(
      this.#code.slice(Math.max(0, open - 200), open),
    )?.[1]
    this.#add(spans, open, body, name ?? 'arrow function')
  }

  #add(spans: Map<number, FunctionSpan>, head: number, body: number, name: string): void {
    const end = this.#partner.get(body)
    if (end === undefined) return
    spans.set(body, { name, from: lineAt(this.#code, head), to: lineAt(this.#code, end) })
  }

  /** Where the body opens after a return type that begins at `at`; -1 when this is no function, or an arrow function. */
  #afterReturnType(at: number, open: number): number {
    let last = ':'
    let depth = 0
    let next = this.#skipSpace(at)
    while (next < this.#code.length) {
      const here = this.#code[next] ?? ''
      if (/[\w$'"`#]/.test(here)) {
        const word =
          /^(?:[\w$.#]+|(['"`]) *\1)/.exec(this.#code.slice(next, next + 200))?.[0] ?? here
        const isGlued =
          /(?:[\w$)\]}'"]|[^=]>|^>)$/.test(last) && !TYPE_WORDS.has(last) && !TYPE_WORDS.has(word)
        if (isGlued) return -1
        last = word
        next += word.length
      } else if (here === '{' && !/[:|&<,(?=]$|=>$/.test(last) && !TYPE_WORDS.has(last)) {
        return next
      } else if ('([{'.includes(here)) {
        const close = this.#partner.get(next)
        if (close === undefined) return -1
        last = this.#code[close] ?? ''
        next = close + 1
      } else if (this.#code.startsWith('=>', next)) {
        if (last !== ')') {
          this.#heads.set(next, open)
          return -1
        }
        last = '=>'
        next += 2
      } else {
        if (here === '<') depth++
        if (here === '>') depth--
        if (depth < 0 || (depth === 0 && !'|&<>?:'.includes(here))) return -1
        last = here
        next++
      }
      next = this.#skipSpace(next)
    }
    return -1
  }

  #skipSpace(at: number): number {
    let next = at
    while (/\s/.test(this.#code[next] ?? '')) next++
    return next
  }
}

function wordBefore(code: string, at: number): string {
  const before = code.slice(Math.max(0, at - 200), at)
  return /([\w$#]+)\s*(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>)?\s*$/.exec(before)?.[1] ?? ''
}
