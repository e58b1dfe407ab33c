/** Brings what core has committed to this node's feeds, and what concerns a person to wherever they are. */
import type { Outlet } from '../core/outlet.ts'
import type { Feeds } from '../feed/feeds.ts'
import type { Notes } from '../feed/notes.ts'
import { personTopic } from '../feed/topics.ts'

export function createOutlet(feeds: Feeds, notes: Notes): Outlet {
  return {
    committed: (events) => feeds.accept(events),
    notify: (personId, notice) => {
      notes.publish(personTopic(personId), { kind: 'notice', body: notice })
    },
  }
}
