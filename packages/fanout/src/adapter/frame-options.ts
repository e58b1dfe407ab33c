/** The options of an emit, to and from a frame. */
import type { BroadcastOptions } from 'socket.io-adapter'
import { flags, type WireFrame } from './wire.ts'

export function optionsOf(frame: WireFrame): BroadcastOptions {
  return {
    // Numbers stay numbers, as they do in stock Socket.IO for those who write JavaScript.
    rooms: new Set(frame.rooms as readonly string[]),
    except: new Set(frame.except as readonly string[]),
    flags: {
      ...((frame.flags & flags.volatile) !== 0 && { volatile: true }),
      ...((frame.flags & flags.uncompressed) !== 0 && { compress: false }),
    },
  }
}

export function flagsOf(opts: BroadcastOptions): number {
  const volatile = opts.flags?.volatile === true ? flags.volatile : 0
  return volatile | (opts.flags?.compress === false ? flags.uncompressed : 0)
}
