/** The log: structured lines with no secrets and no message texts; readable in a terminal, JSON elsewhere. */
import { pino } from 'pino'
import { prettyFactory } from 'pino-pretty'

/** What the parts are handed. Facts are flat and small; whatever people wrote is never among them. */
export interface Log {
  debug(facts: object, text: string): void
  info(facts: object, text: string): void
  warn(facts: object, text: string): void
  error(facts: object, text: string): void
  fatal(facts: object, text: string): void
  /** A log whose lines all carry these facts. */
  child(facts: object): Log
}

/** Where finished lines go, each with its line end. */
export interface LogSink {
  write(line: string): void
}

export interface LogOptions {
  readonly level: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
  readonly format: 'pretty' | 'json'
  readonly sink: LogSink
  readonly colour?: boolean
}

// A second line of defence: no part logs these on purpose.
const SECRETS = ['token', 'cookie', 'password', 'secret', 'authorization', 'auth', 'text']

/** Lines are handed to the sink before the call returns, so that the last words of a process are not lost. */
export function createLog({ level, format, sink, colour = false }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRETS.flatMap((name) => [name, `*.${name}`]),
      censor: '[not logged]',
    },
  }
  return pino(options, format === 'json' ? sink : prettified(sink, colour))
}

/** Standard output or error, written to at once. */
export function fileSink(descriptor: 1 | 2): LogSink {
  return pino.destination({ dest: descriptor, sync: true })
}

function prettified(sink: LogSink, colour: boolean): LogSink {
  const prettify = prettyFactory({
    colorize: colour,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return { write: (line) => sink.write(prettify(line)) }
}
