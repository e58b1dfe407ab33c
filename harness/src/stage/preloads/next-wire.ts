/** A node of the next version: it speaks the next number of the clients' wire, and serves the one before. */
import { raise } from './rewriting.ts'

raise('/protocol/src/version.ts', 'WIRE_VERSION')
