// Tells code from strings, comments and regular expressions, without a parser: enough of one to count braces and words.

export interface Scan {
  /** The text with everything that is not code blanked: same length, same lines. Quotes stay, what they hold goes. */
  readonly code: string
  /** The text with everything but comments blanked. */
  readonly comments: string
}

/** After one of these words a slash begins a regular expression. */
const BEFORE_REGEX =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)$/
const NAME = /[\w$]/

export function scan(text: string): Scan {
  return new Scanner(text).run()
}

class Scanner {
  readonly #text: string
  readonly #code: string[]
  readonly #comments: string[]
  /** For each open template literal: how many braces are open inside its present `${`. */
  readonly #templates: number[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#code = text.split('')
    this.#comments = text.replace(/[^\n]/g, ' ').split('')
  }

  run(): Scan {
    while (this.#at < this.#text.length) this.#step()
    return { code: this.#code.join(''), comments: this.#comments.join('') }
  }

  #step(): void {
    const here = this.#text[this.#at] ?? ''
    const next = this.#text[this.#at + 1] ?? ''
    if (here === '/' && next === '/') this.#comment(this.#indexOf('\n'))
    else if (here === '/' && next === '*') this.#comment(this.#indexOf('*/', 2) + 2)
    else if ((here === "'" || here === '"') && !this.#isApostrophe()) this.#string(here)
    else if (here === '`') this.#template()
    else if (here === '/' && this.#startsRegex(next)) this.#regex()
    else if (here === '{' || here === '}') this.#brace(here)
    else this.#at++
  }

  #indexOf(what: string, skip = 0): number {
    const found = this.#text.indexOf(what, this.#at + skip)
    return found === -1 ? this.#text.length : found
  }

  #comment(end: number): void {
    const stop = Math.min(end, this.#text.length)
    for (let at = this.#at; at < stop; at++) this.#comments[at] = this.#text[at] ?? ''
    this.#blank(stop)
  }

  /** In the text of JSX a quote follows a letter; in formatted code it never does. */
  #isApostrophe(): boolean {
    return /[A-Za-z]/.test(this.#text[this.#at - 1] ?? '')
  }

  #string(quote: string): void {
    let end = this.#at + 1
    while (end < this.#text.length && this.#text[end] !== quote && this.#text[end] !== '\n') {
      end += this.#text[end] === '\\' ? 2 : 1
    }
    this.#at++
    this.#blank(end)
    this.#at++
  }

  /** From a backtick, or from the brace that ends a `${...}`, to the next `${` or the closing backtick. */
  #template(): void {
    this.#code[this.#at] = this.#text[this.#at] === '`' ? '`' : ' '
    let end = this.#at + 1
    while (end < this.#text.length && this.#text[end] !== '`') {
      if (this.#text[end] === '$' && this.#text[end + 1] === '{') {
        this.#at++
        this.#blank(end + 2)
        this.#templates.push(0)
        return
      }
      end += this.#text[end] === '\\' ? 2 : 1
    }
    this.#at++
    this.#blank(end)
    this.#at++
  }

  #brace(brace: string): void {
    const open = this.#templates.at(-1)
    if (open !== undefined && brace === '}' && open === 0) {
      this.#templates.pop()
      this.#template()
      return
    }
    if (open !== undefined) {
      this.#templates[this.#templates.length - 1] = open + (brace === '{' ? 1 : -1)
    }
    this.#at++
  }

  #startsRegex(next: string): boolean {
    if (next === '>') return false
    const before = this.#code
      .slice(Math.max(0, this.#at - 40), this.#at)
      .join('')
      .trimEnd()
    const last = before.at(-1) ?? '('
    if (last === '<') return false
    if (NAME.test(last)) return BEFORE_REGEX.test(before)
    return !`)]}'"\``.includes(last)
  }

  #regex(): void {
    let inClass = false
    let end = this.#at + 1
    for (; end < this.#text.length && this.#text[end] !== '\n'; end++) {
      const here = this.#text[end]
      if (here === '\\') end++
      else if (here === '[') inClass = true
      else if (here === ']') inClass = false
      else if (here === '/' && !inClass) break
    }
    this.#at++
    this.#blank(end)
    this.#at++
  }

  #blank(end: number): void {
    for (; this.#at < end && this.#at < this.#text.length; this.#at++) {
      if (this.#text[this.#at] !== '\n') this.#code[this.#at] = ' '
    }
  }
}
