/** A button that opens a small panel beside it; Escape or a press elsewhere closes it. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon-paths.ts'
import styles from './menu.module.css'

export interface MenuProps {
  readonly label: string
  readonly button: ReactNode
  readonly buttonClass?: string | undefined
  /** Which side of the button the panel stands on. */
  readonly place: 'below-start' | 'below-end' | 'above-start' | 'right-end'
  readonly children: (close: () => void) => ReactNode
}

export function Menu({ label, button, buttonClass, place, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const toggle = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      toggle.current?.focus()
    }
    const listening = new AbortController()
    const options = { signal: listening.signal }
    document.addEventListener('pointerdown', outside, options)
    document.addEventListener('focusin', outside, options)
    document.addEventListener('keydown', onKey, options)
    return () => listening.abort()
  }, [open])
  return (
    <div ref={root} className={styles.root} data-holds-focus={open || undefined}>
      <button
        ref={toggle}
        type="button"
        className={buttonClass}
        aria-label={label}
        aria-expanded={open}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div className={classes(styles.panel, styles[place])}>{children(() => setOpen(false))}</div>
      )}
    </div>
  )
}

export interface MenuItemProps {
  readonly icon: IconName
  readonly text: string
  readonly tone?: 'plain' | 'danger'
  onSelect(): void
}

export function MenuItem({ icon, text, tone = 'plain', onSelect }: MenuItemProps) {
  return (
    <button type="button" className={styles.item} data-tone={tone} onClick={onSelect}>
      <Icon name={icon} size={18} />
      {text}
    </button>
  )
}
