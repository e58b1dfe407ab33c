/** Moves the focus from message to message, and does what a key says to the one that has it. */
import type { KeyboardEvent } from 'react'
import { messageKey } from './message-keys.ts'

/** What is written in, or lies over the list, has its own keys. */
const OWN_KEYS = 'textarea, input, dialog'

export function walk(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget: list } = event
  if (!(target instanceof Element) || target.closest(OWN_KEYS)) return
  const key = messageKey(event.nativeEvent)
  const at = target.closest('article')
  if (!key || (!at && key !== 'older' && key !== 'leave')) return
  // Enter and the space bar are the buttons'; nothing else of theirs is taken.
  event.preventDefault()
  if (key === 'leave') document.getElementById('composer')?.focus()
  else if (key === 'edit' || key === 'delete') press(at, key)
  else beside(list, at, key === 'older' ? -1 : 1)?.focus()
}

/** The button is there only where the reader may. */
function press(message: Element | null, deed: string): void {
  message?.querySelector<HTMLElement>(`[data-deed="${deed}"]`)?.click()
}

/** Without one to start from, the lowest that can be seen. */
function beside(list: Element, at: HTMLElement | null, by: 1 | -1): HTMLElement | undefined {
  const all = [...list.querySelectorAll('article')]
  if (at) return all[all.indexOf(at) + by]
  const { bottom } = list.getBoundingClientRect()
  return all.findLast((each) => each.getBoundingClientRect().top < bottom)
}
