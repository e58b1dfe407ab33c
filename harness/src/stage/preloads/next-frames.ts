/** A node of a version whose frames the nodes of today cannot read, and which cannot read theirs: what was published is lost on the other side. */
import { raise } from './rewriting.ts'

raise('/server/src/feed/frame.ts', 'FRAME_VERSION')
