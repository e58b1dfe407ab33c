/**
 * The contract of the real parts that tests need: a browser, brokers, databases, proxies. Each part is a sibling of this file, listed in `parts.ts`.
 *
 * A test that needs a part asks `need(part)` and is skipped, by name and counted, where the machine has none. Where REQUIRE_SERVICES=1 is set nothing
 * is skipped: a missing part is a failure.
 */

export interface Part {
  /** As people call it: 'Chromium'. */
  readonly name: string
  /** What is not tested without it: 'the web app in a browser'. */
  readonly neededFor: string
  /** Looks for it, cheaply. Never rejects. */
  find(): Promise<Found | Missing>
}

export interface Found {
  readonly found: true
  /** The binary. */
  readonly path: string
  /** Where it was found: '$CHROMIUM_BIN', 'PATH', ... */
  readonly from: string
  /** What has to be in its environment, beside the tests' own. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Missing {
  readonly found: false
  /** For a person: 'not found'. */
  readonly why: string
  /** For a person: 'install chromium'. */
  readonly remedy: string
}

/** A part that tests run a server of. */
export interface Service<Options = object> extends Part {
  /** On a free loopback port, with its data in a folder of its own. Rejects with what the server said when it does not come up. */
  start(options?: Options): Promise<Running>
}

export interface Running {
  readonly host: string
  readonly port: number
  /** What a client is given to reach it. */
  readonly url: string
  readonly pid: number
  /** Ends the server as a crash would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port and data. */
  restart(): Promise<void>
  /** Stops it and removes its data. Calling it twice is calling it once. */
  stop(): Promise<void>
}

export const isRequired = (): boolean => process.env.REQUIRE_SERVICES === '1'

/** The reason that stands behind a skipped test, and in the summary. */
export function reasonOf(part: Part, missing: Missing): string {
  return `${part.name} ${missing.why}; ${missing.remedy}`
}

/**
 * For the head of a test file: `const browser = await need(chromium)`, then `test('...', { skip: browser.skip }, ...)`.
 * `at` throws where there is nothing, so a test that was not skipped cannot run without its part.
 */
export async function need(
  part: Part,
): Promise<{ readonly skip: string | false; readonly at: () => Found }> {
  const answer = await part.find()
  if (!answer.found && isRequired()) throw new Error(`required: ${reasonOf(part, answer)}`)
  return {
    skip: answer.found ? false : reasonOf(part, answer),
    at() {
      if (!answer.found) throw new Error(reasonOf(part, answer))
      return answer
    },
  }
}
