/** Listens to the keys of the whole page. */
import { useEffect, useRef } from 'react'
import { type Shortcut, shortcutOf } from './shortcuts.ts'

/** A dialog has its own keys, and what lies under it does not move. */
export function useShortcuts(act: (shortcut: Shortcut) => void): void {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const shortcut = shortcutOf(event, isField(event.target))
      if (!shortcut) return
      event.preventDefault()
      latest.current(shortcut)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('textarea, input, select') !== null
